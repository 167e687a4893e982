"""An order's life, its days and who ships it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.core.errors import IllegalMove
from econcierge.orders import rules
from econcierge.orders.types import (
    Allocation,
    BasketLineFacts,
    DeliveryKind,
    DeliveryTerms,
    DistributorStock,
    LineState,
    LineToShip,
    OrderState,
)

S = LineState
STATES = st.sampled_from(LineState)
USUAL_LIFE = [S.DRAFT, S.PLACED, S.ACCEPTED, S.PARTIALLY_SHIPPED, S.SHIPPED, S.DELIVERED]


def test_the_usual_life_is_legal() -> None:
    state = S.DRAFT
    for to in USUAL_LIFE[1:]:
        state = rules.move(state=state, to=to)
    assert state is S.DELIVERED


ILLEGAL = [
    (S.SHIPPED, S.CANCELLED), (S.PARTIALLY_SHIPPED, S.CANCELLED), (S.DELIVERED, S.SHIPPED), (S.DRAFT, S.SHIPPED),
    (S.CANCELLED, S.PLACED), (S.REFUSED, S.ACCEPTED), (S.RETURNED, S.DELIVERED), (S.PLACED, S.PLACED),
]  # fmt: skip


@pytest.mark.parametrize(("state", "to"), ILLEGAL)
def test_what_cannot_happen(state: LineState, to: LineState) -> None:
    with pytest.raises(IllegalMove) as error:
        rules.move(state=state, to=to)
    assert (error.value.from_state, error.value.to_state) == (state, to)


@given(choices=st.lists(st.integers(0, 9), max_size=30))
def test_walked_at_random_every_life_ends_and_never_comes_back(choices: list[int]) -> None:
    state, been = S.DRAFT, [S.DRAFT]
    for choice in choices:
        possible = sorted(rules.MOVES[state])
        if not possible:
            break
        state = rules.move(state=state, to=possible[choice % len(possible)])
        been.append(state)
    shipped_at = next((i for i, s in enumerate(been) if s in rules.ON_ITS_WAY), len(been))
    assert not {S.CANCELLED, S.REFUSED, S.PLACED, S.DRAFT}.intersection(been[shipped_at:])
    undone_at = [i for i, s in enumerate(been) if s in rules.UNDONE]
    assert undone_at in ([], [len(been) - 1])


@given(state=STATES, to=STATES)
def test_news_that_skipped_a_step_takes_legal_moves_only(state: LineState, to: LineState) -> None:
    try:
        path = rules.moves_between(state=state, to=to)
    except IllegalMove:
        return
    for following in path:
        state = rules.move(state=state, to=following)
    assert state is to


def test_shipped_without_an_acknowledgement() -> None:
    assert rules.moves_between(state=S.PLACED, to=S.SHIPPED) == (S.ACCEPTED, S.SHIPPED)
    assert rules.moves_between(state=S.SHIPPED, to=S.SHIPPED) == ()
    with pytest.raises(IllegalMove):
        rules.moves_between(state=S.DELIVERED, to=S.PLACED)


ORDERS = [
    ("no lines yet", [], OrderState.DRAFT),
    ("all placed", [S.PLACED, S.PLACED], OrderState.PLACED),
    ("one not yet answered", [S.PLACED, S.ACCEPTED], OrderState.PLACED),
    ("one in back-order", [S.ACCEPTED, S.BACK_ORDERED], OrderState.BACK_ORDERED),
    ("one shipped, one to come", [S.SHIPPED, S.BACK_ORDERED], OrderState.PARTIALLY_SHIPPED),
    ("one delivered, one to come", [S.DELIVERED, S.ACCEPTED], OrderState.PARTIALLY_SHIPPED),
    ("one delivered, one on its way", [S.DELIVERED, S.SHIPPED], OrderState.SHIPPED),
    ("all delivered", [S.DELIVERED, S.DELIVERED], OrderState.DELIVERED),
    ("one cancelled, the other delivered", [S.CANCELLED, S.DELIVERED], OrderState.DELIVERED),
    ("all cancelled", [S.CANCELLED, S.CANCELLED], OrderState.CANCELLED),
    ("one refused, one cancelled", [S.REFUSED, S.CANCELLED], OrderState.CANCELLED),
    ("all refused", [S.REFUSED], OrderState.REFUSED),
    ("one returned, the other delivered", [S.RETURNED, S.DELIVERED], OrderState.DELIVERED),
    ("all returned", [S.RETURNED, S.RETURNED], OrderState.RETURNED),
]


@pytest.mark.parametrize(("says", "lines", "state"), ORDERS, ids=[row[0] for row in ORDERS])
def test_an_order_follows_its_lines(says: str, lines: list[LineState], state: OrderState) -> None:
    assert rules.order_state(lines=lines) is state


@given(lines=st.lists(STATES, max_size=6))
def test_every_order_has_a_state_whatever_the_order_of_its_lines(lines: list[LineState]) -> None:
    assert rules.order_state(lines=lines) is rules.order_state(lines=sorted(lines))


def test_shipped_within_24_hours() -> None:
    placed_at = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert rules.ships_by(placed_at=placed_at) == datetime(2026, 11, 24, 16, tzinfo=UTC)


TERMS = (DeliveryTerms(DeliveryKind.GROUND, 3, 0), DeliveryTerms(DeliveryKind.EXPRESS, 1, 2500))
DAYS = [
    ("a Monday", "2026-11-23", 1, "2026-11-24", "2026-11-27", "2026-11-25"),
    ("a Friday", "2026-11-27", 1, "2026-11-30", "2026-12-03", "2026-12-01"),
    ("a Saturday", "2026-11-28", 1, "2026-12-01", "2026-12-04", "2026-12-02"),
    ("before Christmas", "2026-12-24", 1, "2026-12-28", "2026-12-31", "2026-12-29"),
    ("shipped the same day", "2026-11-23", 0, "2026-11-23", "2026-11-26", "2026-11-24"),
]


@pytest.mark.parametrize(("says", "on", "lead", "ships", "ground", "express"), DAYS, ids=[row[0] for row in DAYS])
def test_delivery_options(says: str, on: str, lead: int, ships: str, ground: str, express: str) -> None:
    options = rules.delivery_options(
        on=date.fromisoformat(on), lead_business_days=lead, terms=TERMS, holidays=frozenset({date(2026, 12, 25)})
    )
    assert {option.ships_on.isoformat() for option in options} == {ships}
    assert [option.expected_on.isoformat() for option in options] == [ground, express]


def to_ship(*wanted: tuple[str, int]) -> list[LineToShip]:
    return [LineToShip(position, part, quantity) for position, (part, quantity) in enumerate(wanted, start=1)]


NORTH = DistributorStock("north", {"A": 5, "B": 1})
SOUTH = DistributorStock("south", {"A": 1, "B": 5, "C": 0})
SPLITS = [
    ("the first holds all", to_ship(("A", 2), ("B", 1)), [("north", (1, 2))]),
    ("only the second holds all", to_ship(("A", 1), ("B", 2)), [("south", (1, 2))]),
    ("each holds a line", to_ship(("A", 3), ("B", 3)), [("north", (1,)), ("south", (2,))]),
    ("nobody has it, the second sells it", to_ship(("A", 3), ("C", 1)), [("north", (1,)), ("south", (2,))]),
    ("nobody sells it", to_ship(("Z", 1)), [("north", (1,))]),
    ("the same part twice uses the stock once", to_ship(("B", 1), ("B", 1), ("A", 5)),
     [("north", (1, 3)), ("south", (2,))]),
    ("nothing to ship", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("says", "lines", "expected"), SPLITS, ids=[row[0] for row in SPLITS])
def test_who_ships(says: str, lines: list[LineToShip], expected: list[tuple[str, tuple[int, ...]]]) -> None:
    allocations = rules.split_for_distributors(lines=lines, stock=[NORTH, SOUTH])
    assert allocations == tuple(Allocation(*row) for row in expected)


@given(wanted=st.lists(st.tuples(st.sampled_from("ABCZ"), st.integers(1, 6)), max_size=6))
def test_every_line_is_shipped_by_exactly_one(wanted: list[tuple[str, int]]) -> None:
    allocations = rules.split_for_distributors(lines=to_ship(*wanted), stock=[NORTH, SOUTH])
    positions = [position for allocation in allocations for position in allocation.positions]
    assert sorted(positions) == list(range(1, len(wanted) + 1))


def test_a_dealer_without_a_distributor_is_an_error() -> None:
    with pytest.raises(ValueError, match="distributor"):
        rules.split_for_distributors(lines=to_ship(("A", 1)), stock=[])


PUT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FINE = BasketLineFacts(put_at=PUT, is_printer_in_use=True, is_sold=True, is_fitting=True, has_price=True)


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({}, "ready"),
        ({"latest_order_at": PUT - timedelta(hours=1)}, "ready"),
        ({"latest_order_at": PUT}, "ready"),
        ({"latest_order_at": PUT + timedelta(hours=1)}, "ordered_since"),
        ({"has_price": False}, "no_price"),
        ({"has_price": False, "is_fitting": False}, "does_not_fit"),
        ({"is_sold": False, "is_fitting": False}, "not_sold"),
        ({"is_printer_in_use": False, "is_sold": False}, "out_of_service"),
        ({"has_price": False, "latest_order_at": PUT + timedelta(hours=1)}, "no_price"),
    ],
)
def test_what_becomes_of_a_line_of_a_basket(changed: dict[str, Any], standing: str) -> None:
    """P31, P33."""
    assert rules.basket_standing(replace(FINE, **changed)) == standing


@pytest.mark.parametrize(
    ("put_on", "last_day"), [("2026-11-23", "2026-11-25"), ("2026-11-26", "2026-11-30"), ("2026-11-28", "2026-12-02")]
)
def test_a_basket_counts_for_three_working_days(put_on: str, last_day: str) -> None:
    """Put in on a Monday, a Thursday, a Saturday."""
    put, last = date.fromisoformat(put_on), date.fromisoformat(last_day)
    assert rules.basket_counts(put_on=put, on=put)
    assert rules.basket_counts(put_on=put, on=last)
    assert not rules.basket_counts(put_on=put, on=last + timedelta(days=1))
