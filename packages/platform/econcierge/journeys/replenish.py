"""What to order and by when, for many supplies at once: gathers the facts in a bounded number of queries, then asks
`replenishment.rules`. Spares on the shelf and orders on the way count (R16, P29, P31)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from econcierge.accounts.types import Scope
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.catalogue import types as catalogue_types
from econcierge.core import clock
from econcierge.fleet import queries as fleet
from econcierge.forecasting import queries as forecasting
from econcierge.forecasting.types import Basis, Forecast
from econcierge.fulfilment import queries as fulfilment
from econcierge.journeys import in_flight
from econcierge.journeys.supply_choices import USUAL_LEAD_BUSINESS_DAYS
from econcierge.orders import delivery as deliveries
from econcierge.replenishment import delivery as delivery_times
from econcierge.replenishment import rules
from econcierge.replenishment import types as t
from econcierge.supplies import lives
from econcierge.supplies import queries as supplies
from econcierge.supplies import rules as supply_rules
from econcierge.supplies.types import Age, SlotView

DELIVERIES_LOOKED_BACK = timedelta(days=365)
ORDERED_UNDATED_COMES_IN_DAYS = 14.0  # nobody said when: back-ordered, or not acknowledged yet
LONGEST_DAYS = 730.0
ALONG_WITHIN_DAYS = 60.0
POLICY = t.Policy()


@dataclass(frozen=True, slots=True)
class SlotAdvice:
    """One supply: the advice with what it rests on. `forecast` None: nothing can be forecast."""

    slot: SlotView
    advice: t.Advice
    forecast: Forecast | None
    delivery: t.Range
    along: tuple[int, ...] = ()  # the printer's others that run out in the same fortnight, whenever this is ordered
    along_forecasts: Mapping[int, Forecast] = field(default_factory=dict)


def advise(
    scope: Scope, *, slot_ids: Collection[int], now: datetime, policy: t.Policy = POLICY, notice_days: float = 0.0
) -> dict[int, SlotAdvice]:
    """By slot; those that are not seen are left out. `notice_days`: how long the order waits before it is placed.

    About ten queries however many slots.
    """
    if not slot_ids:
        return {}
    printer_ids = {slot.printer_id for slot in supplies.slots_by_id(scope, slot_ids=slot_ids).values()}
    return {
        slot_id: one
        for slot_id, one in advise_printers(
            scope, printer_ids=printer_ids, only=slot_ids, now=now, policy=policy, notice_days=notice_days
        ).items()
        if slot_id in slot_ids
    }


def advise_printers(
    scope: Scope,
    *,
    printer_ids: Collection[int],
    now: datetime,
    only: Collection[int] | None = None,
    known: Mapping[int, Forecast] | None = None,
    policy: t.Policy = POLICY,
    notice_days: float = 0.0,
) -> dict[int, SlotAdvice]:
    """As `advise`, for every supply of these printers (those in `only`, when given).

    `known`: forecasts that the caller has already; then nothing is forecast here, and nothing is offered along.
    """
    slots = supplies.slot_views(scope, printer_ids=printer_ids)
    every = [slot for of_printer in slots.values() for slot in of_printer]
    forecasts = known
    if forecasts is None:
        forecasts = forecasting.forecasts(scope, slot_ids=[slot.slot_id for slot in every], now=now)
    coming = in_flight.coming(scope, printer_ids=printer_ids, now=now)
    ranges = _delivery_times(scope, printer_ids=printer_ids, now=now)
    shelves = _on_shelves(scope, slots=slots, forecasts=forecasts, now=now)
    found: dict[int, SlotAdvice] = {}
    for printer_id, of_printer in slots.items():
        outlooks = [
            _outlook(slot, forecasts.get(slot.slot_id), coming, on_shelf=shelves.get(slot.slot_id, 0), now=now)
            for slot in of_printer
        ]
        delivery = delivery_times.later(ranges[printer_id], days=notice_days)
        for slot in of_printer:
            if only is None or slot.slot_id in only:
                facts = _facts(slot.slot_id, outlooks, delivery)
                found[slot.slot_id] = _advice(slot, facts, forecasts, policy=policy, on=clock.day_of(now))
    return found


def _facts(slot_id: int, outlooks: Iterable[t.SlotOutlook], delivery: t.Range) -> t.ReplenishmentFacts:
    by_slot = {one.slot_id: one for one in outlooks}
    return t.ReplenishmentFacts(by_slot.pop(slot_id), delivery, tuple(by_slot.values()))


def _advice(
    slot: SlotView, facts: t.ReplenishmentFacts, forecasts: Mapping[int, Forecast], *, policy: t.Policy, on: date
) -> SlotAdvice:
    forecast, lasts = forecasts.get(slot.slot_id), facts.slot.runs_out
    advice = rules.advise(facts=facts, policy=policy, on=on)
    if forecast is not None and lasts is not None and (forecast.basis is Basis.FLEET or rules.is_wide(lasts)):
        advice = rules.put_off(advice, facts=facts, policy=policy, on=on)
    return SlotAdvice(
        slot=slot,
        advice=advice,
        forecast=forecast,
        delivery=facts.delivery,
        along=_along(facts, policy=policy),
        along_forecasts=forecasts,
    )


def _along(facts: t.ReplenishmentFacts, *, policy: t.Policy) -> tuple[int, ...]:
    """Others of the same fortnight; nothing where even this one lasts for months: it would only lie there."""
    lasts = facts.slot.runs_out
    if lasts is None or lasts.p50_days > ALONG_WITHIN_DAYS:
        return ()
    days = {one.slot_id: one.runs_out.p50_days for one in facts.others if one.runs_out is not None}
    found = rules.take_along(facts=facts, policy=policy)
    return tuple(slot_id for slot_id in found if lasts.p50_days - days[slot_id] <= policy.together_days)


def runs_out_in(forecast: Forecast | None, *, now: datetime) -> t.Range | None:
    """Days from now; None without a basis. A forecast grows older than the moment it was made at."""
    if forecast is None or forecast.p10_days is None or forecast.p50_days is None or forecast.p90_days is None:
        return None
    gone = (now - forecast.at) / timedelta(days=1)
    marks = (forecast.p10_days, forecast.p50_days, forecast.p90_days)
    return t.Range(*(max(0.0, min(mark, LONGEST_DAYS) - gone) for mark in marks))


def _outlook(
    slot: SlotView, forecast: Forecast | None, coming: Iterable[in_flight.Coming], *, on_shelf: int, now: datetime
) -> t.SlotOutlook:
    """What was delivered and not put in yet lies on the shelf that was counted, so the two are not added.

    Of a printer that says nothing for a week neither level nor forecast holds any more.
    """
    is_silent = supply_rules.age(said_at=slot.read_at, now=now) is Age.SILENT
    lasts = None if is_silent else runs_out_in(forecast, now=now)
    mine = in_flight.for_slot(coming, slot)
    awaited = [one for one in mine if not one.is_here]
    return t.SlotOutlook(
        slot_id=slot.slot_id,
        runs_out=lasts,
        percent=None if is_silent else slot.percent,
        full_cartridge_days=_full_days(slot, lasts),
        spares=max(in_flight.spares(mine), on_shelf),
        arrives_in_days=tuple(
            _arrives_in(one, on=clock.day_of(now)) for one in awaited for _each in range(one.quantity)
        ),
    )


def _on_shelves(
    scope: Scope, *, slots: Mapping[int, list[SlotView]], forecasts: Mapping[int, Forecast], now: datetime
) -> dict[int, int]:
    """By slot, how many counted spares of its site are for it: each goes to the fitting slot that runs out first."""
    printers = {
        pk: (site_id, model_id)
        for pk, site_id, model_id in fleet.printers(scope).filter(pk__in=slots).values_list("pk", "site_id", "model_id")
    }
    spares = lives.spares(scope, site_ids={site_id for site_id, _model in printers.values()})
    pairs = catalogue.fitting_pairs(
        part_ids=[one.part_id for one in spares], model_ids={model for _site, model in printers.values() if model}
    )
    every = sorted(
        (slot for of_printer in slots.values() for slot in of_printer if slot.printer_id in printers),
        key=lambda slot: _first_out(forecasts.get(slot.slot_id), now=now),
    )
    given: dict[int, int] = {}
    for spare in spares:
        facts = catalogue_types.PartFacts(spare.part_number, spare.kind, spare.colour, "", ())
        fitting = [
            slot.slot_id
            for slot in every
            if printers[slot.printer_id][0] == spare.site_id
            and (spare.part_id, printers[slot.printer_id][1]) in pairs
            and catalogue_rules.fits_slot(facts, kind=slot.kind, colour=slot.colour)
        ]
        for slot_id in fitting[: spare.quantity]:
            given[slot_id] = given.get(slot_id, 0) + 1
    return given


def _first_out(forecast: Forecast | None, *, now: datetime) -> float:
    lasts = runs_out_in(forecast, now=now)
    return LONGEST_DAYS if lasts is None else lasts.p50_days


def _full_days(slot: SlotView, lasts: t.Range | None) -> float | None:
    """What a full one lasts at the speed of the present one; None where that is not known."""
    if lasts is None or not slot.percent or lasts.p50_days <= 0:
        return None
    return min(lasts.p50_days * 100.0 / slot.percent, LONGEST_DAYS)


def _arrives_in(one: in_flight.Coming, *, on: date) -> float:
    return ORDERED_UNDATED_COMES_IN_DAYS if one.expected_on is None else float((one.expected_on - on).days)


def _delivery_times(scope: Scope, *, printer_ids: Collection[int], now: datetime) -> Mapping[int, t.Range]:
    """By printer, how long a delivery takes: the customer's own past ones, leaning on the terms of delivery."""
    owners = dict(fleet.printers(scope).filter(pk__in=list(printer_ids)).values_list("pk", "customer_id"))
    taken = fulfilment.days_taken(scope, customer_ids=set(owners.values()), since=now - DELIVERIES_LOOKED_BACK)
    ground = deliveries.terms_on(clock.day_of(now))[0]
    usual = delivery_times.usual(business_days=USUAL_LEAD_BUSINESS_DAYS + ground.transit_business_days)
    ranges = {
        owner: delivery_times.expected(days_taken=taken.get(owner, []), usual=usual) for owner in set(owners.values())
    }
    return {printer_id: ranges[owners[printer_id]] if printer_id in owners else usual for printer_id in printer_ids}
