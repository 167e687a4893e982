"""Takes a report of an assistant in: one transaction, a bounded number of statements, whatever the readings' number.

Which printers are these, is it news, store what changed, see replacements, move episodes, write notices and jobs.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from econcierge.alerts import operations as alerts
from econcierge.alerts import queries as alert_queries
from econcierge.alerts import rules as alert_rules
from econcierge.alerts import types as a
from econcierge.core import jobs
from econcierge.fleet import operations as fleet
from econcierge.fleet import rules as fleet_rules
from econcierge.fleet import sightings
from econcierge.fleet.models import Assistant, Printer
from econcierge.fleet.types import Refusal
from econcierge.journeys import supply_notices
from econcierge.supplies import operations as supplies
from econcierge_printers.model import LevelState, Reading, SupplyClass, SupplyKind
from econcierge_printers.wire import Report

log = logging.getLogger(__name__)

FORECASTS_WAIT_S = 10  # more news of the same customer comes meanwhile


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """How many readings were used; a duplicate changes nothing and uses none."""

    accepted: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """A slot after the batch, and the last reading that spoke of it."""

    printer: Printer
    state: supplies.SlotState
    reading: Reading


def report(*, assistant: Assistant, report: Report, now: datetime, said_now: datetime | None = None) -> ReportOutcome:
    """Runs in the caller's transaction, under the scope of the assistant's customer; True once that commits.

    `said_now`: what the computer's own clock showed as it sent this. Where it is wrong, its readings
    are dated by ours.
    """
    report = _by_our_clock(report, said_now=said_now, now=now)
    report_id = supplies.register_report(
        assistant=assistant, message_id=report.message_id, sent_at=report.sent_at, now=now
    )
    if report_id is None:
        return ReportOutcome(0, duplicate=True)
    used, refused = _sorted_out(assistant=assistant, readings=report.readings, now=now)
    said = _take_in(assistant=assistant, seen=used)
    told = _move_episodes(customer_id=assistant.customer_id, said=said, now=now)
    _write_notices(customer_id=assistant.customer_id, report_id=report_id, told=told, now=now)
    if replaced := sorted({one.printer.pk for one in said if one.state.replaced}):
        jobs.defer("coverage.decide", printer_ids=replaced)
    _ask_for_forecasts(customer_id=assistant.customer_id, said=said)
    supplies.finish_report(report_id=report_id, accepted=len(used), refused=refused)
    skew_s = None if said_now is None else round((now - said_now).total_seconds())
    fleet.touch_assistant(assistant=assistant, now=now, clock_skew_s=skew_s)
    return ReportOutcome(len(used), duplicate=False)


def _by_our_clock(report: Report, *, said_now: datetime | None, now: datetime) -> Report:
    skew = fleet_rules.clock_skew(said_now=said_now, now=now)
    if not skew:
        return report
    return dataclasses.replace(
        report,
        sent_at=now,
        readings=tuple(
            dataclasses.replace(one, read_at=fleet_rules.by_our_clock(moment=one.read_at, skew=skew, now=now))
            for one in report.readings
        ),
    )


def _ask_for_forecasts(*, customer_id: int, said: Sequence[_Said]) -> None:
    """One job a customer however many reports wait for it; it finds by itself which supplies said something new."""
    if any(one.state.slot.changed_at == one.reading.read_at for one in said):
        jobs.defer(
            "forecasting.refresh_changed", once=f"forecasts-{customer_id}", delay_s=FORECASTS_WAIT_S,
            customer_id=customer_id,
        )  # fmt: skip


def _sorted_out(
    *, assistant: Assistant, readings: Sequence[Reading], now: datetime
) -> tuple[list[tuple[Printer, Reading]], list[dict[str, Any]]]:
    """The readings to use with their printers, in the order of time, and why the others are not used."""
    refusals: dict[int, Refusal] = {}
    timely: list[int] = []
    for number, reading in enumerate(readings):
        refusal = fleet_rules.refused_by_time(read_at=reading.read_at, now=now)
        if refusal is None:
            timely.append(number)
        else:
            refusals[number] = refusal
    timely.sort(key=lambda number: readings[number].read_at)
    used: list[tuple[Printer, Reading]] = []
    joined = sightings.join(assistant=assistant, readings=[readings[number] for number in timely])
    for number, sighting in zip(timely, joined, strict=True):
        if sighting.printer is None:
            refusals[number] = sighting.refusal or Refusal.NO_IDENTITY
        else:
            used.append((sighting.printer, sighting.reading))
    return used, [_refused(assistant, number, readings[number], why) for number, why in sorted(refusals.items())]


def _refused(assistant: Assistant, number: int, reading: Reading, why: Refusal) -> dict[str, Any]:
    log.warning("assistant %s: reading %s of %s not used: %s", assistant.pk, number, reading.target, why.value)
    return {"reading": number, "target": reading.target, "reason": why.value}


def _take_in(*, assistant: Assistant, seen: Sequence[tuple[Printer, Reading]]) -> list[_Said]:
    """Writes printers, slots, cartridges and history; the slots that were spoken of, as they are afterwards."""
    printers = {printer.pk: printer for printer, _ in seen}
    if not printers:
        return []
    intake = supplies.Intake(
        customer_id=assistant.customer_id, printer_ids=printers, readings=[reading for _, reading in seen]
    )
    said: dict[int, _Said] = {}
    unnamed: set[int] = set()
    for printer, reading in seen:
        if sightings.take_in(printer, reading, unnamed=unnamed):
            pages = sightings.lifetime_pages(printer)
            doubted = printer.pages_doubt is not None
            for state in intake.take_in(printer_id=printer.pk, reading=reading, pages=pages, counter_in_doubt=doubted):
                said[id(state)] = _Said(printer, state, reading)
        else:
            intake.take_in_late(printer_id=printer.pk, reading=reading)
    sightings.write(printers=list(printers.values()), unnamed=unnamed)
    intake.write()
    return [one for one in said.values() if one.state.slot.gone_at is None]


def _move_episodes(*, customer_id: int, said: Sequence[_Said], now: datetime) -> list[tuple[_Said, a.ToTell]]:
    """What people have to hear of: by where each slot is at the end of the batch, not by what it was on the way."""
    if not said:
        return []
    marks = alert_queries.model_marks(model_ids={one.printer.model_id for one in said if one.printer.model_id})
    wishes = alert_queries.wishes(customer_id=customer_id)
    by_slot = {one.state.slot.pk: one for one in said}
    slots = [_slot_now(one, marks, wishes) for one in said if one.state.cartridge is not None]
    return [(by_slot[tell.slot_id], tell) for tell in alerts.move(customer_id=customer_id, slots=slots, now=now)]


def _slot_now(said: _Said, marks: dict[tuple[int, str], a.ThresholdPair], wishes: a.Wishes) -> a.SlotNow:
    slot, cartridge = said.state.slot, said.state.cartridge
    assert cartridge is not None
    level = a.SlotLevel(
        kind=SupplyKind(slot.kind),
        supply_class=SupplyClass(slot.supply_class),
        state=LevelState(slot.state),
        percent=None if slot.percent is None else float(slot.percent),
        device_says=_device_says(said.reading, index=slot.index, kind=SupplyKind(slot.kind)),
        is_repeated=slot.read_at > slot.changed_at,
    )
    thresholds = alert_rules.thresholds_at(
        model=marks.get((said.printer.model_id or 0, slot.kind)),
        wishes=wishes,
        site_id=said.printer.site_id,
        printer_id=said.printer.pk,
        kind=slot.kind,
    )
    return a.SlotNow(slot.pk, cartridge.pk, cartridge.serial, level, thresholds)


def _device_says(reading: Reading, *, index: str, kind: SupplyKind) -> a.Threshold | None:
    return alert_rules.device_says(
        alerts=reading.alerts,
        conditions=reading.status.conditions,
        supply_index=index,
        kind=kind,
        is_only_of_kind=[supply.index for supply in reading.supplies if supply.kind is kind] == [index],
    )


def _write_notices(*, customer_id: int, report_id: int, told: Sequence[tuple[_Said, a.ToTell]], now: datetime) -> None:
    """One message a person and site for the whole batch (P28)."""
    subjects = [
        supply_notices.Subject(
            episode_id=tell.episode_id,
            threshold=tell.opened.threshold,
            percent=tell.opened.percent,
            because=tell.opened.because,
            threshold_percent=tell.threshold_percent,
            disagrees=tell.disagrees,
            slot=said.state.slot,
            printer=said.printer,
        )
        for said, tell in told
    ]
    supply_notices.tell(customer_id=customer_id, key=str(report_id), subjects=subjects, now=now)
