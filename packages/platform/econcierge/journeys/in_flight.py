"""What is there already for a supply: ordered and not come yet, delivered and not put in, on the shelf (P27, P31).

The one truth that pages, notices and automatic orders go by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.db.models import Q

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.catalogue import queries as catalogue
from econcierge.core import clock, wording
from econcierge.fleet.models import Printer
from econcierge.orders import holidays
from econcierge.orders import queries as orders
from econcierge.orders import rules as order_rules
from econcierge.orders.models import BasketLine, OrderLine
from econcierge.orders.types import LineState
from econcierge.supplies import lives
from econcierge.supplies.models import Cartridge
from econcierge.supplies.types import CartridgeKind

OPEN = (
    LineState.PLACED,
    LineState.ACCEPTED,
    LineState.BACK_ORDERED,
    LineState.PARTIALLY_SHIPPED,
    LineState.SHIPPED,
)
SHELF_HOLDS_DAYS = 14  # after so long a spare on the shelf is looked for again
KEPT_DAYS = 180  # a delivery nobody saw go into the printer for so long is not counted on any more
LATE_AFTER_DAYS = 2  # business goes on for a day or two before a day that was only expected has failed
PUT_IN_WITHIN_DAYS = 14
BASKET_SAID_DAYS = 30  # a line that has lain in a basket for longer is not worth a sentence
UNDATED_FAILS_AFTER_DAYS = 10  # ordered, and nobody ever said when it comes

Place = tuple[int, str, str]  # printer, kind and colour


class Placed(Protocol):
    """Anything that stands in one place of a printer: a slot, an episode."""

    @property
    def printer_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def colour(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of an order for a printer. `arrived_on` None: it has not come yet, `quantity` of it are awaited."""

    printer_id: int
    kind: str
    colour: str
    name: str
    printer: str
    order_id: int
    order_number: str
    state: str
    expected_on: date | None
    quantity: int = 1
    ordered_on: date | None = None
    arrived_on: date | None = None

    @property
    def is_here(self) -> bool:
        return self.arrived_on is not None

    @property
    def is_back_ordered(self) -> bool:
        return self.state == LineState.BACK_ORDERED

    @property
    def place(self) -> Place:
        return (self.printer_id, self.kind, self.colour)

    @property
    def fails_on(self) -> date | None:
        """From this day on it is no longer to be relied on; None: it never was (back-ordered without a date)."""
        if self.arrived_on is not None:
            return self.arrived_on + timedelta(days=PUT_IN_WITHIN_DAYS)
        if self.expected_on is not None:
            return self.expected_on + timedelta(days=LATE_AFTER_DAYS + 1)
        if self.is_back_ordered or self.ordered_on is None:
            return None
        return self.ordered_on + timedelta(days=UNDATED_FAILS_AFTER_DAYS)

    def can_be_relied_on(self, *, on: date) -> bool:
        return self.fails_on is not None and on < self.fails_on


def coming(scope: Scope, *, printer_ids: Iterable[int], now: datetime) -> list[Coming]:
    """By the day it is expected, what has not come yet first; two queries, a third where something was delivered."""
    on = clock.day_of(now)
    mine = accounts.limit(scope, OrderLine.objects.filter(printer_id__in=list(printer_ids)))
    matters = Q(state__in=OPEN) | Q(quantity_delivered__gt=0, delivered_on__gte=on - timedelta(days=KEPT_DAYS))
    lines = list(mine.filter(matters).select_related("part", "order", "printer").order_by("order__expected_on", "id"))
    awaited = [_coming(line, line.quantity - line.quantity_delivered) for line in lines if _is_awaited(line)]
    return awaited + _not_put_in(scope, [line for line in lines if line.quantity_delivered and line.delivered_on])


@dataclass(frozen=True, slots=True)
class InBasket:
    """A supply in somebody's basket: a wish, no order. Not `counts`: so long ago that it is taken for forgotten."""

    printer_id: int
    kind: str
    colour: str
    user_id: int
    person: str
    put_on: date
    counts: bool

    @property
    def place(self) -> Place:
        return (self.printer_id, self.kind, self.colour)


def in_baskets(scope: Scope, *, printer_ids: Iterable[int], ordered: Iterable[Coming], now: datetime) -> list[InBasket]:
    """Whoever's, the latest first, without what was ordered since; one query."""
    on = clock.day_of(now)
    taken: dict[Place, date] = {}
    for one in ordered:
        if one.ordered_on is not None:
            taken[one.place] = max(one.ordered_on, taken.get(one.place, one.ordered_on))
    since = now - timedelta(days=BASKET_SAID_DAYS)
    found = [_in_basket(line, on=on) for line in orders.in_baskets(scope, printer_ids=printer_ids, since=since)]
    return [one for one in found if one.place not in taken or taken[one.place] < one.put_on]


def places(found: Iterable[Coming]) -> set[Place]:
    """Where these go: printer, kind and colour."""
    return {one.place for one in found}


def for_slot(found: Iterable[Coming], slot: Placed) -> list[Coming]:
    """Those of these that go into that slot."""
    place = (slot.printer_id, slot.kind, slot.colour)
    return [one for one in found if one.place == place]


def covers(found: Iterable[Coming], slot: Placed) -> bool:
    """Whether one of these goes into that slot: same printer, kind and colour."""
    return bool(for_slot(found, slot))


def reliable(found: Iterable[Coming], *, on: date) -> list[Coming]:
    """Those that are neither late nor forgotten: nobody has to do anything about what they are for."""
    return [one for one in found if one.can_be_relied_on(on=on)]


def spares(found: Iterable[Coming]) -> int:
    """How many of these are there already and only have to be put in."""
    return sum(one.quantity for one in found if one.is_here)


def on_shelf(scope: Scope, *, printers: Iterable[Printer]) -> dict[Place, int]:
    """How many counted spares lie on the site's shelf for each place of these printers; shared with its neighbours.

    One query where nobody has counted anything.
    """
    found = list(printers)
    spares = [one for one in lives.spares(scope, site_ids={one.site_id for one in found}) if one.quantity]
    if not spares:
        return {}
    pairs = catalogue.fitting_pairs(
        part_ids=[one.part_id for one in spares], model_ids={one.model_id for one in found if one.model_id}
    )
    there: dict[Place, int] = defaultdict(int)
    for printer in found:
        for spare in spares:
            if spare.site_id == printer.site_id and (spare.part_id, printer.model_id) in pairs:
                there[printer.pk, spare.kind, spare.colour] += spare.quantity
    return there


def _in_basket(line: BasketLine, *, on: date) -> InBasket:
    put_on = clock.day_of(line.put_at)
    closed = holidays.from_year_of(region=line.printer.site.region, on=put_on)
    return InBasket(
        printer_id=line.printer_id,
        kind=line.part.kind,
        colour=line.part.colour,
        user_id=line.user_id,
        person=str(line.user),
        put_on=put_on,
        counts=order_rules.basket_counts(put_on=put_on, on=on, holidays=closed),
    )


def _is_awaited(line: OrderLine) -> bool:
    return line.state in OPEN and line.quantity > line.quantity_delivered


def _coming(line: OrderLine, quantity: int, *, arrived_on: date | None = None) -> Coming:
    return Coming(
        printer_id=line.printer_id,
        kind=line.part.kind,
        colour=line.part.colour,
        name=wording.supply(line.part.kind, line.part.colour),
        printer=line.printer.name,
        order_id=line.order_id,
        order_number=line.order.number,
        state=line.state,
        expected_on=line.order.expected_on,
        quantity=quantity,
        ordered_on=clock.day_of(line.order.placed_at),
        arrived_on=arrived_on,
    )


def _not_put_in(scope: Scope, delivered: Sequence[OrderLine]) -> list[Coming]:
    """What is left of deliveries after the cartridges that came into their places since, the oldest used up first."""
    if not delivered:
        return []
    put_in = _put_in(scope, delivered)
    found = []
    for line in sorted(delivered, key=lambda one: (one.delivered_on, one.pk)):
        days = put_in[line.printer_id, line.part.kind, line.part.colour]
        used = [day for day in days if day >= line.delivered_on][: line.quantity_delivered]
        for day in used:
            days.remove(day)
        if left := line.quantity_delivered - len(used):
            found.append(_coming(line, left, arrived_on=line.delivered_on))
    return found


def _put_in(scope: Scope, delivered: Sequence[OrderLine]) -> dict[Place, list[date]]:
    """The days on which another cartridge was seen to come into these places, in their order."""
    first = min(line.delivered_on for line in delivered)
    came = accounts.limit(scope, Cartridge.objects.filter(slot__printer_id__in={one.printer_id for one in delivered}))
    rows = came.filter(kind=CartridgeKind.REPLACED.value, installed_at__date__gte=first).order_by("installed_at", "id")
    days: dict[Place, list[date]] = defaultdict(list)
    for printer_id, kind, colour, at in rows.values_list(
        "slot__printer_id", "slot__kind", "slot__colour", "installed_at"
    ):
        days[printer_id, kind, colour].append(clock.day_of(at))
    return days
