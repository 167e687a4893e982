"""When an automatic order is proposed, what of, and what keeps it from being so."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from econcierge.catalogue.models import Price
from econcierge.fleet.models import Site
from econcierge.journeys import automatic_orders, check_out, replenish
from econcierge.notifications.models import Delivery
from econcierge.orders.models import Order
from econcierge.replenishment.models import ProposedOrder, ProposedOrderMove, StandingOrder, StandingOrderEvent
from econcierge.replenishment.standing_types import Choice
from econcierge.replenishment.types import Action, Why

from .conftest import CYAN, HIGH, STANDARD, fall

SwitchOn = Callable[..., StandingOrder]


def _propose(automatic: SimpleNamespace, now: datetime) -> int:
    return automatic_orders.propose(customer_id=automatic.customer.pk, now=now)


def _told(kind: str) -> list[Delivery]:
    return list(Delivery.objects.filter(kind=kind).order_by("id"))


def test_advice_says_what_is_due_and_by_when(automatic: SimpleNamespace, everything: Any, now: datetime) -> None:
    found = replenish.advise_printers(everything, printer_ids=[automatic.printer.pk], now=now)
    black, cyan = found[automatic.black.pk].advice, found[automatic.cyan.pk].advice
    assert black.action is Action.ORDER_NOW
    assert cyan.action is Action.WAIT
    assert cyan.why is Why.ENOUGH_LEFT
    assert cyan.latest_order_on is not None
    assert cyan.latest_order_on > date(2026, 12, 1)


def test_advice_takes_as_many_queries_for_many_printers(
    automatic: SimpleNamespace, everything: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    from econcierge.fleet.models import Printer

    others = [
        Printer.objects.create(customer=automatic.customer, site=automatic.site, model=automatic.model, label=f"P{n}")
        for n in range(12)
    ]
    with django_assert_max_num_queries(14):
        replenish.advise_printers(everything, printer_ids=[automatic.printer.pk, *(p.pk for p in others)], now=now)


def test_what_is_due_is_announced_with_a_link_for_everybody_who_may_order(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime
) -> None:
    switch_on()
    assert _propose(automatic, now) == 1
    proposal = ProposedOrder.objects.get()
    assert proposal.state == "announced"
    assert proposal.places_at == now + timedelta(hours=24)
    assert [line.part.part_number for line in proposal.lines.all()] == [HIGH]  # cheaper per page
    assert proposal.total_minor > 27995
    assert [(move.from_state, move.to_state) for move in proposal.moves.order_by("id")] == [
        ("", "proposed"), ("proposed", "announced"),
    ]  # fmt: skip
    told = _told("auto_order_announced")
    assert {one.user.email for one in told} == {"owner@example.test", "colleague@example.test"}
    assert len({one.context["token"] for one in told}) == 2
    assert _propose(automatic, now + timedelta(days=1)) == 0
    assert len(_told("auto_order_announced")) == 2
    assert not Order.objects.exists()


def test_nothing_is_proposed_unless_a_person_switched_it_on(automatic: SimpleNamespace, now: datetime) -> None:
    assert _propose(automatic, now) == 0
    assert not ProposedOrder.objects.exists()


def test_an_order_by_hand_makes_a_proposal_needless(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime
) -> None:
    _by_hand(automatic, now)
    switch_on()
    assert _propose(automatic, now) == 0
    assert not ProposedOrder.objects.exists()


def _by_hand(automatic: SimpleNamespace, now: datetime) -> None:
    check_out.place(
        actor=dataclasses.replace(automatic.cast.owner.actor), submission_key=uuid.uuid4(), site_id=automatic.site.pk,
        lines=[check_out.LineWanted(STANDARD, automatic.printer.pk, 1)], delivery="ground", customer_reference="",
        now=now,
    )  # fmt: skip


def _both_run_out(automatic: SimpleNamespace, now: datetime) -> None:
    from econcierge.supplies.models import LevelChange

    LevelChange.objects.filter(slot=automatic.cyan).delete()
    automatic.cyan.percent = 18
    automatic.cyan.save()
    fall(automatic.cyan, now=now, from_percent=96, to_percent=18, days=60)


def test_other_colours_of_the_same_fortnight_come_along_unless_the_limit_forbids(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime
) -> None:
    _both_run_out(automatic, now)
    switch_on(order=600, month=1000)
    _propose(automatic, now)
    both = ProposedOrder.objects.get()
    assert {line.part.part_number for line in both.lines.all()} == {HIGH, CYAN}
    automatic_orders.veto(actor=automatic.cast.owner.actor, proposal=both, now=now)
    assert _propose(automatic, now + timedelta(days=1)) == 0  # a veto holds for these cartridges


def test_what_the_limit_of_an_order_does_not_allow_is_left_out_from_the_end(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime
) -> None:
    _both_run_out(automatic, now)
    switch_on(order=400, month=1000)
    _propose(automatic, now)
    assert [line.part.part_number for line in ProposedOrder.objects.get().lines.all()] == [HIGH]


@pytest.mark.parametrize(
    ("choice", "part", "number"),
    [(Choice.SAME, None, STANDARD), (Choice.PART, STANDARD, STANDARD), (Choice.RECOMMENDED, None, HIGH)],
)
def test_which_part_is_ordered(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime, choice: Choice, part: str | None, number: str
) -> None:
    switch_on(slot=automatic.black, choice=choice, part=automatic.parts[part] if part else None)
    _propose(automatic, now)
    assert [line.part.part_number for line in ProposedOrder.objects.get().lines.all()] == [number]


def test_a_limit_for_one_order_holds_it_and_says_so_once(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime
) -> None:
    switch_on(order=100, month=100)
    assert _propose(automatic, now) == 0
    proposal = ProposedOrder.objects.get()
    assert (proposal.state, proposal.reason) == ("stopped", "over_order_limit")
    assert {one.context["limit_minor"] for one in _told("auto_order_stopped")} == {10_000}
    _propose(automatic, now + timedelta(days=1))
    assert ProposedOrder.objects.count() == 1
    assert len(_told("auto_order_stopped")) == 2
    assert StandingOrder.objects.get().state == "on"


def _retire(automatic: SimpleNamespace, now: datetime) -> None:
    automatic.printer.retired_at = now


def _manage(automatic: SimpleNamespace, now: datetime) -> None:
    automatic.printer.managed_print = True


def _silence(automatic: SimpleNamespace, now: datetime) -> None:
    automatic.printer.last_read_at = now - timedelta(days=8)


def _move(automatic: SimpleNamespace, now: datetime) -> None:
    automatic.printer.site = Site.objects.create(
        customer=automatic.customer, slug="other", name="Other", address_line_1="2, rue Neuve", city="Québec",
        region="QC", postal_code="G1R 1P2",
    )  # fmt: skip


def _end_agreement(automatic: SimpleNamespace, now: datetime) -> None:
    automatic.agreement.ended_on = now.date()
    automatic.agreement.save()


def _withdraw(automatic: SimpleNamespace, now: datetime) -> None:
    Price.objects.filter(part__colour="black").update(valid_to=now.date())


def _raise_price(automatic: SimpleNamespace, now: datetime) -> None:
    for price in Price.objects.filter(part__colour="black"):
        price.valid_to = now.date()
        price.save()
        Price.objects.create(
            dealer=price.dealer, part=price.part, unit_price_minor=price.unit_price_minor * 2, valid_from=now.date()
        )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_retire, "printer_retired"),
        (_manage, "managed_print"),
        (_silence, "printer_silent"),
        (_move, "printer_moved"),
        (_end_agreement, "no_agreement"),
        (_withdraw, "not_offered"),
        (_raise_price, "price_jumped"),
    ],
)
def test_it_stops_by_itself_and_says_so_once(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime, change: Callable[..., None], reason: str
) -> None:
    switch_on(at=now - timedelta(days=30))
    change(automatic, now)
    automatic.printer.save()
    assert _propose(automatic, now) == 0
    row = StandingOrder.objects.get()
    assert (row.state, row.stop_reason) == ("stopped", reason)
    assert len(_told("auto_order_stopped")) == 2
    assert not ProposedOrder.objects.exists()
    _propose(automatic, now + timedelta(days=1))
    assert len(_told("auto_order_stopped")) == 2
    events = StandingOrderEvent.objects.order_by("id").values_list("from_state", "to_state", "reason")
    assert list(events) == [("", "on", ""), ("on", "stopped", reason)]


def test_moves_cannot_be_rewritten(automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime) -> None:
    switch_on()
    _propose(automatic, now)
    for model in (ProposedOrderMove, StandingOrderEvent):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(to_state="placed")


def test_a_printer_that_was_never_read_has_a_week_from_the_day_it_was_switched_on(
    automatic: SimpleNamespace, switch_on: SwitchOn, now: datetime
) -> None:
    automatic.printer.last_read_at = None
    automatic.printer.save()
    switch_on(at=now - timedelta(days=6))
    _propose(automatic, now)
    assert StandingOrder.objects.get().state == "on"
    _propose(automatic, now + timedelta(days=1))
    assert StandingOrder.objects.get().stop_reason == "printer_silent"
