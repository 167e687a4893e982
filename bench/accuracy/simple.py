"""Histories with little trouble: shaken cartridges, swaps, counters that begin again, sentinels, gauges of 25 points.

Made independently of `histories`, day by day, with one reading at noon; nothing here knows the rules measured with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.accuracy.histories import START, Row, Truth

SENTINELS = ("unknown", "some_remaining", "unrestricted")


@dataclass(frozen=True, slots=True)
class World:
    """`shares` are chances: of a pair that tells serials, of a gauge of 25 points, of a swap in the pair's time."""

    name: str
    seed: int
    pairs: int
    days: tuple[int, int] = (200, 420)
    life_days: tuple[float, float] = (20.0, 90.0)
    serial_share: float = 0.4
    quarters_share: float = 0.4
    swap_share: float = 0.3
    reset_share: float = 0.3
    premature_share: float = 0.1
    shake_share: float = 0.5
    sentinels_a_year: float = 10.0


@dataclass(slots=True)
class _Slot:
    name: str
    step: int
    tells_serial: bool
    tells_pages: bool
    a_day: float
    level: float
    serial: str
    leaves_at: float
    pages: float = 1000.0
    said: float = 0.0
    extra: float = 0.0
    extra_days: int = 0
    was_shaken: bool = False
    asleep: tuple[int, str] = (0, "")
    waiting: tuple[str, datetime, tuple[str, ...]] | None = None  # an event that no clear reading has followed yet


def pairs(world: World) -> Iterator[tuple[list[Row], list[Truth]]]:
    """Rows and truth of two printers at a time, that may swap their cartridges."""
    rng = random.Random(world.seed)
    for number in range(world.pairs):
        yield _pair(world, number, rng)


def _pair(world: World, number: int, rng: random.Random) -> tuple[list[Row], list[Truth]]:
    tells_serial = rng.random() < world.serial_share
    slots = [_slot(world, f"{world.name}-{number:05d}-{side}", tells_serial, rng) for side in "ab"]
    days = rng.randint(*world.days)
    swap_on = rng.randint(30, days - 10) if tells_serial and rng.random() < world.swap_share else None
    resets = {slot.name: rng.randint(10, days - 10) for slot in slots if rng.random() < world.reset_share}
    rows: list[Row] = []
    truth: list[Truth] = []
    for day in range(days):
        at = START + timedelta(days=day, hours=12)
        for slot in slots:
            _use(world, slot, at, day > 3, rng)
        if day == swap_on and not any(slot.waiting for slot in slots):
            a, b = slots
            (a.level, a.serial), (b.level, b.serial) = (b.level, b.serial), (a.level, a.serial)
            a.waiting = b.waiting = ("moved_in", at, ("moved",))
        for slot in slots:
            if resets.get(slot.name) == day:
                slot.pages = 0.0
                if slot.tells_pages:
                    truth.append(Truth(slot.name, at, at, "counter_reset", (), is_told=True))
            rows.append(_read(world, slot, at, truth, rng))
    return rows, truth


def _slot(world: World, name: str, tells_serial: bool, rng: random.Random) -> _Slot:
    return _Slot(
        name=name,
        step=25 if rng.random() < world.quarters_share else 1,
        tells_serial=tells_serial,
        tells_pages=rng.random() < 0.7,
        a_day=100.0 / rng.uniform(*world.life_days),
        level=rng.uniform(30, 100),
        serial=_serial(rng),
        leaves_at=_leaves_at(world, rng),
    )


def _use(world: World, slot: _Slot, at: datetime, may_change: bool, rng: random.Random) -> None:
    used = slot.a_day * rng.choice((0.0, 0.5, 1.0, 1.0, 1.5, 2.0))
    slot.level, slot.pages = max(0.0, slot.level - used), slot.pages + 30 * used
    slot.extra_days -= 1
    if slot.level <= 10 and not slot.was_shaken:
        slot.was_shaken = True
        if rng.random() < world.shake_share:
            slot.extra, slot.extra_days = rng.uniform(5, 20), rng.randint(1, 4)
    if may_change and slot.level <= slot.leaves_at and slot.waiting is None:
        among = ("premature",) if slot.leaves_at >= 20 else ("shaken before",) if slot.extra else ()
        slot.level, slot.serial, slot.leaves_at = 100.0, _serial(rng), _leaves_at(world, rng)
        slot.extra, slot.was_shaken = 0.0, False
        slot.waiting = ("replaced", at, among)


def _read(world: World, slot: _Slot, at: datetime, truth: list[Truth], rng: random.Random) -> Row:
    left, state = slot.asleep
    if left <= 0 and rng.random() < world.sentinels_a_year / 365:
        left, state = rng.randint(1, 5), rng.choice(SENTINELS)
    slot.asleep = (left - 1, state)
    serial = slot.serial if slot.tells_serial else ""
    pages = int(slot.pages) if slot.tells_pages else None
    if left > 0 and not (slot.waiting and slot.tells_serial):
        return Row(slot.name, at, None, state, None, pages, serial)
    level = min(100.0, slot.level + (slot.extra if slot.extra_days > 0 else 0.0))
    said = float(-(-level // slot.step) * slot.step)
    if slot.waiting is not None:
        kind, since, among = slot.waiting
        is_told = slot.tells_serial or said - slot.said >= max(12.0, 1.8 * slot.step)
        gauge = "coarse gauge" if slot.step == 25 else "fine gauge"
        words = (*among, gauge, "serial told" if slot.tells_serial else "no serial")
        truth.append(Truth(slot.name, since, at, kind, words, is_told))
        slot.waiting = None
    if left > 0:
        return Row(slot.name, at, None, state, None, pages, serial)
    slot.said = said
    return Row(slot.name, at, said, "measured", None, pages, serial)


def _leaves_at(world: World, rng: random.Random) -> float:
    return rng.uniform(20, 60) if rng.random() < world.premature_share else rng.choice((0.0, 0.0, 3.0))


def _serial(rng: random.Random) -> str:
    return f"S{rng.randrange(10**9):09d}"
