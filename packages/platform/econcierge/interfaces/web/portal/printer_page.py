"""What a printer's own page shows: supplies with bars, history, what the device says, orders and repairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from econcierge.accounts.types import Actor, Scope, ScopeKind
from econcierge.alerts import queries as alerts
from econcierge.core import clock
from econcierge.fleet.models import Printer
from econcierge.forecasting import queries as forecasting
from econcierge.forecasting.saying import Kept
from econcierge.forecasting.types import Forecast
from econcierge.interfaces.shared import coverage, described, moments, numbers, order_by, printed_pages, runout, wording
from econcierge.interfaces.web import bars, charts
from econcierge.interfaces.web.portal import needs
from econcierge.journeys import in_flight, premature, replenish, supply_choices
from econcierge.orders import queries as orders
from econcierge.replenishment import queries as replenishment
from econcierge.service import queries as service
from econcierge.supplies import queries as supplies
from econcierge.supplies.models import Slot
from econcierge.supplies.types import LevelPoint, ReplacementSeen, SlotView

HISTORY = timedelta(days=183)
WEEKS = 12
IN_CHART = frozenset({"toner", "ink", "solid_ink"})


@dataclass(frozen=True, slots=True)
class SupplyLine:
    bar: bars.Bar
    runs_out: str
    told_when: str
    changed: str
    coming: in_flight.Coming | None
    may_order: bool
    order_by: str
    is_soon: bool
    panel: str  # what the printer's panel says of it, where the level says otherwise or nothing (P10)


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """The figures behind the chart: a row a week, newest first."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]  # day, levels, pages printed in that week
    pages_a_week: str  # of the last four weeks; "" when that is not known


def page(actor: Actor, printer: Printer, *, now: datetime) -> dict[str, Any]:
    scope = actor.scope
    every = supplies.slot_views(scope, printer_ids=[printer.pk])[printer.pk]
    slots = alerts.marked(described.worth_showing(every), printer=printer)
    advice = replenish.advise_printers(scope, printer_ids=[printer.pk], now=now)
    forecasts = {slot_id: one.forecast for slot_id, one in advice.items() if one.forecast is not None}
    coming = in_flight.coming(scope, printer_ids=[printer.pk], now=now)
    offered = _offered(printer, slots, now=now)
    looked_after = replenishment.ordering_themselves(scope, printers={slot.slot_id: printer.pk for slot in slots})
    lines = [
        _line(
            slot,
            forecasts.get(slot.slot_id),
            coming,
            offered,
            advice.get(slot.slot_id),
            slot.slot_id in looked_after,
            now=now,
        )
        for slot in slots
    ]
    replaced = supplies.replacements(scope, printer_id=printer.pk)
    chart, table = _history(actor, slots, replaced, now=now)
    return {
        "printer": printer,
        "model": described.model(printer),
        "supplies": lines,
        "most_urgent": _most_urgent([slot for slot in slots if slot.slot_id in offered], forecasts, coming, now=now),
        "standing": list(replenishment.standing_orders(scope, printer_id=printer.pk)),
        "ask": needs.ask_your_dealer() if actor.scope.kind is ScopeKind.CUSTOMER else "",
        "chart": chart,
        "table": table,
        "replaced": [_replacement(one, now=now) for one in replaced[:12]],
        "premature": _premature(printer, now=now, scope=scope),
        "said": [_said(slot, one, now=now) for slot, one in forecasting.kept(scope, printer_id=printer.pk)],
        "coverage": coverage.coverage_of(scope, printer_id=printer.pk, on=clock.day_of(now)),
        "orders": list(orders.orders(scope, printer_id=printer.pk)[:6]),
        "repairs": list(service.requests(scope, printer_id=printer.pk)[:6]),
        "device_alerts": _alerts(printer),
    }


def _alerts(printer: Printer) -> list[str]:
    """Those that its display does not say already."""
    told = {_folded(line) for line in printer.console} | {_folded(" ".join(printer.console))}
    found: dict[str, str] = {}
    for alert in printer.device_alerts:
        if text := alert.get("text", ""):
            found.setdefault(_folded(text), text)
    return [text for folded, text in found.items() if folded not in told]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _offered(printer: Printer, slots: list[SlotView], *, now: datetime) -> set[int]:
    """Ids of the slots for which there is something to order."""
    return supply_choices.orderable(
        dealer_id=printer.customer.dealer_id,
        slots=slots,
        model_ids={printer.pk: printer.model_id},
        on=clock.day_of(now),
    )


def _line(
    slot: SlotView,
    forecast: Forecast | None,
    coming: list[in_flight.Coming],
    offered: set[int],
    advice: replenish.SlotAdvice | None,
    is_looked_after: bool,
    *,
    now: datetime,
) -> SupplyLine:
    matches = in_flight.for_slot(coming, slot)
    return SupplyLine(
        bar=bars.bar(slot, now=now),
        runs_out=runout.sentence(slot, forecast, now=now),
        told_when=_told_when(slot),
        changed=moments.date_of(clock.day_of(slot.installed_at), on=clock.day_of(now)) if slot.installed_at else "",
        coming=matches[0] if matches else None,
        may_order=slot.slot_id in offered,
        order_by=_by(slot, advice, is_looked_after, now=now) if slot.slot_id in offered else "",
        is_soon=order_by.is_soon(advice, on=clock.day_of(now)) and not is_looked_after,
        panel=_panel(slot),
    )


def _panel(slot: SlotView) -> str:
    """A level may be fine while the panel says "toner low": then both are said."""
    if not slot.panel or (slot.episode and not slot.panel_disagrees):
        return ""
    said = _("the printer itself says: %(word)s") % {"word": wording.word("panel", slot.panel)}
    if not slot.panel_disagrees:
        return said
    return _("%(said)s; its level says otherwise") % {"said": said}


def _by(slot: SlotView, advice: replenish.SlotAdvice | None, is_looked_after: bool, *, now: datetime) -> str:
    """By when to order; nothing to do where automatic ordering does it."""
    if is_looked_after:
        return _("It is ordered automatically, in time.") if slot.episode else ""
    return order_by.sentence(advice, on=clock.day_of(now))


def _told_when(slot: SlotView) -> str:
    """The mark as a sentence, so that nobody has to know which way it counts (P25)."""
    figures = {
        "supply": wording.the_supply(slot.kind, slot.colour, slot.description),
        "percent": numbers.percent(slot.low_percent),
    }
    if slot.supply_class == "filled":
        return _("You are told when the space left in the %(supply)s falls to %(percent)s or lower.") % figures
    return _("You are told when %(supply)s falls to %(percent)s or lower.") % figures


def _most_urgent(
    slots: list[SlotView], forecasts: dict[int, Forecast], coming: list[in_flight.Coming], *, now: datetime
) -> bars.Bar | None:
    """The supply that the page's one strong button orders: low and not on its way, the first to run out."""
    relied_on = in_flight.reliable(coming, on=clock.day_of(now))
    low = [slot for slot in slots if slot.episode and not in_flight.covers(relied_on, slot)]
    if not low:
        return None

    def urgency(slot: SlotView) -> tuple[float, float]:
        days = 0.0 if runout.is_used_up(slot) else runout.days_left(forecasts.get(slot.slot_id), now=now)
        level = slot.percent if slot.percent is not None else 50.0
        return (days if days is not None else level, level)

    return bars.bar(min(low, key=urgency), now=now)


def _history(
    actor: Actor, slots: list[SlotView], replaced: list[ReplacementSeen], *, now: datetime
) -> tuple[SafeString | None, HistoryTable | None]:
    """The chart and its table for toners and inks; None without two levels in the half year."""
    since = now - HISTORY
    drawn = [slot for slot in slots if slot.kind in IN_CHART]
    points = {slot.slot_id: supplies.history(actor.scope, slot_id=slot.slot_id, since=since) for slot in drawn}
    if not any(len(rows) > 1 for rows in points.values()):
        return None, None
    first = min(rows[0].at for rows in points.values() if rows)
    series = [_series(slot, points[slot.slot_id], replaced) for slot in drawn]
    title = _("Levels of the last months; the table below has the figures.")
    start = min(max(since, first), now - timedelta(days=7))
    return charts.levels(series, since=start, now=now, title=title), _table(drawn, points, now=now)


def _series(slot: SlotView, points: list[LevelPoint], replaced: list[ReplacementSeen]) -> charts.Series:
    name = wording.supply(slot.kind, slot.colour, slot.description)
    return charts.Series(
        name=name,
        label=wording.colour(slot.colour) if slot.colour in bars.INKS else name,
        ink=slot.colour if slot.colour in bars.INKS else "other",
        points=tuple((point.at, point.percent) for point in points),
        replaced_at=tuple(one.at for one in replaced if one.slot_id == slot.slot_id),
    )


def _table(slots: list[SlotView], points: dict[int, list[LevelPoint]], *, now: datetime) -> HistoryTable:
    moments_shown = [now - timedelta(weeks=week) for week in range(WEEKS)]
    rows = []
    for at in moments_shown:
        cells = tuple(_level_at(points[slot.slot_id], at) for slot in slots)
        if any(cells):
            printed = printed_pages.between(points, since=at - timedelta(weeks=1), until=at)
            day = moments.date_of(clock.day_of(at), on=clock.day_of(now))
            rows.append((day, cells, "" if printed is None else numbers.whole(printed)))
    names = tuple(wording.sentence(wording.supply(slot.kind, slot.colour, slot.description)) for slot in slots)
    lately = printed_pages.a_week(points, now=now)
    return HistoryTable(names, tuple(rows), "" if lately is None else numbers.whole(lately))


def _level_at(points: list[LevelPoint], at: datetime) -> str:
    """What a supply said at a moment: the last row before it; "" when there was none yet."""
    known = [point for point in points if point.at <= at]
    if not known:
        return ""
    last = known[-1]
    return numbers.percent(last.percent) if last.percent is not None else wording.word("level", last.state)


def _premature(printer: Printer, *, scope: Scope, now: datetime) -> list[str]:
    """What was thrown away with much left, with what that cost where its price is known (P32)."""
    wasted = premature.wasted(scope, printer_ids=[printer.pk], since=now - HISTORY, on=clock.day_of(now))
    return [_wasted(one, now=now) for one in wasted]


def _wasted(one: premature.Wasted, *, now: datetime) -> str:
    figures = {
        "supply": wording.sentence(wording.supply(one.life.supply_kind, one.life.colour)),
        "day": moments.date_of(clock.day_of(one.life.left_at or now), on=clock.day_of(now)),
        "percent": numbers.percent(one.life.percent_when_left or 0.0),
        "cost": "" if one.cost is None else numbers.money(one.cost),
    }
    if one.cost is None:
        return _("%(supply)s was replaced on %(day)s with %(percent)s left.") % figures
    return _("%(supply)s was replaced on %(day)s with %(percent)s left: about %(cost)s thrown away.") % figures


def _replacement(one: ReplacementSeen, *, now: datetime) -> dict[str, str]:
    return {
        "on": moments.date_of(clock.day_of(one.at), on=clock.day_of(now)),
        "name": wording.sentence(wording.supply(one.kind, one.colour)),
        "part": one.part_number,
        "left": numbers.percent(one.end_percent) if one.end_percent is not None else "",
    }


def _said(slot: Slot, one: Kept, *, now: datetime) -> str:
    """ "Black toner: said March 14, was March 12." """
    on = clock.day_of(now)
    return _("%(supply)s: said %(said)s, was %(was)s.") % {
        "supply": wording.sentence(wording.supply(slot.kind, slot.colour, slot.description)),
        "said": moments.date_of(one.saying.p50_on, on=on),
        "was": moments.date_of(one.was_on, on=on),
    }
