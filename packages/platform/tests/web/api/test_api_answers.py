"""What the API answers to those who may ask: shapes, words in two languages, an order placed once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.django_db


def test_who_am_i(cast: SimpleNamespace, programme: Callable[..., Any]) -> None:
    answer = programme(cast.owner).get("/me")
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["customer"] == {"id": cast.erable.pk, "name": "Érable inc."}
    assert said["dealer"]["name"] == "Papeterie du Port"
    assert (said["may_order"], said["may_ask_for_repair"]) == (True, True)
    assert programme(cast.viewer).get("/me").json()["may_order"] is False
    dealers = programme(cast.seller).get("/me").json()
    assert (dealers["customer"], dealers["may_order"]) == (None, False)


def test_printers_with_their_supplies(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    answer = programme(cast.owner).get("/printers", q="recep")
    assert answer.status_code == 200, answer.content
    (printer,) = answer.json()["items"]
    assert (printer["name"], printer["worst"], printer["age"]) == ("Reception", "low", "current")
    assert printer["last_read_at"].endswith("Z")
    black = printer["supplies"][0]
    assert (black["name"], black["percent"], black["word"]) == ("Black toner", 12.0, "low")
    assert (black["low_percent"], black["almost_empty_percent"]) == (30.0, 5.0)  # the first as its people want it
    assert black["may_be_ordered"] is True
    in_french = programme(cast.owner, "fr-CA").get("/printers", q="recep").json()["items"][0]
    assert in_french["supplies"][0]["name"] == "Toner noir"
    own = programme(cast.owner, None).get("/printers", q="recep").json()["items"][0]
    assert own["supplies"][0]["name"] == "Toner noir"  # the person's own language


def test_one_printer_in_full(cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]) -> None:
    answer = programme(cast.viewer).get(f"/printers/{office.printer.pk}")
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["coverage"]["required"] == 2
    assert said["coverage"]["reasons"][0]["text"]
    assert said["repairs"][0]["number"] == office.repair.number
    assert said["portal_url"].endswith(f"/printers/{office.printer.pk}/")
    other = programme(cast.viewer).get(f"/printers/{office.other.pk}").json()
    assert other["orders"][0]["number"] == office.order.number
    assert other["supplies"][0]["coming"]["order_id"] == office.order.pk


def test_from_choices_to_an_order_that_is_placed_once(
    cast: SimpleNamespace, office: SimpleNamespace, programme: Callable[..., Any]
) -> None:
    buyer = programme(cast.colleague)
    choices = buyer.get(f"/slots/{office.slot.pk}/choices")
    assert choices.status_code == 200, choices.content
    options = choices.json()["options"]
    assert [one["part_number"] for one in options] == ["106R03512", "106R03524"]
    assert [one["is_recommended"] for one in options] == [False, True]
    wanted = {"lines": [{"slot_id": office.slot.pk, "part_number": "106R03524", "quantity": 1}], "delivery": "ground"}
    quote = buyer.post("/quotes", wanted)
    assert quote.status_code == 200, quote.content
    said = quote.json()
    assert said["subtotal"]["amount_minor"] == 27995
    assert said["payment"] == {"on_account": True, "why_not": None, "needs_purchase_order_number": False}
    order = wanted | {
        "submission_key": str(uuid4()),
        "expected_total_minor": said["total"]["amount_minor"],
        "purchase_order_number": "PO-9",
    }
    first = buyer.post("/orders", order)
    assert first.status_code == 201, first.content
    again = buyer.post("/orders", order)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert first.json()["lines"][0]["printer"]["name"] == "Reception"
    assert first.json()["timeline"][0]["done"] is True
    seen = programme(cast.seller).get("/orders", customer_id=cast.erable.pk).json()["items"]
    assert [one["number"] for one in seen] == [first.json()["number"], office.order.number]
    assert seen[0]["total"] == said["total"]
    assert programme(cast.seller).get(f"/orders/{first.json()['id']}").json()["total"] == said["total"]
