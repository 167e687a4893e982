"""Replacements in many histories at once, with the rules that the platform applies to each reading. Needs no database.

A history is whole where a reading at a time is not: a rise on which it ends is judged by what is likely, and a
cartridge that comes from another series is known to have left it.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from econcierge.fleet import counting
from econcierge.fleet import types as f
from econcierge.supplies import levels_file, rules
from econcierge.supplies import types as t
from econcierge_printers.model import Counters

MOSTLY_IN_ORDER = 0.8
LONELY_AFTER = timedelta(days=180)
MOST_LONELY = 2  # readings together
MOST_LEVELS_SEEN = 24  # enough to know a gauge's step


class EventKind(StrEnum):
    REPLACED = "replaced"
    REINSERTED = "reinserted"
    MOVED_IN = "moved_in"
    COUNTER_RESET = "counter_reset"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the face "Replacement events"; `evidence` is serial, level_rise, alert or pages."""

    series: str
    at: datetime
    kind: EventKind
    evidence: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Stay:
    """A cartridge's serial in a series, from the first to the last reading that told it."""

    series: str
    serial: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What one series shows by itself: events, with the serial that came where one was told, and stays."""

    events: tuple[tuple[Event, str | None], ...]
    stays: tuple[Stay, ...]


def in_series(*, name: str, levels: Iterable[levels_file.Level]) -> Found:
    """The events of one series, in the order of time."""
    pass_ = _Pass(name)
    for level in at_their_time(levels=list(levels)):
        pass_.read(level)
    return pass_.found()


def at_their_time(*, levels: Sequence[levels_file.Level]) -> list[levels_file.Level]:
    """The readings in the order of time, without those whose moment cannot be right.

    Where a series mostly comes in its order, a reading out of it is late or from the future, and is left out as the
    platform leaves it out. A lonely reading half a year from all others was made by a wrong clock.
    """
    kept = _longest_in_order(levels)
    if len(kept) < MOSTLY_IN_ORDER * len(levels):
        kept = sorted(levels, key=lambda level: level.at)
    return _without_lonely(kept)


def _longest_in_order(levels: Sequence[levels_file.Level]) -> list[levels_file.Level]:
    """The most readings, in the order given, whose moments never go back."""
    ends: list[datetime] = []  # the earliest moment on which so many in order can end
    last: list[int] = []  # and the place of that reading
    before: list[int] = []
    for place, level in enumerate(levels):
        length = bisect_right(ends, level.at)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [level.at]
        last[length : length + 1] = [place]
    kept, place = [], last[-1] if last else -1
    while place >= 0:
        kept.append(levels[place])
        place = before[place]
    return kept[::-1]


def _without_lonely(levels: list[levels_file.Level]) -> list[levels_file.Level]:
    groups: list[list[levels_file.Level]] = []
    for level in levels:
        if not groups or level.at - groups[-1][-1].at > LONELY_AFTER:
            groups.append([])
        groups[-1].append(level)
    if max((len(group) for group in groups), default=0) <= MOST_LONELY:
        return levels
    return [level for group in groups if len(group) > MOST_LONELY for level in group]


def with_moves(*, found: Iterable[Found]) -> Iterator[Event]:
    """All events, those moved in that came from where another series had them; a series' own events in order."""
    found = list(found)
    stays: dict[str, list[Stay]] = {}
    for one in found:
        for stay in one.stays:
            stays.setdefault(stay.serial, []).append(stay)
    for one in found:
        for event, serial in one.events:
            yield event if serial is None else _as_move(event, stays.get(serial, ()))


def _as_move(event: Event, stays: Iterable[Stay]) -> Event:
    """A cartridge moved in when it was last in another series, and is there no more: a cloned chip is still there."""
    before = [stay for stay in stays if stay.first_at < event.at]
    elsewhere = [stay for stay in before if stay.series != event.series]
    if not elsewhere:
        return event
    last = max(before, key=lambda stay: stay.last_at if stay.series != event.series else stay.first_at)
    if last.series == event.series:
        return event
    if any(stay.last_at > event.at for stay in elsewhere):
        return dataclasses.replace(event, confidence=min(event.confidence, 0.7))
    return dataclasses.replace(event, kind=EventKind.MOVED_IN)


class _Pass:
    """One series while its readings pass by."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._memory: t.SlotMemory | None = None
        self._pages = f.PageCount(None, "unknown")
        self._seen: set[float] = set()
        self._seen_once: set[float] = set()
        self._learnt_step: float | None = None
        self._events: list[tuple[Event, str | None]] = []
        self._stays: list[Stay] = []

    def read(self, level: levels_file.Level) -> None:
        if self._memory is not None and level.at <= self._memory.read_at:
            return
        self._count(level)
        reading = t.SlotReading(
            at=level.at,
            state=level.state,
            percent=level.percent,
            serial=level.serial,
            pages=self._pages.lifetime,
            counter_in_doubt=level.pages is not None and self._pages.doubt is not None,
        )
        memory = self._memory
        if memory is not None:
            memory = dataclasses.replace(memory, gauge_step=self._step(level))
        change = rules.next_cartridge_state(memory=memory, reading=reading)
        self._memory = change.memory
        if change.cartridge is not None and change.cartridge.kind is not t.CartridgeKind.FIRST:
            self._came(change.cartridge, change.memory.serial)
        if (serial := change.memory.serial) is not None and rules.valid_serial(level.serial) == serial:
            self._stayed(serial, change.cartridge.at if change.cartridge else level.at, level.at)

    def found(self) -> Found:
        if self._memory is not None and (last := rules.at_the_end(memory=self._memory)) is not None:
            claimed = self._memory.course.claimed_serial
            self._came(last, claimed)
            if claimed is not None:
                self._stayed(claimed, last.at, last.at)
        doubt = self._pages.doubt
        if doubt is not None and doubt.times > 1 and doubt.last < (self._pages.total or 0):
            self._reset(doubt.began_at, 0.7)
        return Found(tuple(sorted(self._events, key=lambda pair: pair[0].at)), tuple(self._stays))

    def _count(self, level: levels_file.Level) -> None:
        if level.pages is None:
            return
        said = Counters(total=level.pages, unit=self._pages.unit)
        self._pages = counting.counted(before=self._pages, said=said, at=level.at)
        if (began_at := self._pages.epoch_began_at) is not None:
            self._reset(began_at, 0.95)

    def _reset(self, at: datetime, confidence: float) -> None:
        event = Event(self._name, at, EventKind.COUNTER_RESET, t.CartridgeEvidence.PAGES.value, confidence)
        self._events.append((event, None))

    def _step(self, level: levels_file.Level) -> float | None:
        if level.step is not None:
            return level.step
        if level.percent is not None and len(self._seen) < MOST_LEVELS_SEEN and level.percent not in self._seen:
            if level.percent in self._seen_once:  # a wild one does not come twice
                self._seen.add(level.percent)
                self._learnt_step = rules.gauge_step(percents=self._seen)
            self._seen_once.add(level.percent)
        return self._learnt_step

    def _came(self, came: t.Replacement, serial: str | None) -> None:
        event = Event(self._name, came.at, EventKind(came.kind.value), came.evidence.value, came.confidence)
        self._events.append((event, serial if came.evidence is t.CartridgeEvidence.SERIAL else None))

    def _stayed(self, serial: str, first_at: datetime, at: datetime) -> None:
        if self._stays and self._stays[-1].serial == serial:
            self._stays[-1] = dataclasses.replace(self._stays[-1], last_at=at)
        else:
            self._stays.append(Stay(self._name, serial, first_at, at))
