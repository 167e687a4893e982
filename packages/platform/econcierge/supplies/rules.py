"""What is news in a slot, and when another cartridge is in it: serial, part, alert, level and pages fused.

A changed serial is the best sign (QUIRKS 2.1), a changed part number the next. Without either, only a rise that lasts
counts (`course`), a gauge without numbers that was low for long and then is not, or more pages than what was left could
have printed. Sentinels that come and go, a shaken cartridge and one odd reading are no replacement (P31).
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta

from econcierge.supplies import course as levels
from econcierge.supplies import rises, usage
from econcierge.supplies import types as t
from econcierge_printers import gauge
from econcierge_printers.model import LevelState, SupplyClass

STALE_AFTER = timedelta(hours=24)
SILENT_AFTER = timedelta(days=7)
PROGRAMME_LOW_PERCENT = 20.0
ALMOST_EMPTY_PERCENT = 5.0
PREMATURE_PERCENT = 20.0
LEVEL_WHEN_LEFT_WITHIN = timedelta(days=3)  # before it left, a level counts as what it left with
NO_SERIAL = frozenset({"UNKNOWN", "NONE", "NA", "NULL", "NOTAVAILABLE", "INVALID"})

LEAP_POINTS = 12.0

# A gauge without numbers (P11) says "some left" until it says nothing is left.
NO_NUMBERS_PERCENT = 10.0  # it never said more than this
SAYS_LOW = frozenset({"low", "empty"})
SOME_LEFT_READINGS = 5
NUMBERS_READINGS = 3
LOW_READINGS = 4  # a restart says so once or twice
LOW_READINGS_WITHOUT_PAGES = 7  # so may a cartridge that is out
LOW_AGAIN_READINGS = 3
LEFT_READINGS = 6
LEFT_READINGS_AT_THE_END = 4
LEFT_LASTING = timedelta(days=2)
MOST_COUNTED = 8
MOST_LEVELS_ON_STEPS = 0.8  # of a gauge's levels are multiples of its step


def next_cartridge_state(*, memory: t.SlotMemory | None, reading: t.SlotReading) -> t.SlotChange:
    """What a reading changes in a slot. A repeated or late reading changes nothing (and confirms nothing)."""
    if memory is None:
        first = t.Replacement(reading.at, t.CartridgeKind.FIRST, t.CartridgeEvidence.FIRST, None, _measured(reading))
        memory = t.SlotMemory(read_at=reading.at, state=reading.state)
        return t.SlotChange(_remembered(memory, reading, _begun(memory.course, reading)), True, first)
    if reading.at <= memory.read_at:
        return t.SlotChange(memory, False, None)
    course, came = _seen(memory, reading)
    is_news = came is not None or says_something_new(before=memory, after=reading)
    base = memory if came is None else _without_cartridge(memory)
    return t.SlotChange(_remembered(base, reading, course), is_news, came)


def at_the_end(*, memory: t.SlotMemory) -> t.Replacement | None:
    """A replacement that no later reading confirms because the history ends: said where it is most likely one."""
    course = memory.course
    if course.claimed_serial is not None and course.claimed_at is not None:
        kind = _kind_by_serial(memory, course.claimed_serial)
        return t.Replacement(course.claimed_at, kind, t.CartridgeEvidence.SERIAL, memory.percent, None, 0.9)
    rise = levels.at_the_end(course=course, step=memory.gauge_step)
    if _is_without_numbers(course):
        since = course.left_since if course.left >= LEFT_READINGS_AT_THE_END else None
        return _left_again(memory, since, 0.8) if since and memory.read_at - since >= LEFT_LASTING else None
    if memory.serial is None and rise is not None and not rise.came_back:
        return _risen(rise)
    return None


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


def valid_serial(text: str | None) -> str | None:
    """A serial that can be compared, or None for nothing, a word for nothing, and placeholders (P17)."""
    if not text:
        return None
    plain = "".join(c for c in text.upper() if c.isalnum())
    if not plain or plain in NO_SERIAL or len(set(plain)) == 1 or plain.startswith("1234567"):
        return None
    return plain


def valid_part(text: str | None) -> str | None:
    """A part number that can be compared: upper case, without blanks."""
    if not text:
        return None
    plain = "".join(text.upper().split())
    return None if not plain or plain in NO_SERIAL else plain


def gauge_step(*, percents: Iterable[float]) -> float | None:
    """The step of a gauge in points, learnt from the levels seen; None below three levels.

    One wild reading among them lies between two steps: the smallest distance that nearly all are multiples of counts.
    """
    levels = sorted(set(percents))
    smallest = gauge.step(percents=levels)
    if smallest is None or smallest < usage.GRID_STEP_POINTS:
        return smallest
    distances = sorted({round(after - before, 1) for before, after in itertools.pairwise(levels)})
    explaining = (
        one for one in distances
        if sum(not usage.is_off_grid(level, one) for level in levels) >= MOST_LEVELS_ON_STEPS * len(levels)
    )  # fmt: skip
    return next(explaining, None)


def age(*, said_at: datetime | None, now: datetime) -> t.Age:
    """Stale after 24 hours, silent after seven days or when nothing was ever said; stale is not empty (P15)."""
    if said_at is None or now - said_at >= SILENT_AFTER:
        return t.Age.SILENT
    return t.Age.STALE if now - said_at >= STALE_AFTER else t.Age.CURRENT


def state_when_left(*, came: t.Replacement) -> LevelState:
    """MEASURED where what was left of the cartridge before was measured shortly before; else nobody knows."""
    if came.end_percent is None or came.end_measured_at is None:
        return LevelState.UNKNOWN
    is_fresh = came.at - came.end_measured_at <= LEVEL_WHEN_LEFT_WITHIN
    return LevelState.MEASURED if is_fresh else LevelState.UNKNOWN


def is_premature(*, life: t.CartridgeLife) -> bool:
    """Replaced with 20 % or more left (P32), by what was measured when it left; receptacles are emptied, not wasted."""
    if life.left_because is not t.CartridgeKind.REPLACED or life.supply_class == SupplyClass.FILLED:
        return False
    is_measured = life.state_when_left == LevelState.MEASURED
    return is_measured and life.percent_when_left is not None and life.percent_when_left >= PREMATURE_PERCENT


def _seen(memory: t.SlotMemory, reading: t.SlotReading) -> tuple[t.Course, t.Replacement | None]:
    """The course after a reading, and the cartridge that it shows to have come, if any."""
    if (course := _low_counted(_counted(memory.course, reading), reading)) is not memory.course:
        memory = dataclasses.replace(memory, course=course)
    serial = valid_serial(reading.serial)
    if memory.serial is not None and serial is not None:
        return _seen_by_serial(memory, reading, serial)
    old_part, part = memory.part_number, valid_part(reading.part_number)
    if old_part is not None and part is not None and old_part != part:
        if not _has_leapt(course, reading) and course.claimed_part != part:
            return dataclasses.replace(course, claimed_part=part, claimed_at=reading.at), None
        return _came(memory, reading, t.CartridgeEvidence.PART)
    if course.claimed_part is not None and part is not None:
        memory = dataclasses.replace(memory, course=dataclasses.replace(course, claimed_part=None, claimed_at=None))
    if _is_without_numbers(memory.course):
        return _seen_without_numbers(memory, reading)
    course, rise = _followed(memory, reading)
    if rise is None or (memory.course.departure is not None and memory.course.departure.is_same_serial):
        return course, None
    return course, _risen(rise)


def _followed(memory: t.SlotMemory, reading: t.SlotReading) -> tuple[t.Course, rises.Rise | None]:
    percent = _measured(reading)
    if percent is None or reading.counter_in_doubt:
        return memory.course, None
    return levels.follow(
        course=memory.course, at=reading.at, percent=percent, pages=reading.pages, step=memory.gauge_step
    )


def _seen_by_serial(memory: t.SlotMemory, reading: t.SlotReading, serial: str) -> tuple[t.Course, t.Replacement | None]:
    """A serial that stays the same outweighs every level. Another one, never seen and beside much the same level, is
    asked for twice: one reading of it may be garbled."""
    course = memory.course
    if serial == memory.serial:
        if course.claimed_serial is not None:
            course = dataclasses.replace(course, claimed_serial=None, claimed_at=None)
            memory = dataclasses.replace(memory, course=course)
        return _of_same_serial(_followed(memory, reading)[0]), None
    is_known = serial in memory.earlier_serials or serial in memory.serials_elsewhere
    if not is_known and not _has_leapt(course, reading) and course.claimed_serial != serial:
        return dataclasses.replace(course, claimed_serial=serial, claimed_at=reading.at), None
    return _came(memory, reading, t.CartridgeEvidence.SERIAL)


def _has_leapt(course: t.Course, reading: t.SlotReading) -> bool:
    percent = _measured(reading)
    return percent is not None and bool(course.recent) and abs(percent - course.recent[-1]) >= LEAP_POINTS


def _of_same_serial(course: t.Course) -> t.Course:
    """Whatever its level does: what waits to be believed is this cartridge's."""
    if course.departure is None or course.departure.is_same_serial:
        return course
    return dataclasses.replace(course, departure=dataclasses.replace(course.departure, is_same_serial=True))


def _came(
    memory: t.SlotMemory, reading: t.SlotReading, evidence: t.CartridgeEvidence
) -> tuple[t.Course, t.Replacement]:
    """A cartridge that says it is another one; it came when its level was first seen to rise, or its serial told."""
    course, serial = memory.course, valid_serial(reading.serial)
    at, left, seen_at = reading.at, course.recent[-1] if course.recent else None, course.measured_at
    is_claimed = course.claimed_serial == serial if evidence is t.CartridgeEvidence.SERIAL else course.claimed_part
    if is_claimed and course.claimed_at is not None:
        at = course.claimed_at
    elif (
        (rising := course.departure) is not None
        and rising.level > rising.from_percent
        and rising.count <= 2
        and not rising.is_same_serial
        and not usage.is_after_gap(course, reading.at)
    ):
        at, seen_at = rising.began_at, rising.course_at
    kind = _kind_by_serial(memory, serial)
    return _begun(course, reading), t.Replacement(at, kind, evidence, left, _measured(reading), end_measured_at=seen_at)


def _kind_by_serial(memory: t.SlotMemory, serial: str | None) -> t.CartridgeKind:
    if serial is not None and serial in memory.serials_elsewhere:
        return t.CartridgeKind.MOVED_IN
    is_known = serial is not None and serial in memory.earlier_serials
    return t.CartridgeKind.REINSERTED if is_known else t.CartridgeKind.REPLACED


def _risen(rise: rises.Rise) -> t.Replacement:
    kind = t.CartridgeKind.REINSERTED if rise.came_back else t.CartridgeKind.REPLACED
    return t.Replacement(
        rise.at, kind, rise.evidence, rise.from_percent, rise.to_percent, rise.confidence, rise.from_at
    )


def _is_without_numbers(course: t.Course) -> bool:
    """A gauge that tells nothing but "some left" and, at the end, next to nothing; one wild number is no gauge."""
    return course.numbers < NUMBERS_READINGS and course.some_left >= SOME_LEFT_READINGS


def _counted(course: t.Course, reading: t.SlotReading) -> t.Course:
    """Which kind of gauge it is shows in its readings, for ever once it has said numbers in a row."""
    percent = _measured(reading)
    if course.numbers >= NUMBERS_READINGS:
        return course
    if percent is not None and percent > NO_NUMBERS_PERCENT:
        return dataclasses.replace(course, numbers=course.numbers + 1)
    if reading.state is LevelState.SOME_REMAINING:
        return dataclasses.replace(course, numbers=0, some_left=min(course.some_left + 1, SOME_LEFT_READINGS))
    return course


def _says_low(reading: t.SlotReading) -> bool:
    percent = _measured(reading)
    return (percent is not None and percent <= NO_NUMBERS_PERCENT) or reading.panel in SAYS_LOW


def _low_counted(course: t.Course, reading: t.SlotReading) -> t.Course:
    """How often a gauge that may be without numbers said it is low, and by which page it began and ended.

    While "some left" waits to be believed, a restart and a cartridge that is out say so too: the one once or twice, the
    other while nothing prints.
    """
    if course.numbers >= NUMBERS_READINGS or not _says_low(reading):
        return course
    low_pages = reading.pages if course.low == 0 else course.low_pages
    if course.left == 0:
        low = min(course.low + 1, MOST_COUNTED)
        return dataclasses.replace(course, low=low, low_pages=low_pages, low_until_pages=reading.pages)
    prints = reading.pages is None or reading.pages != course.low_until_pages
    low_again = course.low_again + prints
    course = dataclasses.replace(course, low_again=low_again, low_until_pages=reading.pages)
    if low_again < LOW_AGAIN_READINGS:
        return course
    return dataclasses.replace(course, low=LOW_READINGS, left=0, left_since=None, low_again=0)


def _was_low(course: t.Course, reading: t.SlotReading) -> bool:
    """Often enough, and not because it was out, when nothing can print."""
    if reading.pages is None:
        return course.low >= LOW_READINGS_WITHOUT_PAGES
    return course.low >= LOW_READINGS and (course.left > 0 or course.low_pages != course.low_until_pages)


def _seen_without_numbers(memory: t.SlotMemory, reading: t.SlotReading) -> tuple[t.Course, t.Replacement | None]:
    """Low for some readings in a row, then "some left" for days: a new one. A shaken one is low again before that."""
    course, rise = _followed(memory, reading)
    if rise is not None:
        return memory.course, None  # two numbers may be wild; the third one tells that there are some
    if _says_low(reading) or reading.state is not LevelState.SOME_REMAINING:
        return course, None
    if not _was_low(course, reading):
        return dataclasses.replace(course, low=0), None
    left, since = course.left + 1, course.left_since or reading.at
    if left < LEFT_READINGS or reading.at - since < LEFT_LASTING:
        return dataclasses.replace(course, left=min(left, MOST_COUNTED), left_since=since), None
    return dataclasses.replace(_begun(course, reading), some_left=course.some_left), _left_again(memory, since, 0.9)


def _left_again(memory: t.SlotMemory, since: datetime, confidence: float) -> t.Replacement:
    evidence = t.CartridgeEvidence.ALERT if memory.percent is None else t.CartridgeEvidence.LEVEL_RISE
    return t.Replacement(since, t.CartridgeKind.REPLACED, evidence, memory.percent, None, confidence)


def _begun(course: t.Course, reading: t.SlotReading) -> t.Course:
    return levels.begun(course=course, at=reading.at, percent=_measured(reading), pages=reading.pages)


def _measured(reading: t.SlotReading) -> float | None:
    return reading.percent if reading.state is LevelState.MEASURED else None


def _newly_told(before: str | None, after: str | None) -> bool:
    return after is not None and after != before


def _without_cartridge(memory: t.SlotMemory) -> t.SlotMemory:
    """A new cartridge starts without the old one's level and label."""
    earlier = memory.earlier_serials | ({memory.serial} if memory.serial else frozenset())
    return dataclasses.replace(
        memory, percent=None, measured_at=None, serial=None, part_number=None, earlier_serials=earlier
    )


def _remembered(base: t.SlotMemory, reading: t.SlotReading, course: t.Course) -> t.SlotMemory:
    percent = _measured(reading)
    serial, part = valid_serial(reading.serial), valid_part(reading.part_number)
    return dataclasses.replace(
        base,
        read_at=reading.at,
        state=reading.state,
        percent=base.percent if percent is None else percent,
        measured_at=base.measured_at if percent is None else reading.at,
        raw_level=reading.raw_level,
        raw_capacity=reading.raw_capacity,
        serial=base.serial if serial is None or serial == course.claimed_serial else serial,
        part_number=base.part_number or part,
        course=course,
    )
