"""Automatic orders: who may move what, limits to the cent, approval, and when they stop by themselves."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.accounts.types import Role
from econcierge.core.errors import IllegalMove, Invalid
from econcierge.replenishment import standing
from econcierge.replenishment import standing_types as t

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
P, S = t.ProposalState, t.StandingState
LIMITS = t.Limits(
    per_order_minor=50_000, per_month_minor=80_000, approve_above_minor=30_000, approver=Role.CUSTOMER_BUYER
)
WELL = t.StandingFacts(
    is_retired=False, is_managed_print=False, has_moved=False, heard_at=NOW, has_agreement=True,
    price_minor=11_500, reference_minor=10_000, price_jump_percent=15,
)  # fmt: skip


@given(st.lists(st.sampled_from(list(P)), max_size=12))
def test_a_walk_only_goes_where_the_table_says_and_ends_once(wishes: list[t.ProposalState]) -> None:
    state, path = P.PROPOSED, [P.PROPOSED]
    for wish in wishes:
        try:
            state = standing.move(state=state, to=wish)
        except IllegalMove:
            assert wish not in standing.MOVES[state]
        else:
            path.append(state)
    assert all(later in standing.MOVES[earlier] for earlier, later in itertools.pairwise(path))
    assert len({P.PLACED, P.VETOED, P.STOPPED} & set(path)) <= 1
    assert len(path) == len(set(path))
    if P.PLACED in path or P.VETOED in path:
        assert P.ANNOUNCED in path  # nothing is ordered, or vetoed, that nobody was told of


def test_every_state_can_come_to_an_end_and_open_ones_are_those_with_moves() -> None:
    assert frozenset({P.PROPOSED, P.ANNOUNCED, P.APPROVED}) == standing.OPEN
    assert frozenset({P.ANNOUNCED, P.APPROVED}) == standing.VETOABLE
    assert all(P.STOPPED in standing.MOVES[state] for state in standing.OPEN)


def test_what_stopped_by_itself_is_switched_on_by_a_person_only() -> None:
    assert standing.move_standing(state=S.STOPPED, to=S.ON) is S.ON
    with pytest.raises(IllegalMove):
        standing.move_standing(state=S.OFF, to=S.STOPPED)


@given(st.lists(st.integers(1, 200_000), max_size=30), st.integers(1, 100_000), st.integers(0, 200_000))
def test_orders_never_pass_either_limit_and_one_more_cent_would(totals: list[int], per_order: int, more: int) -> None:
    limits = dataclasses.replace(LIMITS, per_order_minor=per_order, per_month_minor=per_order + more)
    spent = 0
    for total in totals:
        held = standing.held_by(limits=limits, total_minor=total, spent_minor=spent)
        if held is None:
            spent += total
            assert total <= limits.per_order_minor
        elif held is t.Held.OVER_ORDER_LIMIT:
            assert total > limits.per_order_minor
        else:
            assert spent + total > limits.per_month_minor
    assert spent <= limits.per_month_minor


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"per_order_minor": 0}, "per_order_minor"),
        ({"per_order_minor": 10_000_001, "per_month_minor": 10_000_001}, "per_order_minor"),
        ({"per_month_minor": 49_999}, "per_month_minor"),
        ({"approve_above_minor": -1}, "approve_above_minor"),
        ({"approver": Role.CUSTOMER_VIEWER}, "approver"),
        ({"approver": Role.DEALER_ADMIN}, "approver"),
    ],
)
def test_limits_that_make_no_sense_name_their_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        standing.checked_limits(dataclasses.replace(LIMITS, **change))  # type: ignore[arg-type]
    assert refused.value.fields == (field,)
    assert standing.checked_limits(LIMITS) is LIMITS


@pytest.mark.parametrize(
    ("above", "total", "needed"),
    [(None, 10_000_000, False), (0, 1, True), (30_000, 30_000, False), (30_000, 30_001, True)],
)
def test_approval_is_needed_above_the_mark(above: int | None, total: int, needed: bool) -> None:
    limits = dataclasses.replace(LIMITS, approve_above_minor=above)
    assert standing.needs_approval(limits=limits, total_minor=total) is needed


@pytest.mark.parametrize("role", [*Role, None])
def test_who_may_approve(role: Role | None) -> None:
    by_buyer = standing.may_approve(role=role, approver=Role.CUSTOMER_BUYER)
    by_admin = standing.may_approve(role=role, approver=Role.CUSTOMER_ADMIN)
    assert by_buyer is (role in {Role.CUSTOMER_BUYER, Role.CUSTOMER_ADMIN})
    assert by_admin is (role is Role.CUSTOMER_ADMIN)


@pytest.mark.parametrize(
    ("state", "hours", "approval", "due"),
    [
        (P.ANNOUNCED, 23.9, False, False),
        (P.ANNOUNCED, 24, False, True),
        (P.ANNOUNCED, 100, True, False),
        (P.APPROVED, 1, True, True),
        (P.VETOED, 30, False, False),
        (P.PLACED, 30, False, False),
        (P.STOPPED, 30, False, False),
    ],
)
def test_when_an_order_is_placed(state: t.ProposalState, hours: float, approval: bool, due: bool) -> None:
    places_at = standing.places_at(announced_at=NOW)
    now = NOW + timedelta(hours=hours)
    assert standing.is_due(state=state, places_at=places_at, needs_approval=approval, now=now) is due


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"is_retired": True, "is_managed_print": True}, t.StopReason.PRINTER_RETIRED),
        ({"is_managed_print": True}, t.StopReason.MANAGED_PRINT),
        ({"has_moved": True}, t.StopReason.PRINTER_MOVED),
        ({"heard_at": NOW - timedelta(days=6, hours=23)}, None),
        ({"heard_at": NOW - timedelta(days=7)}, t.StopReason.PRINTER_SILENT),
        ({"has_agreement": False}, t.StopReason.NO_AGREEMENT),
        ({"price_minor": None}, t.StopReason.NOT_OFFERED),
        ({"price_minor": 11_501}, t.StopReason.PRICE_JUMPED),
        ({"price_minor": 5_000}, None),
        ({"price_minor": 99_999, "reference_minor": None}, None),
    ],
)
def test_it_stops_by_itself(change: dict[str, object], reason: t.StopReason | None) -> None:
    facts = dataclasses.replace(WELL, **change)  # type: ignore[arg-type]
    assert standing.stop_reason(facts=facts, now=NOW) is reason


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("earlier", "may"),
    [
        (t.Earlier(P.VETOED, "", TODAY), False),
        (t.Earlier(P.PLACED, "", TODAY), False),
        (t.Earlier(P.PLACED, "", TODAY, is_undone=True), True),
        (t.Earlier(P.ANNOUNCED, "", TODAY), False),
        (t.Earlier(P.STOPPED, t.Held.OVER_ORDER_LIMIT, TODAY), False),
        (t.Earlier(P.STOPPED, t.Held.NOT_APPROVED, TODAY), False),
        (t.Earlier(P.STOPPED, t.Held.CREDIT_LIMIT, TODAY), False),
        (t.Earlier(P.STOPPED, t.Held.NOT_NEEDED, TODAY), True),
        (t.Earlier(P.STOPPED, t.StopReason.PRINTER_SILENT, TODAY), True),
        (t.Earlier(P.STOPPED, t.Held.OVER_MONTH_LIMIT, date(2026, 11, 1)), False),
        (t.Earlier(P.STOPPED, t.Held.OVER_MONTH_LIMIT, date(2026, 10, 31)), True),
    ],
)
def test_a_cartridge_is_ordered_or_refused_once(earlier: t.Earlier, may: bool) -> None:
    assert standing.may_propose(earlier=[earlier], on=TODAY) is may


def test_the_first_time_nothing_stands_in_the_way() -> None:
    assert standing.may_propose(earlier=[], on=TODAY)
