"""Printers with their supplies, and one with all that its page in the portal shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, ScopeKind
from econcierge.alerts import queries as alerts
from econcierge.alerts.types import Thresholds
from econcierge.core import clock
from econcierge.coverage import queries as coverage_queries
from econcierge.coverage.types import NextStep
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.forecasting import queries as forecasting
from econcierge.forecasting.types import Forecast
from econcierge.interfaces.api import orders, words
from econcierge.interfaces.shared import coverage, described, moments, numbers, printed_pages, runout, typed, wording
from econcierge.journeys import in_flight, supply_choices
from econcierge.orders import queries as order_queries
from econcierge.service import queries as service
from econcierge.supplies import queries as supplies
from econcierge.supplies import rules
from econcierge.supplies.models import Slot
from econcierge.supplies.types import Age, LevelPoint, ReplacementSeen, SlotView
from econcierge_printers.model import LevelState

A_PAGE = 50
HISTORY = timedelta(days=183)
SHORT = 6
# From the worst to the best; a printer's own word is the worst of its supplies'.
WORST = ("empty", "almost_empty", "low")
WORDS = {
    LevelState.SOME_REMAINING: "some_left",
    LevelState.OVERDUE: "overdue",
    LevelState.IMPLAUSIBLE: "implausible",
    LevelState.UNRESTRICTED: "fine",
}


def page(actor: Actor, *, query: str, number: int, customer_id: int | None, now: datetime) -> dict[str, Any]:
    """A page of the printers that match, by name."""
    query = typed.search_words(query)
    found = described.matching(fleet.printers(actor.scope, customer_id=customer_id), query)
    sheet = Paginator(found, A_PAGE).get_page(number)
    reports = [
        one.last_report_at for one in fleet.assistants(actor.scope, customer_id=customer_id) if one.last_report_at
    ]
    return {
        "items": _printers(actor, list(sheet.object_list), now=now),
        "next": words.next_page("/api/v1/printers", sheet, q=query, customer_id=customer_id),
        "looked_at": max(reports, default=None),
        "server_time": now,
    }


def _printers(actor: Actor, found: list[Printer], *, now: datetime) -> list[dict[str, Any]]:
    """With their supplies; the number of queries does not depend on how many there are."""
    ids = [printer.pk for printer in found]
    slots = {
        pk: described.worth_showing(each) for pk, each in supplies.slot_views(actor.scope, printer_ids=ids).items()
    }
    every = [slot for each in slots.values() for slot in each]
    forecasts = forecasting.forecasts(actor.scope, slot_ids=[slot.slot_id for slot in every], now=now)
    coming = in_flight.coming(actor.scope, printer_ids=ids, now=now)
    offered, marks = _offered(actor, found, every, now=now), _marks(actor, every)

    def supply(slot: SlotView) -> dict[str, Any]:
        return _supply(slot, forecasts.get(slot.slot_id), coming, now=now) | {
            "low_percent": marks[slot.slot_id].low.percent,
            "almost_empty_percent": marks[slot.slot_id].almost_empty.percent,
            "may_be_ordered": slot.slot_id in offered,
        }

    return [_printer(printer, [supply(slot) for slot in slots[printer.pk]], now=now) for printer in found]


def _marks(actor: Actor, slots: list[SlotView]) -> dict[int, Thresholds]:
    """What "low" and "almost empty" mean for each: the model's marks, or earlier ones that the customer chose."""
    rows = Slot.objects.filter(pk__in=[slot.slot_id for slot in slots]).select_related("printer")
    return alerts.marks_of(slots=accounts.limit(actor.scope, rows))


def _offered(actor: Actor, found: list[Printer], slots: list[SlotView], *, now: datetime) -> set[int]:
    """Slots for which the caller can order something."""
    if actor.scope.kind is not ScopeKind.CUSTOMER or not roles.may(actor.role, Permission.ORDER):
        return set()
    dealer_id = actor.scope.dealer_id
    assert dealer_id is not None  # a customer's scope has its dealer
    models = {printer.pk: printer.model_id for printer in found}
    return supply_choices.orderable(dealer_id=dealer_id, slots=slots, model_ids=models, on=clock.day_of(now))


def _printer(printer: Printer, shown: list[dict[str, Any]], *, now: datetime) -> dict[str, Any]:
    age = rules.age(said_at=printer.last_read_at, now=now)
    return {
        "id": printer.pk,
        "name": printer.name,
        "place": printer.place,
        "model": described.model(printer),
        "serial": printer.serial,
        "mac": printer.mac,
        "target": printer.target,
        "site": {"id": printer.site_id, "name": printer.site.name},
        "customer": {"id": printer.customer_id, "name": printer.customer.name},
        "state": printer.state,
        "networked": printer.networked,
        "last_read_at": printer.last_read_at,
        "age": age,
        "worst": _worst(printer, age, {one["word"] for one in shown}),
        "supplies": shown,
    }


def _worst(printer: Printer, age: Age, said: set[str]) -> str:
    found = next((word for word in WORST if word in said), "")
    if found:
        return found
    if age is Age.SILENT and printer.networked:
        return "silent"
    return "attention" if printer.state == "stopped" or said & {"overdue", "implausible"} else "fine"


def _supply(
    slot: SlotView, forecast: Forecast | None, coming: list[in_flight.Coming], *, now: datetime
) -> dict[str, Any]:
    is_remembered = slot.percent is None and slot.state == LevelState.UNKNOWN and slot.last_percent is not None
    said_at = slot.measured_at if is_remembered else slot.read_at
    when = runout.sentence(slot, forecast, now=now)
    return {
        "slot_id": slot.slot_id,
        "index": slot.index,
        "kind": slot.kind,
        "colour": slot.colour,
        "name": wording.sentence(wording.supply(slot.kind, slot.colour, slot.description)),
        "description": slot.description,
        "state": slot.state,
        "percent": slot.percent,
        "word": word_of(slot),
        "text": _in_words(slot, when),
        "read_at": said_at or slot.read_at,
        "age": rules.age(said_at=said_at, now=now),
        "gauge_step": slot.step,
        "forecast": _forecast(forecast, when, now=now),
        "coming": _coming(in_flight.for_slot(coming, slot), now=now),
    }


def word_of(slot: SlotView) -> str:
    """One word for a supply, that a programme can go by."""
    if slot.percent == 0:
        return "empty"
    if slot.episode:
        return slot.episode
    if slot.percent is not None:
        return "fine"
    return WORDS.get(LevelState(slot.state), "not_reported")


def _in_words(slot: SlotView, when: str) -> str:
    level = numbers.percent(slot.percent) if slot.percent is not None else wording.word("level", slot.state)
    if not when:
        return level
    return f"{level}, {when}"


def _forecast(forecast: Forecast | None, when: str, *, now: datetime) -> dict[str, Any] | None:
    if forecast is None or forecast.p10_days is None or forecast.p50_days is None or forecast.p90_days is None:
        return None
    on = clock.day_of(now)
    days = {"p10_on": forecast.p10_days, "p50_on": forecast.p50_days, "p90_on": forecast.p90_days}
    dates = {name: max(on, clock.day_of(forecast.at + timedelta(days=count))) for name, count in days.items()}
    return {**dates, "basis": forecast.basis, "text": when}


def _coming(found: list[in_flight.Coming], *, now: datetime) -> dict[str, Any] | None:
    if not found:
        return None
    first = found[0]
    return {
        "order_id": first.order_id,
        "number": first.order_number,
        "state": first.state,
        "expected_on": first.expected_on,
        "text": _on_its_way(first, now=now),
    }


def _on_its_way(one: in_flight.Coming, *, now: datetime) -> str:
    if one.is_here:
        return _("one was delivered and waits to be put in")
    if one.expected_on is None:
        return _("one is on its way")
    return _("one is on its way, %(day)s") % {"day": moments.around(one.expected_on, on=clock.day_of(now))}


def in_full(actor: Actor, *, printer_id: int, now: datetime) -> dict[str, Any]:
    """Raises `NotFound`."""
    scope = actor.scope
    printer = fleet.printer(scope, printer_id=printer_id)
    (shown,) = _printers(actor, [printer], now=now)
    since = now - HISTORY
    points = {one["slot_id"]: supplies.history(scope, slot_id=one["slot_id"], since=since) for one in shown["supplies"]}
    replaced = supplies.replacements(scope, printer_id=printer.pk)
    return shown | {
        "coverage": _coverage(actor, printer, now=now),
        "history": [_history(slot_id, rows, replaced, since=since) for slot_id, rows in points.items()],
        "pages_total": printer.pages_total,
        "pages_per_week": printed_pages.a_week(points, now=now),
        "orders": [orders.short(one) for one in order_queries.orders(scope, printer_id=printer.pk)[:SHORT]],
        "repairs": [
            {
                "id": one.pk,
                "number": one.number,
                "state": one.state,
                "state_text": wording.word("service", one.state),
                "opened_at": one.opened_at,
            }
            for one in service.requests(scope, printer_id=printer.pk)[:SHORT]
        ],
        "portal_url": words.portal("printer", printer.pk),
    }


def _history(
    slot_id: int, rows: Iterable[LevelPoint], replaced: Iterable[ReplacementSeen], *, since: datetime
) -> dict[str, Any]:
    return {
        "slot_id": slot_id,
        "points": [{"at": max(row.at, since), "percent": row.percent} for row in rows],
        "replaced": [
            {"at": one.at, "text": _changed(one)} for one in replaced if one.slot_id == slot_id and one.at >= since
        ],
    }


def _changed(one: ReplacementSeen) -> str:
    name = wording.sentence(wording.supply(one.kind, one.colour))
    if one.end_percent is None:
        return name
    left = numbers.percent(one.end_percent)
    return _("%(supply)s, %(percent)s left in the old one") % {"supply": name, "percent": left}


def _coverage(actor: Actor, printer: Printer, *, now: datetime) -> dict[str, Any] | None:
    latest = coverage_queries.decisions(actor.scope, printer_id=printer.pk).first()
    told = coverage.coverage_of(actor.scope, printer_id=printer.pk, on=clock.day_of(now))
    if latest is None or told is None:
        return None
    step = None if latest.next_step == NextStep.NONE else {"code": latest.next_step, "text": told.next_step}
    return {
        "status": latest.status,
        "headline": wording.sentence(told.status),
        "qualifying": latest.qualifying,
        "required": latest.required,
        "active_from": latest.active_from,
        "ends_on": latest.ends_on,
        "reasons": [{"code": code, "text": text} for code, text in zip(latest.reasons, told.reasons, strict=True)],
        "next_step": step,
        "story": [{"on": entry.on, "text": entry.what} for entry in told.story],
    }
