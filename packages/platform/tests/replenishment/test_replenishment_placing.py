"""An announced order is placed after its day, once, within its limits, and only if it is still needed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from econcierge.accounts.models import Membership
from econcierge.accounts.types import Role
from econcierge.catalogue.models import Price
from econcierge.core import automatic_wording
from econcierge.interfaces.shared import basket_words
from econcierge.journeys import automatic_orders, basket, check_out
from econcierge.notifications.models import Delivery
from econcierge.orders.models import Order, OrderLine
from econcierge.replenishment.models import ProposedOrder, StandingOrder
from econcierge.supplies.models import Cartridge, LevelChange, Slot

from .conftest import HIGH, STANDARD, fall, mails_went_out


@pytest.fixture
def proposal(automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime) -> ProposedOrder:
    switch_on()
    automatic_orders.propose(customer_id=automatic.customer.pk, now=now)
    mails_went_out(at=now)
    return ProposedOrder.objects.get()


def _place(proposal: ProposedOrder, at: datetime) -> ProposedOrder:
    automatic_orders.place(proposed_order_id=proposal.pk, now=at)
    proposal.refresh_from_db()
    return proposal


def test_not_before_its_day_then_once(proposal: ProposedOrder, now: datetime) -> None:
    assert _place(proposal, now + timedelta(hours=23)).state == "announced"
    assert automatic_orders.queries.due(now=now + timedelta(hours=23), most=9) == []
    due_at = now + timedelta(hours=24)
    assert automatic_orders.queries.due(now=due_at, most=9) == [proposal.pk]
    assert _place(proposal, due_at).state == "placed"
    order = Order.objects.get()
    assert order == proposal.order
    assert order.submission_key == proposal.submission_key
    assert order.total_minor == proposal.total_minor
    assert order.placed_by is None
    assert [(line.part.part_number, line.quantity) for line in order.lines.all()] == [(HIGH, 1)]
    told = Delivery.objects.filter(kind="order_confirmed").values_list("user__email", flat=True)
    assert set(told) == {"owner@example.test", "colleague@example.test"}
    _place(proposal, due_at + timedelta(hours=1))
    assert Order.objects.count() == 1


def test_a_repeat_after_a_crash_between_order_and_move_finds_the_order(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    """As if the order had been kept and the move had not: the same key is the same order."""
    at = now + timedelta(hours=24)
    actor = automatic.cast.owner.actor
    lines = [check_out.LineWanted(HIGH, automatic.printer.pk, 1)]
    before = check_out.place(
        actor=actor, submission_key=proposal.submission_key, site_id=automatic.site.pk, lines=lines,
        delivery="ground", customer_reference="", now=at,
    ).order  # fmt: skip
    OrderLine.objects.filter(order=before).update(state="cancelled")  # so that the supply still looks needed
    assert _place(proposal, at).order == before
    assert Order.objects.count() == 1


def test_what_was_ordered_by_hand_meanwhile_is_not_ordered_again(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    check_out.place(
        actor=automatic.cast.colleague.actor, submission_key=uuid.uuid4(), site_id=automatic.site.pk,
        lines=[check_out.LineWanted(STANDARD, automatic.printer.pk, 1)], delivery="ground", customer_reference="",
        now=now + timedelta(hours=1),
    )  # fmt: skip
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "not_needed")
    assert Order.objects.count() == 1
    assert not Delivery.objects.filter(kind="auto_order_stopped").exists()


def test_what_ordered_itself_is_not_bought_again_from_a_basket(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    """Put in before it was placed: the basket says so, and its button orders nothing."""
    actor = automatic.cast.colleague.actor
    lines = [check_out.LineWanted(STANDARD, automatic.printer.pk, 1)]
    basket.put(actor=actor, printer_id=automatic.printer.pk, lines=lines, now=now)
    at = now + timedelta(hours=24)
    assert _place(proposal, at).state == "placed"
    shown = basket.view(actor=actor, delivery="ground", now=at)
    assert [line.standing for line in shown.left_out] == ["ordered_since"]
    assert shown.totals == {}
    with override("en-ca"):
        said = basket_words.why_left_out(shown.left_out[0], now=at)
    assert said == f"Ordered automatically today: 1 (order {Order.objects.get().number})."


def test_a_basket_that_was_ordered_first_leaves_nothing_to_order_by_itself(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    actor, later = automatic.cast.colleague.actor, now + timedelta(hours=1)
    lines = [check_out.LineWanted(STANDARD, automatic.printer.pk, 1)]
    basket.put(actor=actor, printer_id=automatic.printer.pk, lines=lines, now=now)
    seen = basket.view(actor=actor, delivery="ground", now=later).totals
    basket.order_all(
        actor=actor, submission_key=uuid.uuid4(), seen=seen, delivery="ground", customer_reference="", now=later
    )
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "not_needed")
    assert Order.objects.count() == 1


def test_a_cartridge_that_was_changed_meanwhile_is_not_ordered(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    black = automatic.black
    Cartridge.objects.filter(pk=black.cartridge_id).update(removed_at=now)
    black.cartridge = Cartridge.objects.create(
        customer=automatic.customer, slot=black, sequence=2, installed_at=now, evidence="level_rise", kind="replaced"
    )
    black.save()
    assert _place(proposal, now + timedelta(hours=24)).reason == "not_needed"
    assert not Order.objects.exists()


def test_a_price_that_rose_a_little_is_announced_anew_and_one_that_jumped_stops_it(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    tomorrow = (now + timedelta(days=1)).date()
    for price in Price.objects.filter(part__part_number=HIGH):
        Price.objects.filter(pk=price.pk).update(valid_to=tomorrow)
        Price.objects.create(dealer=price.dealer, part=price.part, unit_price_minor=28995, valid_from=tomorrow)
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "price_changed")
    assert not Order.objects.exists()
    assert automatic_orders.propose(customer_id=automatic.customer.pk, now=now + timedelta(hours=25)) == 1
    assert ProposedOrder.objects.latest("id").total_minor > proposal.total_minor


def test_it_stops_when_the_printer_moved_after_the_announcement(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    automatic.printer.managed_print = True
    automatic.printer.save()
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "managed_print")
    assert StandingOrder.objects.get().state == "stopped"
    assert not Order.objects.exists()


def test_what_the_credit_limit_forbids_is_held_and_said(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    automatic.agreement.credit_limit_minor = 1
    automatic.agreement.save()
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "credit_limit")
    assert Delivery.objects.filter(kind="auto_order_stopped").count() == 2
    assert not Order.objects.exists()


def test_the_month_counts_what_was_placed_in_it_and_not_what_was_cancelled(
    proposal: ProposedOrder, now: datetime
) -> None:
    at = now + timedelta(hours=24)
    order = _place(proposal, at).order
    row = proposal.standing_order_id
    assert automatic_orders.queries.spent_minor(standing_order_id=row, on=at.date()) == order.total_minor
    assert automatic_orders.queries.spent_minor(standing_order_id=row, on=at.date() + timedelta(days=10)) == 0
    Order.objects.filter(pk=order.pk).update(state="cancelled")
    assert automatic_orders.queries.spent_minor(standing_order_id=row, on=at.date()) == 0


def test_nothing_is_ordered_for_who_left_the_programme(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    automatic.customer.left_at = now
    automatic.customer.save()
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "switched_off")
    assert not Order.objects.exists()


@pytest.mark.parametrize("state", ["pending", "failed", "aside"])
def test_what_nobody_could_be_told_of_is_held_and_given_up(proposal: ProposedOrder, now: datetime, state: str) -> None:
    Delivery.objects.filter(kind="auto_order_announced").update(state=state, sent_at=None)
    for day in (1, 2):
        assert _place(proposal, now + timedelta(days=day)).state == "announced"
        assert proposal.places_at == now + timedelta(days=day + 1)  # no sooner, even if the mail went out now
    placed = _place(proposal, now + timedelta(days=3))
    assert (placed.state, placed.reason) == ("stopped", "nobody_told")
    assert not Order.objects.exists()
    with override("fr-ca"):
        assert automatic_wording.why(placed.reason).startswith("Personne n’a pu être prévenu")


def test_the_notice_begins_when_the_first_mail_went_out(proposal: ProposedOrder, now: datetime) -> None:
    mails_went_out(at=now + timedelta(hours=5))
    Delivery.objects.filter(kind="auto_order_announced", user__email="colleague@example.test").update(state="failed")
    assert _place(proposal, now + timedelta(hours=24)).state == "announced"
    assert proposal.places_at == now + timedelta(hours=29)
    assert _place(proposal, now + timedelta(hours=29)).state == "placed"


def test_nothing_is_announced_where_nobody_may_order(
    automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime
) -> None:
    switch_on()
    Membership.objects.filter(customer=automatic.customer).update(role=Role.CUSTOMER_VIEWER.value)
    assert automatic_orders.propose(customer_id=automatic.customer.pk, now=now) == 0
    proposal = ProposedOrder.objects.get()
    assert (proposal.state, proposal.reason) == ("stopped", "nobody_told")


def test_what_a_later_reading_takes_back_is_not_ordered(
    proposal: ProposedOrder, automatic: SimpleNamespace, now: datetime
) -> None:
    at, black = now + timedelta(hours=24), automatic.black
    LevelChange.objects.filter(slot=black).delete()
    Slot.objects.filter(pk=black.pk).update(percent=66, read_at=at)
    fall(black, now=at, from_percent=96, to_percent=66, days=60)
    placed = _place(proposal, at)
    assert (placed.state, placed.reason) == ("stopped", "not_needed")
    assert not Order.objects.exists()


def test_stricter_approval_binds_what_is_announced_already(
    proposal: ProposedOrder, automatic: SimpleNamespace, switch_on: Callable[..., Any], now: datetime
) -> None:
    switch_on(approve_above=0, at=now + timedelta(hours=1))
    placed = _place(proposal, now + timedelta(hours=24))
    assert (placed.state, placed.reason) == ("stopped", "terms_changed")
    assert not Order.objects.exists()
    assert automatic_orders.propose(customer_id=automatic.customer.pk, now=now + timedelta(hours=25)) == 1
    assert ProposedOrder.objects.latest("id").needs_approval
