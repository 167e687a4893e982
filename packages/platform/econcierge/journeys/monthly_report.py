"""What a month was like, for customers and their dealer: gathers what the figures are counted from (R16, P32).

Nothing is estimated: a figure without data is left out, and the page says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, OuterRef, QuerySet, Subquery

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.models import Customer, Dealer, Membership
from econcierge.accounts.types import Permission, Role, Scope
from econcierge.alerts.models import Episode
from econcierge.alerts.types import Threshold
from econcierge.catalogue import queries as catalogue
from econcierge.core import clock
from econcierge.fleet.models import Printer
from econcierge.notifications import operations as notifications
from econcierge.notifications.types import Kind
from econcierge.orders.models import Order, OrderLine
from econcierge.orders.rules import business_day_after
from econcierge.orders.types import DeliveryKind
from econcierge.replenishment import months, queries, report
from econcierge.replenishment import report_types as t
from econcierge.replenishment.models import MonthlyReport
from econcierge.supplies import lives
from econcierge.supplies import types as supplies
from econcierge.supplies.models import Cartridge, LevelChange

EMPTY_PERCENT = 0
# How long before the month a cartridge may have run empty and still be empty in it.
EMPTY_LOOKED_BACK = timedelta(days=60)
WHOLE = 100.0

Place = tuple[int, str, str]  # printer, kind and colour


@dataclass(frozen=True, slots=True)
class _Span:
    """A month as moments, cut off at the present."""

    month: date
    start: datetime
    end: datetime


def reports(scope: Scope, *, month: date, now: datetime, customer_ids: Collection[int] | None = None) -> list[t.Report]:
    """A month of every customer in the scope (or of some of them), by name; about twenty queries for all of them."""
    customers = list(accounts.customers(scope))
    if customer_ids is not None:
        customers = [one for one in customers if one.pk in customer_ids]
    span = _span(month, now=now)
    ids = [one.pk for one in customers]
    printers = _printers(scope, ids, span)
    outs = _stock_outs(scope, ids, printers, span)
    rush, orders = _orders(scope, ids, span)
    early = _premature(scope, customers, printers, span)
    minutes = queries.minutes_a_week(scope, customer_ids=ids)
    automatic = queries.placed_counts(scope, customer_ids=ids, start=span.start, end=span.end)
    return [
        t.Report(
            customer_id=one.pk,
            customer=one.name,
            month=month,
            printers=sum(printer.customer_id == one.pk for printer in printers.values()),
            stock_outs=tuple(outs[one.pk]),
            rush_orders=tuple(rush[one.pk]),
            premature=tuple(early[one.pk]),
            forecast_errors=None,
            orders=len(orders[one.pk]),
            orders_minor=sum(order.total_minor for order in orders[one.pk]),
            automatic=automatic.get(one.pk, 0),
            printer_weeks=sum(
                report.weeks_read(
                    first_at=printer.first_read_at, last_at=printer.last_read_at, start=span.start, end=span.end
                )
                for printer in printers.values()
                if printer.customer_id == one.pk
            ),
            minutes_a_week=minutes.get(one.pk),
        )
        for one in customers
    ]


def months_to_show(*, since: datetime, now: datetime, most: int = 13) -> list[date]:
    """The months that are over, the last one first, since somebody became a customer."""
    first = months.first_of(clock.day_of(since))
    month = months.before(months.first_of(clock.day_of(now)))
    found: list[date] = []
    while month >= first and len(found) < most:
        found.append(month)
        month = months.before(month)
    return found


def is_due(*, now: datetime) -> bool:
    """From the first working day of a month on."""
    on = clock.day_of(now)
    return on >= business_day_after(day=months.first_of(on), days=0)


def tell(*, now: datetime) -> int:
    """Tells the last month to customers that were not told yet, and to their dealers; how many customers.

    Needs the scope of everything. Who joined in this month hears of it in the next.
    """
    if not is_due(now=now):
        return 0
    month = months.before(months.first_of(clock.day_of(now)))
    told = set(MonthlyReport.objects.filter(month=month).values_list("customer_id", flat=True))
    started = months.starts_at(months.after(month))
    waiting = Customer.objects.filter(left_at__isnull=True, created_at__lt=started).exclude(pk__in=told)
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        return 0
    found = reports(Scope.everything(), month=month, now=now, customer_ids=ids)
    by_dealer: dict[int, list[t.Report]] = defaultdict(list)
    dealers = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "dealer_id"))
    for one in found:
        _tell_customer(one, now=now)
        by_dealer[dealers[one.customer_id]].append(one)
    for dealer in Dealer.objects.filter(pk__in=by_dealer):
        _tell_dealer(dealer, by_dealer[dealer.pk], month=month, now=now)
    return len(found)


def _tell_customer(one: t.Report, *, now: datetime) -> None:
    figures = report.figures(one)
    rows = [asdict(figure) for figure in figures]
    MonthlyReport.objects.create(customer_id=one.customer_id, month=one.month, made_at=now, figures=rows)
    people = accounts.people(Scope.everything(), customer_id=one.customer_id)
    _tell(people, customer_id=one.customer_id, who=one.customer, month=one.month, figures=figures, now=now)


def _tell_dealer(dealer: Dealer, found: list[t.Report], *, month: date, now: datetime) -> None:
    people = accounts.dealer_people(dealer_id=dealer.pk)
    _tell(people, customer_id=None, who=dealer.name, month=month, figures=report.total(found), now=now)


def _tell(
    people: Iterable[Membership],
    *,
    customer_id: int | None,
    who: str,
    month: date,
    figures: Iterable[t.Figure],
    now: datetime,
) -> None:
    """To those who look after the printers, or lead the dealer's people."""
    rows = [asdict(figure) for figure in figures]
    outs = next(row["count"] for row in rows if row["code"] == "stock_outs")
    notifications.notify(
        kind=Kind.MONTHLY_REPORT,
        users=[person.user for person in people if roles.may(Role(person.role), Permission.MANAGE_PEOPLE)],
        customer_id=customer_id,
        key=f"report-{month:%Y-%m}-{customer_id or 'dealer'}",
        context={
            "month": month.isoformat(),
            "who": who,
            "stock_outs": outs,
            "rows": rows,
            "path": f"/report/?month={month:%Y-%m}",
        },
        now=now,
    )


def _span(month: date, *, now: datetime) -> _Span:
    return _Span(month, months.starts_at(month), min(months.starts_at(months.after(month)), now))


def _printers(scope: Scope, ids: Collection[int], span: _Span) -> dict[int, Printer]:
    """Those that were in use in the month."""
    found = accounts.limit(scope, Printer.objects.filter(customer_id__in=ids)).exclude(retired_at__lt=span.start)
    return {printer.pk: printer for printer in found.select_related("site")}


def _stock_outs(
    scope: Scope, ids: Collection[int], printers: Mapping[int, Printer], span: _Span
) -> dict[int, list[t.StockOut]]:
    spells = _empty_spells(scope, ids, span)
    places = {spell.place for spell in spells}
    delivered, came = _delivered(scope, places), _came(scope, places)
    found: dict[int, list[t.StockOut]] = defaultdict(list)
    for spell in spells:
        printer = printers.get(spell.place[0])
        days = report.days_within(from_at=spell.from_at, to_at=spell.to_at, start=span.start, end=span.end)
        on = clock.day_of(spell.from_at)
        spare = report.had_spare(delivered=delivered[spell.place], came=came[spell.place], on=on)
        if printer is None or days <= 0 or spare:
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


def _empty_spells(scope: Scope, ids: Collection[int], span: _Span) -> list[_Spell]:
    """From the first 0 % of a cartridge until it said more, or left; only what is consumed can be empty."""
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
    for slot_id, printer_id, kind, colour, at, full_at, left_at in rows.values_list(
        "slot_id", "slot__printer_id", "slot__kind", "slot__colour", "at", "full_at", "cartridge__removed_at"
    ):
        ends = [moment for moment in (full_at, left_at) if moment is not None]
        to_at = min(ends, default=None)
        found.setdefault((slot_id, to_at), _Spell((printer_id, kind, colour), at, to_at))
    return list(found.values())


def _delivered(scope: Scope, places: Collection[Place]) -> dict[Place, list[t.Delivered]]:
    lines = accounts.limit(scope, OrderLine.objects.filter(printer_id__in={place[0] for place in places}))
    rows = lines.filter(quantity_delivered__gt=0, delivered_on__isnull=False)
    found: dict[Place, list[t.Delivered]] = defaultdict(list)
    for printer_id, kind, colour, on, quantity in rows.values_list(
        "printer_id", "part__kind", "part__colour", "delivered_on", "quantity_delivered"
    ):
        found[printer_id, kind, colour].append(t.Delivered(on, quantity))
    return found


def _came(scope: Scope, places: Collection[Place]) -> dict[Place, list[date]]:
    cartridges = Cartridge.objects.filter(slot__printer_id__in={place[0] for place in places})
    rows = accounts.limit(scope, cartridges).filter(kind=supplies.CartridgeKind.REPLACED.value)
    found: dict[Place, list[date]] = defaultdict(list)
    for printer_id, kind, colour, at in rows.values_list(
        "slot__printer_id", "slot__kind", "slot__colour", "installed_at"
    ):
        found[printer_id, kind, colour].append(clock.day_of(at))
    return found


def _orders(
    scope: Scope, ids: Collection[int], span: _Span
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
    """Orders with a line for a printer whose supply of that kind and colour was almost empty at that moment."""
    lines = OrderLine.objects.filter(order__in=orders.order_by(), printer__isnull=False)
    mine = accounts.limit(scope, lines)
    wanted = list(mine.values_list("order_id", "order__placed_at", "printer_id", "part__kind", "part__colour"))
    first = orders.order_by().aggregate(at=Min("placed_at"))["at"]
    opened: dict[Place, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    if first is not None:
        episodes = Episode.objects.filter(
            slot__printer_id__in={row[2] for row in wanted}, threshold=Threshold.ALMOST_EMPTY.value
        ).exclude(closed_at__lt=first)
        for printer_id, kind, colour, at, closed_at in accounts.limit(scope, episodes).values_list(
            "slot__printer_id", "slot__kind", "slot__colour", "opened_at", "closed_at"
        ):
            opened[printer_id, kind, colour].append((at, closed_at))
    return {
        order_id
        for order_id, placed_at, printer_id, kind, colour in wanted
        if any(at <= placed_at and (end is None or end > placed_at) for at, end in opened[printer_id, kind, colour])
    }


def _premature(
    scope: Scope, customers: Iterable[Customer], printers: Mapping[int, Printer], span: _Span
) -> dict[int, list[t.Premature]]:
    """Cartridges that left too early, with the part of their price that was left in them."""
    dealers = {one.pk: one.dealer_id for one in customers}
    early = [
        one
        for one in lives.premature(scope, since=span.start, until=span.end, printer_ids=list(printers))
        if one.customer_id in dealers
    ]
    parts = {number: part.pk for number, part in catalogue.parts(part_numbers={o.part_number for o in early}).items()}
    found: dict[int, list[t.Premature]] = defaultdict(list)
    prices: dict[tuple[int, date], dict[int, int]] = {}
    for one in early:
        assert one.left_at is not None
        on = clock.day_of(one.left_at)
        key = (dealers[one.customer_id], on)
        if key not in prices:
            known = catalogue.price(dealer_id=key[0], part_ids=parts.values(), on=on)
            prices[key] = {part_id: price.amount_minor for part_id, price in known.items()}
        price = prices[key].get(parts.get(one.part_number, 0))
        percent = one.percent_when_left or 0.0
        found[one.customer_id].append(
            t.Premature(
                printer_id=one.printer_id,
                printer=printers[one.printer_id].name,
                kind=one.supply_kind,
                colour=one.colour,
                left_at=one.left_at,
                percent=percent,
                cost_minor=None if price is None else round(price * percent / WHOLE),
            )
        )
    return found
