"""The right supplies for one slot, side by side: yield, price, price a page, stock, and when they would arrive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from econcierge.accounts.types import Actor
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.catalogue.models import Part
from econcierge.core import clock
from econcierge.core.errors import NotFound
from econcierge.core.money import Money
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.fulfilment import queries as fulfilment
from econcierge.fulfilment.models import Stock
from econcierge.orders import delivery, holidays, pricing
from econcierge.orders import rules as order_rules
from econcierge.orders.types import DeliveryKind, DeliveryOption
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import LevelPoint, SlotView

LOOKS_BACK = timedelta(days=90)
# Modest as a forecast: a fortnight and a real fall, or nothing is said.
LEAST_DAYS = 14.0
LEAST_POINTS = 5.0
USUAL_LEAD_BUSINESS_DAYS = 1


@dataclass(frozen=True, slots=True)
class SupplyOption:
    """One part for a slot. Without `unit_price` it cannot be ordered: the dealer has to be asked.

    `price_per_page` in cents at the stated yield; `stock_quantity` None: not known; dates None: not in stock, so
    nobody can say; `lasts_days` None: the printer's own use is not known well enough.
    """

    part_id: int
    part_number: str
    kind: str
    colour: str
    capacity_class: str
    yield_pages: int | None
    yield_method: str
    unit_price: Money | None
    price_per_page: Decimal | None
    best_per_page: bool
    stock_quantity: int | None
    stock_as_of: datetime | None
    ships_by_at: datetime
    arrives_on_ground: date | None
    arrives_on_express: date | None
    lasts_days: int | None


@dataclass(frozen=True, slots=True)
class SupplyChoice:
    printer: Printer
    slot: SlotView
    options: tuple[SupplyOption, ...]


def choices(*, actor: Actor, printer_id: int, slot_id: int, now: datetime) -> SupplyChoice:
    """The supplies that fit a slot of a printer and may be sold, smallest first (R17, R18). Raises `NotFound`."""
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    slot = supplies.slot_view(actor.scope, slot_id=slot_id)
    if slot.printer_id != printer.pk:
        raise NotFound("that supply is in another printer")
    present = catalogue.parts(part_numbers=[slot.part_number]).get(slot.part_number) if slot.part_number else None
    colour = _colour(slot, {present.part_number: present} if present else {})
    parts = catalogue.options_for(model=printer.model, kind=slot.kind, colour=colour)
    dealer_id, on = printer.customer.dealer_id, clock.day_of(now)
    ids = [part.pk for part in parts]
    prices = catalogue.price(dealer_id=dealer_id, part_ids=ids, on=on)
    stock = fulfilment.stock(dealer_id=dealer_id, part_ids=ids)
    full_days = _full_days(actor, slot=slot, present=present, now=now) if parts else None
    options = [
        _option(
            part,
            price=prices.get(part.pk),
            stock=stock.get(part.pk),
            full_days=full_days,
            region=printer.site.region,
            now=now,
        )
        for part in parts
    ]
    return SupplyChoice(printer, slot, tuple(_with_best(options)))


def recommended(choice: SupplyChoice) -> SupplyOption | None:
    """What the one strong button orders: cheapest per page of what is in stock, then of what has a price."""
    priced = [option for option in choice.options if option.unit_price is not None]
    if not priced:
        return None
    return min(
        priced,
        key=lambda one: (
            one.stock_quantity == 0,
            one.price_per_page is None,
            one.price_per_page or 0,
            one.unit_price.amount_minor if one.unit_price else 0,
        ),
    )


def orderable(*, dealer_id: int, slots: Iterable[SlotView], model_ids: Mapping[int, int | None], on: date) -> set[int]:
    """Ids of the slots for which there is something to order: a part that fits and has a price.

    `model_ids` by printer. At most three queries however many slots.
    """
    wanted = list(slots)
    unsaid = {slot.part_number for slot in wanted if slot.part_number and not slot.colour}
    present = catalogue.parts(part_numbers=unsaid) if unsaid else {}
    by_model = catalogue.options_by_model(model_ids={one for one in model_ids.values() if one is not None})
    part_ids = {part.pk for parts in by_model.values() for part in parts}
    priced = catalogue.price(dealer_id=dealer_id, part_ids=part_ids, on=on)
    return {
        slot.slot_id
        for slot in wanted
        for part in by_model.get(model_ids[slot.printer_id] or 0, ())
        if part.pk in priced
        and catalogue_rules.fits_slot(catalogue.facts(part), kind=slot.kind, colour=_colour(slot, present))
    }


def _colour(slot: SlotView, present: Mapping[str, Part]) -> str:
    """Where the device does not say a slot's colour, the cartridge in it does."""
    inside = present.get(slot.part_number)
    return slot.colour or (inside.colour if inside else "")


def delivery_options(*, stock: Sequence[Stock | None], region: str, on: date) -> tuple[DeliveryOption, ...]:
    """How the parts would travel from where they are; a part nobody was asked about is taken to ship in a day.

    `region` of delivery: nothing travels on its public holidays.
    """
    lead = max((row.lead_days if row else USUAL_LEAD_BUSINESS_DAYS for row in stock), default=USUAL_LEAD_BUSINESS_DAYS)
    closed = holidays.from_year_of(region=region, on=on)
    return order_rules.delivery_options(on=on, lead_business_days=lead, terms=delivery.terms_on(on), holidays=closed)


def _option(
    part: Part,
    *,
    price: Money | None,
    stock: Stock | None,
    full_days: tuple[float, int] | None,
    region: str,
    now: datetime,
) -> SupplyOption:
    travels = delivery_options(stock=[stock], region=region, on=clock.day_of(now))
    is_out = stock is not None and stock.quantity < 1
    arrives = {} if is_out else {option.kind: option.expected_on for option in travels}
    return SupplyOption(
        part_id=part.pk,
        part_number=part.part_number,
        kind=part.kind,
        colour=part.colour,
        capacity_class=part.capacity_class,
        yield_pages=part.yield_pages,
        yield_method=part.yield_method,
        unit_price=price,
        price_per_page=_per_page_cents(price, part.yield_pages),
        best_per_page=False,
        stock_quantity=stock.quantity if stock else None,
        stock_as_of=stock.as_of if stock else None,
        ships_by_at=order_rules.ships_by(placed_at=now),
        arrives_on_ground=arrives.get(DeliveryKind.GROUND),
        arrives_on_express=arrives.get(DeliveryKind.EXPRESS),
        lasts_days=_lasts_days(part, full_days),
    )


def _per_page_cents(price: Money | None, yield_pages: int | None) -> Decimal | None:
    if price is None:
        return None
    exact = pricing.hundredths_of_cent_per_page(unit_price_minor=price.amount_minor, yield_pages=yield_pages)
    return None if exact is None else exact / 100


def _with_best(options: Sequence[SupplyOption]) -> list[SupplyOption]:
    """Marks the cheapest a page, where there is something to compare it with."""
    known = [option.price_per_page for option in options if option.price_per_page is not None]
    best = min(known) if len(known) > 1 else None
    return [replace(option, best_per_page=best is not None and option.price_per_page == best) for option in options]


def _full_days(actor: Actor, *, slot: SlotView, present: Part | None, now: datetime) -> tuple[float, int] | None:
    """(days that a full cartridge of the present part lasts here, its yield), from how its level has fallen."""
    if present is None or not present.yield_pages or slot.installed_at is None:
        return None
    points = supplies.history(actor.scope, slot_id=slot.slot_id, since=max(slot.installed_at, now - LOOKS_BACK))
    days = days_of_a_full_one(points, until=now)
    return None if days is None else (days, present.yield_pages)


def days_of_a_full_one(points: Sequence[LevelPoint], *, until: datetime) -> float | None:
    """How many days 100 points last, going by the first and the last level measured; None below a fortnight."""
    measured = [point for point in points if point.percent is not None]
    if len(measured) < 2:
        return None
    first, last = measured[0], measured[-1]
    days = (until - first.at).total_seconds() / 86_400
    fallen = (first.percent or 0.0) - (last.percent or 0.0)
    if days < LEAST_DAYS or fallen < LEAST_POINTS:
        return None
    return days * 100.0 / fallen


def _lasts_days(part: Part, full_days: tuple[float, int] | None) -> int | None:
    if full_days is None or not part.yield_pages:
        return None
    days, present_yield = full_days
    return round(days * part.yield_pages / present_yield)
