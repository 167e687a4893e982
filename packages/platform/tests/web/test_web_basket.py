"""The basket's pages: beside ordering at once, in both languages, with and without what changed since."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import Part, Price
from econcierge.orders.models import BasketLine, Order

pytestmark = pytest.mark.django_db


def form(html: str, address: str) -> dict[str, str]:
    """The hidden fields of the form with that address."""
    start = html.index(f'<form method="post" action="{address}"')
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html[start : html.index("</form>", start)])
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def test_two_clicks_from_the_first_page_of_an_order_to_the_basket_and_one_to_order(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.colleague, "en-ca")
    review = client.get(f"{reverse('review_order')}?slot={office.slot.pk}").content.decode()
    assert "Put into the basket" in review
    page = client.post(reverse("put_into_basket"), form(review, reverse("review_order")), follow=True)
    assert page.redirect_chain == [(reverse("basket"), 302)]
    html = page.content.decode()
    assert "Basket (1)" in html
    assert "$279.95" in html
    before = Order.objects.count()
    given = form(html, reverse("basket")) | {"customer_reference": "PO-5"}
    first, again = client.post(reverse("basket"), given), client.post(reverse("basket"), given)
    assert first.headers["Location"] == again.headers["Location"]
    assert Order.objects.count() == before + 1
    assert Order.objects.latest("id").customer_reference == "PO-5"
    empty = client.get(reverse("basket")).content.decode()
    assert "Your basket is empty." in empty
    assert "Basket (" not in empty


def test_a_changed_price_is_shown_before_anything_is_ordered(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.owner, "en-ca")
    given = form(client.get(reverse("basket")).content.decode(), reverse("basket"))
    scoping.enter(Scope.everything())
    Price.objects.filter(part__part_number="106R03524").update(unit_price_minor=29_995)
    before = Order.objects.count()
    answer = client.post(reverse("basket"), given)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Your basket has changed since it was shown." in html
    assert "It was $279.95 when you put it in." in html
    assert Order.objects.count() == before
    assert client.post(reverse("basket"), form(html, reverse("basket"))).status_code == 302


def test_quantity_and_taking_out(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(cast.owner, "en-ca")
    line = reverse("basket_line", args=[office.basket_line.pk])
    answer = client.post(line, {"quantity": "3", "delivery": "express"})
    assert answer.headers["Location"] == reverse("basket") + "?delivery=express"
    assert "$839.85" in client.get(answer.headers["Location"]).content.decode()
    for wrong in ("0", "-1", "100", "many", ""):
        assert client.post(line, {"quantity": wrong}).status_code == 400
    html = client.post(line, {"do": "take_out"}, follow=True).content.decode()
    assert "Taken out: black toner, Archives." in html
    assert client.post(line, {"do": "take_out"}).status_code == 404


def test_what_was_ordered_meanwhile_is_said_and_ordered_only_when_asked_for(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    """P31: Archives' black toner was ordered after it was put in."""
    BasketLine.objects.update(put_at=office.order.placed_at - timedelta(hours=3))
    client = browser(cast.owner, "en-ca")
    html = client.get(reverse("basket")).content.decode()
    assert f"Ordered today by Owner: 1 (order {office.order.number})." in html
    assert 'name="seen"' not in html
    line = reverse("basket_line", args=[office.basket_line.pk])
    html = client.post(line, {"do": "want_still"}, follow=True).content.decode()
    assert 'name="seen"' in html
    assert "One is on its way already" in html


def test_what_is_no_longer_sold_is_said(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    Part.objects.filter(part_number="106R03524").update(sold="unknown")
    html = browser(cast.owner).get(reverse("basket")).content.decode()
    assert "Elle n’est plus vendue ici." in html
    assert 'name="seen"' not in html


def test_the_first_page_knows_whose_basket_it_is_in(
    office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    BasketLine.objects.update(printer=office.printer)
    own = browser(cast.owner, "en-ca").get("/").content.decode()
    assert "In your basket since today, not ordered yet." in own
    assert f'href="{reverse("basket")}" id="bs{office.slot.pk}"' in own
    others = browser(cast.colleague, "en-ca").get("/").content.decode()
    assert "In the basket of Owner since today." in others
    assert f'href="{reverse("choose_supply", args=[office.printer.pk, office.slot.pk])}"' in others


@pytest.mark.parametrize("wrong", ["", "x:1", "1:x", "1", "-1:5", "1:5:6"])
def test_a_form_that_says_nonsense_orders_nothing(
    wrong: str, office: SimpleNamespace, cast: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    before = Order.objects.count()
    given = {"seen": wrong, "submission_key": "00000000-0000-4000-8000-000000000001"}
    assert browser(cast.owner).post(reverse("basket"), given).status_code == 400
    assert Order.objects.count() == before
