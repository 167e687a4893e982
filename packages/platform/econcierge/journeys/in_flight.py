"""What is there already for a supply: ordered and not come yet, delivered and not put in, on the shelf (P27, P31).

The one truth that pages, notices and automatic orders go by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.alerts.models import Episode
from econcierge.alerts.types import Threshold
from econcierge.catalogue import queries as catalogue
from econcierge.core import clock, wording
from econcierge.fleet.models import Printer
from econcierge.journeys import places as printer_places
from econcierge.journeys.places import Place as Place
from econcierge.journeys.places import Placed, place_of
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
PUT_IN_WITHIN_DAYS = 14  # from the day on which it is here and needed
BASKET_SAID_DAYS = 30  # a line that has lain in a basket for longer is not worth a sentence
UNDATED_FAILS_AFTER_DAYS = 10  # ordered, and nobody ever said when it comes


@dataclass(frozen=True, slots=True)
class Coming:
    """What one line of an order brings for one place of a printer: `kind` and `colour` are those of the place.

    `arrived_on` None: it has not come yet, `quantity` of it are awaited. `needed_on`: since when what is in the place
    is almost empty.
    """

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
    needed_on: date | None = None

    @property
    def is_here(self) -> bool:
        return self.arrived_on is not None

    @property
    def is_back_ordered(self) -> bool:
        return self.state == LineState.BACK_ORDERED

    @property
    def place(self) -> Place:
        return place_of(self)

    @property
    def fails_on(self) -> date | None:
        """From this day on it is no longer to be relied on; None: it never was (back-ordered without a date).

        A spare waits for as long as nobody needs it.
        """
        if self.arrived_on is not None:
            if self.needed_on is None:
                return self.arrived_on + timedelta(days=KEPT_DAYS)
            return max(self.arrived_on, self.needed_on) + timedelta(days=PUT_IN_WITHIN_DAYS)
        if self.expected_on is not None:
            return self.expected_on + timedelta(days=LATE_AFTER_DAYS + 1)
        if self.is_back_ordered or self.ordered_on is None:
            return None
        return self.ordered_on + timedelta(days=UNDATED_FAILS_AFTER_DAYS)

    def can_be_relied_on(self, *, on: date) -> bool:
        return self.fails_on is not None and on < self.fails_on


def coming(scope: Scope, *, printer_ids: Iterable[int], now: datetime) -> list[Coming]:
    """By the day it is expected, what has not come yet first.

    One query where nothing is, two more where something is, and another two where something was delivered.
    """
    on = clock.day_of(now)
    mine = accounts.limit(scope, OrderLine.objects.filter(printer_id__in=list(printer_ids)))
    matters = Q(state__in=OPEN) | Q(quantity_delivered__gt=0, delivered_on__gte=on - timedelta(days=KEPT_DAYS))
    lines = list(mine.filter(matters).select_related("part", "order", "printer").order_by("order__expected_on", "id"))
    if not lines:
        return []
    places = printer_places.places(scope, printer_ids={line.printer_id for line in lines})
    here = _not_put_in(scope, places, [line for line in lines if line.quantity_delivered and line.delivered_on])
    awaited = [(line, line.quantity - line.quantity_delivered) for line in lines if _is_awaited(line)]
    return [one for line, left in awaited for one in _coming(line, places, left)] + here


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
        return place_of(self)


def in_baskets(scope: Scope, *, printer_ids: Iterable[int], ordered: Iterable[Coming], now: datetime) -> list[InBasket]:
    """Whoever's, the latest first, without what was ordered since; one query, two where there is any."""
    on = clock.day_of(now)
    taken: dict[Place, date] = {}
    for one in ordered:
        if one.ordered_on is not None:
            taken[one.place] = max(one.ordered_on, taken.get(one.place, one.ordered_on))
    since = now - timedelta(days=BASKET_SAID_DAYS)
    lines = orders.in_baskets(scope, printer_ids=printer_ids, since=since)
    places = printer_places.places(scope, printer_ids={line.printer_id for line in lines})
    found = [_in_basket(line, place, on=on) for line in lines for place in places.give(_part(line), quantity=1)]
    return [one for one in found if one.place not in taken or taken[one.place] < one.put_on]


def places(found: Iterable[Coming]) -> set[Place]:
    """Where these go: printer, kind and colour."""
    return {one.place for one in found}


def for_slot(found: Iterable[Coming], slot: Placed) -> list[Coming]:
    """Those of these that go into that slot."""
    return [one for one in found if one.place == place_of(slot)]


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

    A spare that fits several places is there for each of them. One query where nobody has counted anything.
    """
    found = {printer.pk: printer for printer in printers}
    spares = [one for one in lives.spares(scope, site_ids={one.site_id for one in found.values()}) if one.quantity]
    if not spares:
        return {}
    pairs = catalogue.fitting_pairs(
        part_ids=[one.part_id for one in spares], model_ids={one.model_id for one in found.values() if one.model_id}
    )
    there: dict[Place, int] = defaultdict(int)
    places = printer_places.places(scope, printer_ids=found)
    for printer in found.values():
        for spare in spares:
            if spare.site_id == printer.site_id and (spare.part_id, printer.model_id) in pairs:
                for place in places.taking((printer.pk, spare.kind, spare.colour)):
                    there[place] += spare.quantity
    return there


def _part(line: BasketLine | OrderLine) -> Place:
    return (line.printer_id, line.part.kind, line.part.colour)


def _in_basket(line: BasketLine, place: Place, *, on: date) -> InBasket:
    put_on = clock.day_of(line.put_at)
    closed = holidays.from_year_of(region=line.printer.site.region, on=put_on)
    return InBasket(
        printer_id=line.printer_id,
        kind=place[1],
        colour=place[2],
        user_id=line.user_id,
        person=str(line.user),
        put_on=put_on,
        counts=order_rules.basket_counts(put_on=put_on, on=on, holidays=closed),
    )


def _is_awaited(line: OrderLine) -> bool:
    return line.state in OPEN and line.quantity > line.quantity_delivered


def _coming(
    line: OrderLine, places: printer_places.Places, quantity: int, *, arrived_on: date | None = None
) -> list[Coming]:
    return [
        Coming(
            printer_id=line.printer_id,
            kind=kind,
            colour=colour,
            name=wording.supply(line.part.kind, line.part.colour),
            printer=line.printer.name,
            order_id=line.order_id,
            order_number=line.order.number,
            state=line.state,
            expected_on=line.order.expected_on,
            quantity=given,
            ordered_on=clock.day_of(line.order.placed_at),
            arrived_on=arrived_on,
        )
        for (_printer_id, kind, colour), given in places.give(_part(line), quantity=quantity).items()
    ]


def _not_put_in(scope: Scope, places: printer_places.Places, delivered: Sequence[OrderLine]) -> list[Coming]:
    """What is left of deliveries after the cartridges that came into their places since, the oldest used up first."""
    if not delivered:
        return []
    put_in, found = _put_in(scope, delivered), []
    for line in sorted(delivered, key=lambda one: (one.delivered_on, one.pk)):
        came = [one for one in put_in if one[1] >= line.delivered_on and printer_places.takes(one[0], part=_part(line))]
        used = came[: line.quantity_delivered]
        for one in used:
            put_in.remove(one)
        if left := line.quantity_delivered - len(used):
            found += _coming(line, places, left, arrived_on=line.delivered_on)
    needed = _needed(scope, {one.printer_id for one in found})
    return [replace(one, needed_on=needed.get(one.place)) for one in found]


def _put_in(scope: Scope, delivered: Sequence[OrderLine]) -> list[tuple[Place, date]]:
    """The days on which another cartridge was seen to come into a place of these printers, in their order."""
    first = min(line.delivered_on for line in delivered)
    came = accounts.limit(scope, Cartridge.objects.filter(slot__printer_id__in={one.printer_id for one in delivered}))
    rows = came.filter(kind=CartridgeKind.REPLACED.value, installed_at__date__gte=first).order_by("installed_at", "id")
    values = rows.values_list("slot__printer_id", "slot__kind", "slot__colour", "installed_at")
    return [((printer_id, kind, colour), clock.day_of(at)) for printer_id, kind, colour, at in values]


def _needed(scope: Scope, printer_ids: Iterable[int]) -> dict[Place, date]:
    """Since when places of these printers hold something that is almost empty."""
    episodes = Episode.objects.filter(
        slot__printer_id__in=list(printer_ids), threshold=Threshold.ALMOST_EMPTY.value, closed_at__isnull=True
    )
    values = accounts.limit(scope, episodes).values_list("slot__printer_id", "slot__kind", "slot__colour", "opened_at")
    return {(printer_id, kind, colour): clock.day_of(at) for printer_id, kind, colour, at in values}
