"""What the figures of a month are counted from, for many customers at once: levels, orders, cartridges, sayings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.alerts.models import Episode
from econcierge.alerts.types import Threshold
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.catalogue.models import Part
from econcierge.core import clock
from econcierge.fleet.models import Printer
from econcierge.forecasting import saying
from econcierge.forecasting.models import Said
from econcierge.journeys import premature
from econcierge.journeys.places import Place, takes
from econcierge.orders.models import Order, OrderLine
from econcierge.orders.types import DeliveryKind
from econcierge.replenishment import months, queries, report
from econcierge.replenishment import report_types as t
from econcierge.supplies import lives
from econcierge.supplies import types as supplies
from econcierge.supplies.models import Cartridge, LevelChange, ShelfCount

EMPTY_PERCENT = 0
# How long before the month a cartridge may have run empty and still be empty in it.
EMPTY_LOOKED_BACK = timedelta(days=60)
USED_UP_PERCENT = 10  # with more left, nobody knows when it would have been empty


@dataclass(frozen=True, slots=True)
class Span:
    """A month as moments, cut off at the present."""

    month: date
    start: datetime
    end: datetime


def span(month: date, *, now: datetime) -> Span:
    return Span(month, months.starts_at(month), min(months.starts_at(months.after(month)), now))


def printers(scope: Scope, ids: Collection[int], span: Span) -> dict[int, Printer]:
    """Those that were in use in the month."""
    found = accounts.limit(scope, Printer.objects.filter(customer_id__in=ids)).exclude(retired_at__lt=span.start)
    return {printer.pk: printer for printer in found.select_related("site")}


def stock_outs(
    scope: Scope, ids: Collection[int], printers: Mapping[int, Printer], span: Span
) -> dict[int, list[t.StockOut]]:
    spells = _empty_spells(scope, ids, span)
    places = {spell.place for spell in spells}
    delivered, came = _delivered(scope, places), _came(scope, places)
    shelf = _Shelf(scope, [printers[place[0]] for place in places if place[0] in printers])
    found: dict[int, list[t.StockOut]] = defaultdict(list)
    for spell in spells:
        printer = printers.get(spell.place[0])
        days = report.days_within(from_at=spell.from_at, to_at=spell.to_at, start=span.start, end=span.end)
        on = clock.day_of(spell.from_at)
        parts = {part: found for part, found in delivered.items() if takes(spell.place, part=part)}
        spare = report.had_spare(
            delivered=[one for each in parts.values() for one in each],
            came=[day for place, day in came if any(takes(place, part=part) for part in parts)],
            on=on,
        )
        if printer is None or days <= 0 or spare or shelf.had_spare(printer, spell):
            continue
        _printer_id, kind, colour = spell.place
        out = t.StockOut(printer.pk, printer.name, kind, colour, spell.from_at, spell.to_at, days)
        found[printer.customer_id].append(out)
    return found


@dataclass(frozen=True, slots=True)
class _Spell:
    place: Place
    from_at: datetime
    to_at: datetime | None


def _empty_spells(scope: Scope, ids: Collection[int], span: Span) -> list[_Spell]:
    """From the first 0 % of a cartridge until it said more, or left; only what is consumed can be empty.

    A single 0 % that the same cartridge took back with its next level was a wild reading, and no spell.
    """
    zero = accounts.limit(
        scope,
        LevelChange.objects.filter(
            customer_id__in=ids, percent__lte=EMPTY_PERCENT, at__gte=span.start - EMPTY_LOOKED_BACK, at__lt=span.end,
            cartridge__isnull=False, slot__supply_class="consumed",
        ),
    )  # fmt: skip
    after = LevelChange.objects.filter(
        customer_id=OuterRef("customer_id"), slot_id=OuterRef("slot_id"), at__gt=OuterRef("at"),
        percent__gt=EMPTY_PERCENT,
    ).order_by("at")  # fmt: skip
    rows = zero.annotate(full_at=Subquery(after.values("at")[:1])).order_by("slot_id", "at")
    found: dict[tuple[int, datetime | None], _Spell] = {}
    confirmed: set[tuple[int, datetime | None]] = set()
    for slot_id, printer_id, kind, colour, at, full_at, left_at, read_at in rows.values_list(
        "slot_id", "slot__printer_id", "slot__kind", "slot__colour", "at", "full_at", "cartridge__removed_at",
        "slot__read_at",
    ):  # fmt: skip
        to_at = min((moment for moment in (full_at, left_at) if moment is not None), default=None)
        key = (slot_id, to_at)
        is_still_empty = to_at is None and read_at is not None and read_at > at  # history keeps changes only
        if key in found or is_still_empty or (left_at is not None and to_at == left_at):
            confirmed.add(key)
        found.setdefault(key, _Spell((printer_id, kind, colour), at, to_at))
    return [spell for key, spell in found.items() if key in confirmed]


class _Shelf:
    """What people counted on the shelves of some printers' sites, and what was put in since; three queries."""

    def __init__(self, scope: Scope, printers: Collection[Printer]) -> None:
        sites = {printer.site_id for printer in printers}
        counts = accounts.limit(scope, ShelfCount.objects.filter(site_id__in=sites)).select_related("part")
        self._counts: dict[tuple[int, Part], list[tuple[datetime, int]]] = defaultdict(list)
        for row in counts:
            self._counts[row.site_id, row.part].append((row.counted_at, row.quantity))
        self._fitting: set[tuple[int, int]] = set()
        self._came: dict[int, list[_Came]] = defaultdict(list)
        if self._counts:
            models = {printer.model_id for printer in printers if printer.model_id is not None}
            parts = {part.pk for _site_id, part in self._counts}
            self._fitting = catalogue.fitting_pairs(part_ids=parts, model_ids=models)
            self._read_what_came(scope, sites)

    def _read_what_came(self, scope: Scope, sites: Collection[int]) -> None:
        rows = Cartridge.objects.filter(
            slot__printer__site_id__in=sites, kind=supplies.CartridgeKind.REPLACED.value,
            installed_at__gt=min(at for counted in self._counts.values() for at, _quantity in counted),
        )  # fmt: skip
        for site_id, *came in accounts.limit(scope, rows).values_list(
            "slot__printer__site_id", "part_number", "slot__kind", "slot__colour", "installed_at"
        ):
            self._came[site_id].append(_Came(*came))

    def had_spare(self, printer: Printer, spell: _Spell) -> bool:
        """Whether a counted spare for this place lay on the shelf when it ran empty."""
        _printer_id, kind, colour = spell.place
        return any(
            report.was_on_shelf(
                counted=counted, came=[one.at for one in self._came[site_id] if one.may_be(part)], at=spell.from_at
            )
            for (site_id, part), counted in self._counts.items()
            if site_id == printer.site_id
            and catalogue_rules.goes_into(part.kind, part.colour, kind=kind, colour=colour)
            and (part.pk, printer.model_id) in self._fitting
        )


@dataclass(frozen=True, slots=True)
class _Came:
    """A cartridge that came into a printer; one that does not say its part may be any of its kind and colour."""

    part_number: str
    kind: str
    colour: str
    at: datetime

    def may_be(self, part: Part) -> bool:
        if self.part_number:
            return self.part_number == part.part_number
        return catalogue_rules.goes_into(part.kind, part.colour, kind=self.kind, colour=self.colour)


def _delivered(scope: Scope, places: Collection[Place]) -> dict[Place, list[t.Delivered]]:
    """By printer, kind and colour of the part."""
    lines = accounts.limit(scope, OrderLine.objects.filter(printer_id__in={place[0] for place in places}))
    rows = lines.filter(quantity_delivered__gt=0, delivered_on__isnull=False)
    found: dict[Place, list[t.Delivered]] = defaultdict(list)
    for printer_id, kind, colour, on, quantity in rows.values_list(
        "printer_id", "part__kind", "part__colour", "delivered_on", "quantity_delivered"
    ):
        found[printer_id, kind, colour].append(t.Delivered(on, quantity))
    return found


def _came(scope: Scope, places: Collection[Place]) -> list[tuple[Place, date]]:
    """The days on which another cartridge was seen to come into any place of these printers."""
    cartridges = Cartridge.objects.filter(slot__printer_id__in={place[0] for place in places})
    rows = accounts.limit(scope, cartridges).filter(kind=supplies.CartridgeKind.REPLACED.value)
    values = rows.values_list("slot__printer_id", "slot__kind", "slot__colour", "installed_at")
    return [((printer_id, kind, colour), clock.day_of(at)) for printer_id, kind, colour, at in values]


def orders(
    scope: Scope, ids: Collection[int], span: Span
) -> tuple[dict[int, list[t.RushOrder]], dict[int, list[Order]]]:
    placed = Order.objects.filter(customer_id__in=ids, placed_at__gte=span.start, placed_at__lt=span.end)
    mine = accounts.limit(scope, placed).exclude(state__in=queries.UNDONE).order_by("placed_at", "id")
    late = _placed_when_almost_empty(scope, mine)
    rush: dict[int, list[t.RushOrder]] = defaultdict(list)
    orders: dict[int, list[Order]] = defaultdict(list)
    for order in mine:
        orders[order.customer_id].append(order)
        is_faster = order.delivery != DeliveryKind.GROUND
        if is_faster or order.pk in late:
            why = t.RushReason.FASTER if is_faster else t.RushReason.ALMOST_EMPTY
            rush[order.customer_id].append(t.RushOrder(order.pk, order.number, order.placed_at, why))
    return rush, orders


def _placed_when_almost_empty(scope: Scope, orders: QuerySet[Order]) -> set[int]:
    """Orders with a line for a printer in which what it replaces was almost empty at that moment."""
    lines = OrderLine.objects.filter(order__in=orders.order_by(), printer__isnull=False)
    mine = accounts.limit(scope, lines)
    wanted = list(mine.values_list("order_id", "order__placed_at", "printer_id", "part__kind", "part__colour"))
    first = orders.order_by().aggregate(at=Min("placed_at"))["at"]
    opened: dict[int, list[tuple[Place, datetime, datetime | None]]] = defaultdict(list)
    if first is not None:
        episodes = Episode.objects.filter(
            slot__printer_id__in={row[2] for row in wanted}, threshold=Threshold.ALMOST_EMPTY.value
        ).exclude(closed_at__lt=first)
        for printer_id, kind, colour, at, closed_at in accounts.limit(scope, episodes).values_list(
            "slot__printer_id", "slot__kind", "slot__colour", "opened_at", "closed_at"
        ):
            opened[printer_id].append(((printer_id, kind, colour), at, closed_at))
    return {
        order_id
        for order_id, placed_at, printer_id, kind, colour in wanted
        if any(
            takes(place, part=(printer_id, kind, colour)) and at <= placed_at and (end is None or end > placed_at)
            for place, at, end in opened[printer_id]
        )
    }


def replaced_too_early(scope: Scope, printers: Mapping[int, Printer], span: Span) -> dict[int, list[t.Premature]]:
    """Cartridges that left too early, with what was left of their price (that of the month's end)."""
    last = clock.day_of(span.end - timedelta(microseconds=1))
    found: dict[int, list[t.Premature]] = defaultdict(list)
    for one in premature.wasted(scope, since=span.start, until=span.end, on=last, printer_ids=list(printers)):
        life = one.life
        assert life.left_at is not None  # what is still there was not replaced
        found[life.customer_id].append(
            t.Premature(
                printer_id=life.printer_id,
                printer=printers[life.printer_id].name,
                kind=life.supply_kind,
                colour=life.colour,
                left_at=life.left_at,
                percent=life.percent_when_left or 0.0,
                cost_minor=None if one.cost is None else one.cost.amount_minor,
            )
        )
    return found


def forecast_errors(
    scope: Scope, ids: Collection[int], printers: Mapping[int, Printer], span: Span
) -> dict[int, list[t.ForecastError]]:
    """Of used-up cartridges that left in the month: the day last said well ahead, and the day on which it was empty.

    What fills up runs out of nothing, so it is not among them.
    """
    gone = Q(cartridge__end_percent__isnull=True) | Q(cartridge__end_percent__lte=USED_UP_PERCENT)
    rows = Said.objects.filter(
        gone, customer_id__in=ids, cartridge__removed_at__gte=span.start, cartridge__removed_at__lt=span.end,
        slot__supply_class="consumed",
    )  # fmt: skip
    rows = accounts.limit(scope, rows).select_related("slot", "cartridge").order_by("cartridge_id", "said_on")
    by_cartridge: dict[int, list[Said]] = defaultdict(list)
    for row in rows:
        by_cartridge[row.cartridge_id].append(row)
    emptied_at = lives.emptied_at(scope, cartridge_ids=list(by_cartridge))
    found: dict[int, list[t.ForecastError]] = defaultdict(list)
    for cartridge_id, said in by_cartridge.items():
        slot, was_on = said[0].slot, clock.day_of(emptied_at.get(cartridge_id, said[0].cartridge.removed_at))
        every = [saying.Saying(one.said_on, one.p10_on, one.p50_on, one.p90_on) for one in said]
        counts = saying.that_counts(every, was_on=was_on)
        printer = printers.get(slot.printer_id)
        if counts is not None and printer is not None:
            error = t.ForecastError(printer.pk, printer.name, slot.kind, slot.colour, counts.p50_on, was_on)
            found[said[0].customer_id].append(error)
    return found
