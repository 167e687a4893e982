"""The caller's basket over the API: what is put in on a desk is in the portal, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_line_is_put_in_counted_and_taken_out(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any], browser: Callable[..., Client]
) -> None:
    buyer = programme(cast.colleague)
    wanted = {"slot_id": office.slot.pk, "part_number": "106R03512", "quantity": 1}
    buyer.put("/basket/lines", wanted)
    answer = buyer.put("/basket/lines", wanted | {"quantity": 3})
    assert answer.status_code == 200, answer.content
    (line,) = answer.json()["lines"]
    assert (line["slot_id"], line["quantity"], line["name"]) == (office.slot.pk, 3, "Black toner")
    assert (line["unit_price"]["amount_minor"], line["amount"]["amount_minor"]) == (16495, 49485)
    assert (line["is_ready"], line["why_not"], line["site"]["name"]) == (True, None, "Main")
    assert "Basket (1)" in browser(cast.colleague, "en-ca").get(reverse("orders")).content.decode()
    assert buyer.delete(f"/basket/lines/{line['id']}").json()["lines"] == []
    assert buyer.delete(f"/basket/lines/{line['id']}").status_code == 404


def test_what_the_portal_put_in_is_ordered_here_once(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    buyer = programme(cast.owner)
    basket = buyer.get("/basket").json()
    (parcel,) = basket["parcels"]
    assert parcel["line_ids"] == [office.basket_line.pk]
    assert basket["portal_url"].endswith("/basket/")
    wanted = {
        "submission_key": str(uuid4()),
        "expected": [{"site_id": parcel["site"]["id"], "total_minor": parcel["total"]["amount_minor"]}],
        "purchase_order_number": "PO-12",
    }
    first, again = buyer.post("/basket/check-out", wanted), buyer.post("/basket/check-out", wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert [one["id"] for one in first.json()["items"]] == [one["id"] for one in again.json()["items"]]
    assert buyer.get("/basket").json()["lines"] == []


def test_another_total_than_was_shown_orders_nothing(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    wanted = {"submission_key": str(uuid4()), "expected": [{"site_id": office.printer.site_id, "total_minor": 1}]}
    answer = programme(cast.owner).post("/basket/check-out", wanted)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "basket_changed"
    assert len(programme(cast.owner).get("/basket").json()["lines"]) == 1


def test_what_was_ordered_since_says_so(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    """P31. The office ordered black toner for this printer after the line was put in."""
    office.basket_line.put_at = office.order.placed_at.replace(hour=1)
    office.basket_line.save()
    (line,) = programme(cast.owner).get("/basket").json()["lines"]
    assert line["why_not"] == f"Ordered today by Owner: 1 (order {office.order.number})."
    assert programme(cast.owner).get("/basket").json()["parcels"] == []
    french = programme(cast.owner, "fr-CA").get("/basket").json()["lines"][0]["why_not"]
    assert french == f"Commandé aujourd’hui par Owner\u00a0: 1 (commande {office.order.number})."
