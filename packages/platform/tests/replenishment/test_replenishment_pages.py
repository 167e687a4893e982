"""Advice on pages: by when to order, what is offered along, and what needs nobody because it orders itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.alerts.models import Episode
from econcierge.core import clock
from econcierge.journeys import automatic_orders
from econcierge.orders.models import Order
from econcierge.replenishment import operations
from econcierge.replenishment.models import ProposedOrder
from econcierge.supplies.models import LevelChange

from .conftest import CYAN, STANDARD, fall


@pytest.fixture
def browser(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    monkeypatch.setattr(clock, "now", lambda: now)

    def of(person: Any, language: str = "en-ca") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of


@pytest.fixture
def low(automatic: SimpleNamespace, now: datetime) -> SimpleNamespace:
    """Black is low and told; cyan runs out in the same fortnight."""
    Episode.objects.create(
        customer=automatic.customer, slot=automatic.black, cartridge=automatic.black.cartridge, threshold="low",
        percent=6, because="programme", opened_at=now,
    )  # fmt: skip
    LevelChange.objects.filter(slot=automatic.cyan).delete()
    automatic.cyan.percent = 18
    automatic.cyan.save()
    fall(automatic.cyan, now=now, from_percent=96, to_percent=18, days=60)
    return automatic


@pytest.mark.parametrize(("language", "said"), [("en-ca", "Order now: it may"), ("fr-ca", "À commander maintenant")])
def test_home_and_the_printer_say_by_when_to_order(
    low: SimpleNamespace, browser: Callable[..., Client], language: str, said: str
) -> None:
    client = browser(low.cast.owner, language)
    assert said in client.get("/").content.decode()
    page = client.get(reverse("printer", args=[low.printer.pk])).content.decode()
    assert said in page
    assert reverse("automatic_printer", args=[low.printer.pk]) in page


def test_a_supply_with_time_left_says_its_last_day(
    automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    LevelChange.objects.filter(slot=automatic.cyan).delete()
    fall(automatic.cyan, now=now, from_percent=95, to_percent=40, days=60)
    page = browser(automatic.cast.owner).get(reverse("printer", args=[automatic.printer.pk])).content.decode()
    assert "Order by " in page
    assert "to have it in time." in page


def test_others_of_the_same_fortnight_are_one_check_and_in_the_totals(
    low: SimpleNamespace, browser: Callable[..., Client]
) -> None:
    client = browser(low.cast.owner)
    review = reverse("review_order") + f"?slot={low.black.pk}&part={STANDARD}&printer={low.printer.pk}"
    page = client.get(review)
    box = f"{low.cyan.pk}:{CYAN}"
    assert f'value="{box}"' in page.content.decode()
    assert len(page.context["quote"].lines) == 1
    with_it = client.get(review + f"&also={box}")
    assert with_it.context["quote"].goods.amount_minor == 16495 + 19995
    form = {
        "slot": low.black.pk, "part": STANDARD, "printer": low.printer.pk, "quantity": 1, "delivery": "ground",
        "also": box, "submission_key": str(with_it.context["wanted"].key),
    }  # fmt: skip
    assert client.post(reverse("review_order"), form).status_code == 302
    scoping.enter(Scope.everything())
    lines = Order.objects.get().lines.order_by("position").values_list("part__part_number", "quantity", "printer_id")
    assert list(lines) == [(STANDARD, 1, low.printer.pk), (CYAN, 1, low.printer.pk)]


@pytest.mark.parametrize("also", ["x", "1:", "1:a b", "9" * 30 + ":A", "-1:106R03522"])
def test_a_box_that_is_not_ours_is_refused(low: SimpleNamespace, browser: Callable[..., Client], also: str) -> None:
    query = {"slot": low.black.pk, "part": STANDARD, "printer": low.printer.pk, "also": also}
    assert browser(low.cast.owner).get(reverse("review_order"), query).status_code == 400


def test_a_box_for_a_part_that_does_not_fit_is_refused(low: SimpleNamespace, browser: Callable[..., Client]) -> None:
    query = {"slot": low.black.pk, "part": STANDARD, "printer": low.printer.pk, "also": "1:106R99999"}
    assert browser(low.cast.owner).get(reverse("review_order"), query).status_code == 400


def test_what_orders_itself_needs_nobody_until_it_is_handed_back(
    low: SimpleNamespace, switch_on: Callable[..., Any], browser: Callable[..., Client], now: datetime
) -> None:
    client = browser(low.cast.owner)
    assert "One thing needs you" in client.get("/").content.decode()
    scoping.enter(Scope.everything())
    switch_on()
    page = client.get("/").content.decode()
    assert "Nothing needs you" in page
    assert "Ordered automatically:" in page
    assert "It is ordered automatically" in client.get(reverse("printer", args=[low.printer.pk])).content.decode()
    scoping.enter(Scope.everything())
    automatic_orders.propose(customer_id=low.customer.pk, now=now)
    assert "tomorrow 10:00" in client.get("/").content.decode()
    scoping.enter(Scope.everything())
    automatic_orders.veto(actor=low.cast.owner.actor, proposal=ProposedOrder.objects.get(), now=now)
    page = client.get("/").content.decode()
    assert "One thing needs you" in page
    assert "Ordered automatically:" not in page


def test_a_supply_of_its_own_that_is_off_is_not_looked_after_by_the_printers(
    low: SimpleNamespace, switch_on: Callable[..., Any], browser: Callable[..., Client], now: datetime
) -> None:
    switch_on()
    own = switch_on(slot=low.black)
    operations.switch_off(actor=low.cast.owner.actor, row=own, now=now)
    assert "One thing needs you" in browser(low.cast.owner).get("/").content.decode()


def _stored(office: SimpleNamespace, slot: Any, now: datetime, days: float) -> None:
    from econcierge.forecasting.models import SupplyForecast

    SupplyForecast.objects.create(
        customer=office.customer, slot=slot, cartridge=slot.cartridge, at=now, made_at=now, p10_days=days,
        p50_days=days + 2, p90_days=days + 5, basis="levels",
    )  # fmt: skip


def test_what_has_to_be_ordered_now_needs_somebody_although_nobody_was_told_that_it_is_low(
    automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    """A busy printer: at 60 % it runs out before a delivery that is ordered at 20 % could come."""
    automatic.cyan.percent = 60
    automatic.cyan.save()
    _stored(automatic, automatic.cyan, now, 4.0)
    _stored(automatic, automatic.black, now, 40.0)
    page = browser(automatic.cast.owner).get("/").content.decode()
    assert "One thing needs you" in page
    assert "Cyan toner (60\u00a0%) runs out" in page
    assert "Order now: it may" in page


def test_what_nobody_can_order_here_needs_nobody_before_it_is_low(
    automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    from econcierge.catalogue.models import Price

    Price.objects.filter(part__colour="cyan").delete()
    _stored(automatic, automatic.cyan, now, 4.0)
    _stored(automatic, automatic.black, now, 40.0)
    assert "Nothing needs you" in browser(automatic.cast.owner).get("/").content.decode()


def test_nothing_is_offered_along_with_what_lasts_for_months(
    automatic: SimpleNamespace, browser: Callable[..., Client], now: datetime
) -> None:
    """Black runs out within days: it is no company for cyan that lasts until next autumn, nor the other way round."""
    client = browser(automatic.cast.owner)
    for slot in (automatic.cyan, automatic.black):
        page = client.get(reverse("review_order") + f"?slot={slot.pk}")
        assert page.status_code == 200
        assert page.context["along"] == ()
