"""An order's life as a table of legal moves, and the days it promises (R22 to R24)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from econcierge.core.errors import IllegalMove
from econcierge.orders import types as t

S = t.LineState

MOVES: dict[t.LineState, frozenset[t.LineState]] = {
    S.DRAFT: frozenset({S.PLACED, S.CANCELLED}),
    S.PLACED: frozenset({S.ACCEPTED, S.BACK_ORDERED, S.REFUSED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.BACK_ORDERED, S.PARTIALLY_SHIPPED, S.SHIPPED, S.REFUSED, S.CANCELLED}),
    S.BACK_ORDERED: frozenset({S.ACCEPTED, S.PARTIALLY_SHIPPED, S.SHIPPED, S.REFUSED, S.CANCELLED}),
    S.PARTIALLY_SHIPPED: frozenset({S.SHIPPED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.RETURNED}),
    S.DELIVERED: frozenset({S.RETURNED}),
    S.REFUSED: frozenset(),
    S.CANCELLED: frozenset(),
    S.RETURNED: frozenset(),
}
UNDONE = frozenset({S.REFUSED, S.CANCELLED, S.RETURNED})
ON_ITS_WAY = frozenset({S.PARTIALLY_SHIPPED, S.SHIPPED, S.DELIVERED})

SHIPPING_PROMISE = timedelta(hours=24)
BASKET_COUNTS_BUSINESS_DAYS = 3  # so long a line in somebody's basket is taken for a wish, then for forgotten


def move(*, state: t.LineState, to: t.LineState) -> t.LineState:
    """The state after a legal move; raises `IllegalMove`."""
    if to not in MOVES[state]:
        raise IllegalMove(from_state=state, to_state=to)
    return to


def moves_between(*, state: t.LineState, to: t.LineState) -> tuple[t.LineState, ...]:
    """The fewest legal moves from one state to another, for news that skipped a step; raises `IllegalMove`.

    Nothing when it is there already. Never goes through an undone state.
    """
    waiting: deque[tuple[t.LineState, ...]] = deque([(state,)])
    seen = {state}
    while waiting:
        path = waiting.popleft()
        if path[-1] is to:
            return path[1:]
        for following in sorted(MOVES[path[-1]] - seen):
            seen.add(following)
            waiting.append((*path, following))
    raise IllegalMove(from_state=state, to_state=to)


def order_state(*, lines: Iterable[t.LineState]) -> t.OrderState:
    """What an order is, from its lines; undone lines say nothing while another is left."""
    states = tuple(lines)
    living = [state for state in states if state not in UNDONE]
    if not living:
        return _undone_state(states)
    if len(set(living)) == 1:
        return t.OrderState(living[0])
    if ON_ITS_WAY.intersection(living):
        is_all_shipped = set(living) <= {S.SHIPPED, S.DELIVERED}
        return t.OrderState.SHIPPED if is_all_shipped else t.OrderState.PARTIALLY_SHIPPED
    return t.OrderState(next(s for s in (S.DRAFT, S.PLACED, S.BACK_ORDERED) if s in living))


def ships_by(*, placed_at: datetime) -> datetime:
    """The moment by which an order has to be shipped: 24 hours after it was placed (R22)."""
    return placed_at + SHIPPING_PROMISE


def delivery_options(
    *, on: date, lead_business_days: int, terms: Sequence[t.DeliveryTerms],
    holidays: frozenset[date] = frozenset(),
) -> tuple[t.DeliveryOption, ...]:  # fmt: skip
    """The choices at check-out with their dates, in the order of the terms (R23).

    `lead_business_days` is how long the distributor takes to ship (stock on hand: 1).
    """
    ships_on = business_day_after(day=on, days=max(lead_business_days, 0), holidays=holidays)
    return tuple(
        t.DeliveryOption(
            kind=term.kind,
            ships_on=ships_on,
            expected_on=business_day_after(day=ships_on, days=term.transit_business_days, holidays=holidays),
            price_minor=term.price_minor,
        )
        for term in terms
    )


def business_day_after(*, day: date, days: int, holidays: frozenset[date] = frozenset()) -> date:
    """So many business days later; 0 days is the day itself, or the next business day when it is none."""
    while not _is_business_day(day, holidays):
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not _is_business_day(day, holidays):
            day += timedelta(days=1)
    return day


def basket_standing(facts: t.BasketLineFacts) -> t.BasketStanding:
    """Whether a basket's line is ordered at check-out; the first reason why not, the most final one first (P31)."""
    if not facts.is_printer_in_use:
        return t.BasketStanding.OUT_OF_SERVICE
    if not facts.is_sold:
        return t.BasketStanding.NOT_SOLD
    if not facts.is_fitting:
        return t.BasketStanding.DOES_NOT_FIT
    if not facts.has_price:
        return t.BasketStanding.NO_PRICE
    if facts.latest_order_at is not None and facts.latest_order_at > facts.put_at:
        return t.BasketStanding.ORDERED_SINCE
    return t.BasketStanding.READY


def basket_counts(*, put_on: date, on: date, holidays: frozenset[date] = frozenset()) -> bool:
    """Whether who put it there is still expected to order it. It is no order: it holds back no notice."""
    return on < business_day_after(day=put_on, days=BASKET_COUNTS_BUSINESS_DAYS, holidays=holidays)


def split_for_distributors(
    *, lines: Sequence[t.LineToShip], stock: Sequence[t.DistributorStock]
) -> tuple[t.Allocation, ...]:
    """Who ships which line; `stock` in the dealer's order of preference, and not empty.

    One distributor that holds everything gets everything (one parcel). Otherwise each line goes to the first
    that holds it whole, else to the first that sells it, else to the first of all; a line is never divided.
    """
    if not stock:
        raise ValueError("a dealer without a distributor can ship nothing")
    whole = next((s for s in stock if _holds_all(s, lines)), None)
    if whole is not None:
        return (t.Allocation(whole.distributor, tuple(line.position for line in lines)),) if lines else ()
    left = {s.distributor: dict(s.quantities) for s in stock}
    given: dict[str, list[int]] = {}
    for line in lines:
        distributor = _ships(line, stock, left)
        left[distributor][line.part_number] = left[distributor].get(line.part_number, 0) - line.quantity
        given.setdefault(distributor, []).append(line.position)
    return tuple(t.Allocation(s.distributor, tuple(given[s.distributor])) for s in stock if s.distributor in given)


def _undone_state(states: tuple[t.LineState, ...]) -> t.OrderState:
    for state in (S.RETURNED, S.CANCELLED, S.REFUSED):
        if state in states:
            return t.OrderState(state)
    return t.OrderState.DRAFT


def _is_business_day(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def _holds_all(stock: t.DistributorStock, lines: Sequence[t.LineToShip]) -> bool:
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.part_number] = wanted.get(line.part_number, 0) + line.quantity
    return all(stock.quantities.get(part, 0) >= quantity for part, quantity in wanted.items())


def _ships(line: t.LineToShip, stock: Sequence[t.DistributorStock], left: dict[str, dict[str, int]]) -> str:
    holding = [s for s in stock if left[s.distributor].get(line.part_number, 0) >= line.quantity]
    selling = [s for s in stock if line.part_number in s.quantities]
    return (*holding, *selling, *stock)[0].distributor
