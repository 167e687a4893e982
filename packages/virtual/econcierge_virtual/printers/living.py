"""How a virtual printer lives: pure functions from one state to the next, no clock and no network.

Supplies fall page by page, alert rows come at thresholds and go with a replacement, printing stops when
something that a page needs is used up. Lived in one go or in many steps, the result is the same.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from econcierge_virtual.printers import habit, wording
from econcierge_virtual.printers.spec import (
    AlertRow,
    Cartridge,
    Gauge,
    PrinterSpec,
    PrinterState,
    Slot,
    SupplyType,
    TrayLevel,
    Wear,
)

CRITICAL, WARNING = 3, 4
INPUT_GROUP, SUPPLIES_GROUP = 8, 11
TRAY_LOW = 807
TRAY_LOW_POINTS = 10
SOME_REMAINING, UNKNOWN = -3, -2
PRINTING_FOR = timedelta(minutes=2)
# PrtAlertCodeTC (RFC 3805): (nearly used up, used up)
ALERT_CODES = {
    SupplyType.TONER: (1104, 1101),
    SupplyType.WASTE_TONER: (1107, 1109),
    SupplyType.DRUM: (1111, 1112),
}


class NoSuchSlot(ValueError):
    """The printer has no supply with that index."""


class UnknownCapacity(ValueError):
    """The part is none that the slot knows, and nobody said how much it holds."""


def first_state(spec: PrinterSpec, *, at: datetime) -> PrinterState:
    """A printer on the day that the story starts, with the levels of its specification."""
    state = PrinterState(
        at=at,
        started_at=at,
        pages_total=spec.pages_at_start,
        pages_colour=int(spec.pages_at_start * spec.habit.colour_share),
        cartridges=tuple(_first_cartridge(spec, slot) for slot in spec.slots),
        trays=tuple(TrayLevel(index=tray.index, level=tray.capacity * 3 // 4) for tray in spec.trays),
    )
    return _settled(spec, state, at)


def _first_cartridge(spec: PrinterSpec, slot: Slot) -> Cartridge:
    part = slot.parts[0]
    level = part.capacity * spec.start_points.get(slot.index, 100) // 100
    serial = f"{spec.seed:04d}{slot.index.replace('.', ''):0>4}"
    return Cartridge(index=slot.index, part_number=part.part_number, serial=serial, capacity=part.capacity, level=level)


def advance(*, spec: PrinterSpec, state: PrinterState, until: datetime) -> PrinterState:
    """Live on to `until`: print the jobs of the habit. A moment that is past changes nothing."""
    if until <= state.at:
        return state
    for job in habit.jobs_between(spec.habit, spec.seed, after=state.at, until=until):
        state = print_pages(spec=spec, state=state, pages=job.pages, colour_share=spec.habit.colour_share, at=job.at)
    return replace(state, at=until)


def print_pages(
    *, spec: PrinterSpec, state: PrinterState, pages: int, colour_share: float, at: datetime
) -> PrinterState:
    """Print up to `pages`; fewer when a supply runs out on the way, none when the printer is stopped."""
    colour_pages = _colour_pages(state, pages, colour_share)
    printed, colour_printed = _printable(spec, state, pages, colour_pages)
    if printed == 0:
        return replace(state, at=max(state.at, at))
    cartridges = tuple(
        replace(row, level=max(0, row.level - _wear(spec.slot(row.index), printed, colour_printed)))
        for row in state.cartridges
    )
    lived = replace(
        state,
        at=max(state.at, at),
        last_job_at=at,
        pages_total=state.pages_total + printed,
        pages_colour=state.pages_colour + colour_printed,
        cartridges=cartridges,
        trays=_fed(spec, state, printed),
    )
    return _settled(spec, lived, at)


def install_cartridge(
    *,
    spec: PrinterSpec,
    state: PrinterState,
    index: str,
    part_number: str,
    serial: str,
    at: datetime,
    capacity: int | None = None,
) -> PrinterState:
    """Put a full cartridge (or an empty container) into a slot; its alerts go and printing may go on.

    A part that the slot does not know needs its `capacity` said: a supply from elsewhere.
    """
    slot = next((slot for slot in spec.slots if slot.index == index), None)
    if slot is None:
        raise NoSuchSlot(f"{spec.id} has no supply {index}")
    holds = capacity if capacity is not None else slot.capacity_of(part_number)
    if holds is None:
        raise UnknownCapacity(f"{part_number} is no part for supply {index} of {spec.id}; give its capacity")
    fresh = Cartridge(index=index, part_number=part_number, serial=serial, capacity=holds, level=holds)
    cartridges = tuple(fresh if row.index == index else row for row in state.cartridges)
    return _settled(spec, replace(state, at=max(state.at, at), cartridges=cartridges), at)


def silence(state: PrinterState, *, on: bool) -> PrinterState:
    return replace(state, silenced=on)


def answers(spec: PrinterSpec, state: PrinterState) -> bool:
    """Whether it answers over the network now."""
    if state.silenced:
        return False
    return not spec.habit.off_when_closed or habit.is_open(spec.habit, state.at)


def is_printing(state: PrinterState) -> bool:
    return not state.stopped and state.last_job_at is not None and state.at - state.last_job_at < PRINTING_FOR


def points_left(cartridge: Cartridge) -> int:
    """Whole percent left, rounded up: 0 only when nothing is left."""
    return math.ceil(cartridge.level * 100 / cartridge.capacity)


def reported_level(slot: Slot, cartridge: Cartridge) -> tuple[int, int]:
    """(capacity, level) as the device says them: by its gauge's step, or as sentinels (RFC 3805 2.2.13.1)."""
    if slot.gauge is Gauge.SENTINEL:
        return UNKNOWN, SOME_REMAINING if cartridge.level else 0
    points = min(100, math.ceil(points_left(cartridge) / slot.step_points) * slot.step_points)
    if slot.unit == 19:
        return 100, points
    return cartridge.capacity, cartridge.capacity * points // 100


def _colour_pages(state: PrinterState, pages: int, share: float) -> int:
    """Of these pages those in colour, spread over the life count so that no fraction is lost."""
    after, before = int((state.pages_total + pages) * share), int(state.pages_total * share)
    return max(0, min(pages, after - before))


def _printable(spec: PrinterSpec, state: PrinterState, pages: int, colour_pages: int) -> tuple[int, int]:
    """(pages, of them in colour) that the supplies still allow; monochrome pages come first."""
    if state.stopped:
        return 0, 0
    levels = [(spec.slot(row.index).wear, row.level) for row in state.cartridges]
    every = min((level for wear, level in levels if wear is not Wear.COLOUR), default=pages)
    colour = min((level for wear, level in levels if wear is Wear.COLOUR), default=colour_pages)
    printed = min(pages, every)
    mono = min(printed, pages - colour_pages)
    colour_printed = min(printed - mono, colour)
    return mono + colour_printed, colour_printed


def _wear(slot: Slot, printed: int, colour_printed: int) -> int:
    return colour_printed if slot.wear is Wear.COLOUR else printed


def _fed(spec: PrinterSpec, state: PrinterState, sheets: int) -> tuple[TrayLevel, ...]:
    """Sheets come from the first tray; whoever finds it empty fills it."""
    if not state.trays:
        return state.trays
    first, *others = state.trays
    capacity = spec.trays[0].capacity
    level = first.level - sheets
    if level < 0:
        level = capacity - (-level) % capacity
    return (replace(first, level=level), *others)


def _settled(spec: PrinterSpec, state: PrinterState, at: datetime) -> PrinterState:
    """The same state with the alert rows and the stop that follow from its levels."""
    wanted = _wanted_alerts(spec, state)
    kept = tuple(row for row in state.alerts if (row.group, row.target, row.code) in wanted)
    standing = {(row.group, row.target, row.code) for row in kept}
    fresh = [key for key in wanted if key not in standing]
    rows = tuple(
        AlertRow(
            number=state.next_alert + place,
            severity=wanted[key][0],
            group=key[0],
            target=key[1],
            code=key[2],
            text=wording.alert_text(spec.language, key[2], wanted[key][1]),
            raised_at=at,
        )
        for place, key in enumerate(fresh)
    )
    stopped = any(row.level == 0 for row in state.cartridges)
    return replace(state, alerts=kept + rows, next_alert=state.next_alert + len(rows), stopped=stopped)


def _wanted_alerts(spec: PrinterSpec, state: PrinterState) -> dict[tuple[int, int, int], tuple[int, str]]:
    """(group, row, code) of every alert that these levels call for, to (severity, name)."""
    wanted: dict[tuple[int, int, int], tuple[int, str]] = {}
    for row in state.cartridges:
        slot = spec.slot(row.index)
        near, over = ALERT_CODES[slot.type]
        target = int(row.index.rsplit(".", 1)[1])
        if row.level == 0:
            wanted[SUPPLIES_GROUP, target, over] = (CRITICAL, slot.name)
        elif points_left(row) <= slot.low_points:
            wanted[SUPPLIES_GROUP, target, near] = (WARNING, slot.name)
    for tray, level in zip(spec.trays, state.trays, strict=True):
        if level.level * 100 <= tray.capacity * TRAY_LOW_POINTS:
            wanted[INPUT_GROUP, int(tray.index.rsplit(".", 1)[1]), TRAY_LOW] = (WARNING, tray.name)
    return wanted
