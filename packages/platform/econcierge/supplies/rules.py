"""What is news in a slot, and when another cartridge is in it. The first honest version of seeing replacements.

A changed serial is the best sign (QUIRKS 2.1), a changed part number the next. Without either, only a rise
that lasts counts: sentinels that come and go, a shaken cartridge and one odd reading are no replacement (P31).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta

from econcierge.supplies import types as t
from econcierge_printers import gauge
from econcierge_printers.model import LevelState

STALE_AFTER = timedelta(hours=24)
SILENT_AFTER = timedelta(days=7)
JUMP_POINTS = 20.0
JUMP_GAUGE_STEPS = 2
PROGRAMME_LOW_PERCENT = 20.0
ALMOST_EMPTY_PERCENT = 5.0
NEARLY_FULL_PERCENT = 80.0
NO_SERIAL = frozenset({"UNKNOWN", "NONE", "NA", "NULL", "NOTAVAILABLE", "INVALID"})


def next_cartridge_state(*, memory: t.SlotMemory | None, reading: t.SlotReading) -> t.SlotChange:
    """What a reading changes in a slot. A repeated or late reading changes nothing (and confirms nothing)."""
    if memory is None:
        first = t.Replacement(reading.at, t.CartridgeKind.FIRST, t.CartridgeEvidence.FIRST, None, _measured(reading))
        return t.SlotChange(_remembered(memory=None, reading=reading, came=first), True, first)
    if reading.at <= memory.read_at:
        return t.SlotChange(memory, False, None)
    came = is_replacement(before=memory, after=reading)
    is_news = came is not None or says_something_new(before=memory, after=reading)
    return t.SlotChange(_remembered(memory=memory, reading=reading, came=came), is_news, came)


def says_something_new(*, before: t.SlotMemory, after: t.SlotReading) -> bool:
    """Whether a row of history is due: the state, percentage, capacity or label changed, or an unmeasured raw level."""
    if after.state is not before.state or after.raw_capacity != before.raw_capacity:
        return True
    if _newly_told(before.serial, valid_serial(after.serial)):
        return True
    if _newly_told(before.part_number, valid_part(after.part_number)):
        return True
    if after.state is LevelState.MEASURED:
        return after.percent != before.percent
    return after.raw_level != before.raw_level


def is_replacement(*, before: t.SlotMemory, after: t.SlotReading) -> t.Replacement | None:
    """The cartridge that came, or None. A serial that stays the same outweighs every level."""
    old, new = valid_serial(before.serial), valid_serial(after.serial)
    if old is not None and new is not None:
        return None if old == new else _came(before, after, t.CartridgeEvidence.SERIAL, after.at)
    old_part, new_part = valid_part(before.part_number), valid_part(after.part_number)
    if old_part is not None and new_part is not None and old_part != new_part:
        return _came(before, after, t.CartridgeEvidence.PART, after.at)
    return _risen(before=before, after=after)


def valid_serial(text: str | None) -> str | None:
    """A serial that can be compared, or None for nothing, a word for nothing, and placeholders (P17)."""
    plain = "".join(c for c in (text or "").upper() if c.isalnum())
    if not plain or plain in NO_SERIAL or len(set(plain)) == 1 or plain.startswith("1234567"):
        return None
    return plain


def valid_part(text: str | None) -> str | None:
    """A part number that can be compared: upper case, without blanks."""
    plain = "".join((text or "").upper().split())
    return None if not plain or plain in NO_SERIAL else plain


def jump_points(*, gauge_step: float | None) -> float:
    """How far a level must leave its course to be more than noise: 20 points, or two steps of a coarse gauge."""
    return max(JUMP_POINTS, JUMP_GAUGE_STEPS * (gauge_step or 0.0))


def gauge_step(*, percents: Iterable[float]) -> float | None:
    """The step of a gauge in points, learnt from the levels seen; None below three levels."""
    return gauge.step(percents=percents)


def age(*, said_at: datetime | None, now: datetime) -> t.Age:
    """Stale after 24 hours, silent after seven days or when nothing was ever said; stale is not empty (P15)."""
    if said_at is None or now - said_at >= SILENT_AFTER:
        return t.Age.SILENT
    return t.Age.STALE if now - said_at >= STALE_AFTER else t.Age.CURRENT


def displayed_level(*, memory: t.SlotMemory, now: datetime) -> t.DisplayedLevel:
    """What may be shown: never a number that the device did not measure (P01), never without its age (P04)."""
    is_measured = memory.state is LevelState.MEASURED
    return t.DisplayedLevel(
        state=memory.state,
        percent=memory.percent if is_measured else None,
        last_percent=None if is_measured else memory.percent,
        measured_at=memory.measured_at,
        age=age(said_at=memory.read_at, now=now),
    )


def _risen(*, before: t.SlotMemory, after: t.SlotReading) -> t.Replacement | None:
    """A rise that a second reading confirms, or at once from a trusted almost empty to nearly full."""
    percent, trusted = _measured(after), _trusted(before)
    if percent is None or trusted is None or percent - trusted < jump_points(gauge_step=before.gauge_step):
        return None
    if before.jump is not None and before.jump.to_percent > trusted:
        return _came(before, after, t.CartridgeEvidence.LEVEL_RISE, before.jump.at)
    if trusted <= ALMOST_EMPTY_PERCENT and percent >= NEARLY_FULL_PERCENT:
        return _came(before, after, t.CartridgeEvidence.LEVEL_RISE, after.at)
    return None


def _came(before: t.SlotMemory, after: t.SlotReading, evidence: t.CartridgeEvidence, at: datetime) -> t.Replacement:
    serial = valid_serial(after.serial)
    kind = t.CartridgeKind.REPLACED
    if serial is not None and serial in before.earlier_serials:
        kind = t.CartridgeKind.REINSERTED
    elif serial is not None and serial in before.serials_elsewhere:
        kind = t.CartridgeKind.MOVED_IN
    return t.Replacement(at, kind, evidence, _trusted(before), _measured(after))


def _trusted(memory: t.SlotMemory) -> float | None:
    return memory.percent if memory.jump is None else memory.jump.from_percent


def _measured(reading: t.SlotReading) -> float | None:
    return reading.percent if reading.state is LevelState.MEASURED else None


def _newly_told(before: str | None, after: str | None) -> bool:
    return after is not None and after != before


def _remembered(*, memory: t.SlotMemory | None, reading: t.SlotReading, came: t.Replacement | None) -> t.SlotMemory:
    """The memory after a reading. A new cartridge starts without the old one's level, label and jump."""
    base = memory or t.SlotMemory(read_at=reading.at, state=reading.state)
    if came is not None:
        earlier = base.earlier_serials | ({base.serial} if base.serial else frozenset())
        base = dataclasses.replace(
            base, percent=None, measured_at=None, serial=None, part_number=None, jump=None,
            earlier_serials=earlier,
        )  # fmt: skip
    percent = _measured(reading)
    return dataclasses.replace(
        base,
        read_at=reading.at,
        state=reading.state,
        percent=base.percent if percent is None else percent,
        measured_at=base.measured_at if percent is None else reading.at,
        raw_level=reading.raw_level,
        raw_capacity=reading.raw_capacity,
        serial=valid_serial(reading.serial) or base.serial,
        part_number=valid_part(reading.part_number) or base.part_number,
        jump=base.jump if percent is None else _jump(base=base, percent=percent, at=reading.at),
    )


def _jump(*, base: t.SlotMemory, percent: float, at: datetime) -> t.Jump | None:
    """A jump begins to wait; the next measured level confirms it (up or down) or takes it back."""
    trusted = _trusted(base)
    if trusted is None or abs(percent - trusted) < jump_points(gauge_step=base.gauge_step):
        return None
    if base.jump is not None and (base.jump.to_percent > trusted) == (percent > trusted):
        return None
    return t.Jump(from_percent=trusted, to_percent=percent, at=at)
