"""Which rises of a level are another cartridge: what was used meanwhile, wild readings, zeros that say little."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from econcierge.supplies import coursefile, rules
from econcierge.supplies import types as t
from econcierge_printers.model import LevelState

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY = timedelta(days=1)
Row = tuple[float, float | None, int | None]  # day, percent (None: "some left"), pages


def came(rows: Sequence[Row], *, step: float | None = None, ends: bool = False) -> list[tuple[float, str]]:
    """The cartridges that came after the first, each with the day from which it counts."""
    memory, found = None, []
    for day, percent, pages in rows:
        state = LevelState.SOME_REMAINING if percent is None else LevelState.MEASURED
        said = t.SlotReading(START + day * DAY, state, percent=percent, pages=pages)
        change = rules.next_cartridge_state(memory=memory, reading=said)
        memory = dataclasses.replace(change.memory, gauge_step=step)
        memory = dataclasses.replace(memory, course=coursefile.from_json(coursefile.to_json(memory.course)))
        found += [change.cartridge] if change.cartridge else []
    assert memory is not None
    last = rules.at_the_end(memory=memory) if ends else None
    return [((one.at - START) / DAY, one.kind.value) for one in [*found[1:], *([last] if last else [])]]


def daily(*percents: float | None, pages: Sequence[int] | None = None) -> list[Row]:
    return [(day, percent, None if pages is None else pages[day]) for day, percent in enumerate(percents)]


CAME = [
    ("it is used fast from its first day", daily(30, 20, 10, 5, 100, 82, 78, 70), 1.0, 4),
    ("it is used fast, by its pages", daily(40, 30, 20, 10, 100, 70, 40, 20,
     pages=[0, 100, 200, 300, 310, 600, 900, 1100]), 1.0, 4),
    ("a printer that starts says nothing once", daily(10, 8, 5, 3, 100, 0, 90, 90), 1.0, 4),
    ("a used one that lasts a week", daily(40, 39, 38, 37, 65, *range(65, 56, -1)), 1.0, 4),
    ("more pages than the old one had left went by in a silence",
     [*daily(90, 75, 60, 45, pages=[0, 150, 300, 450]), (10, 65, 1000), (11, 62, 1030), (12, 60, 1050),
      (13, 58, 1070)], 1.0, 10),
    ("by days, where nobody counts pages",
     [*daily(90, 80, 70, 60, 50, 40), *((26 + day, 60 - 2 * day, None) for day in range(9))], 1.0, 26),
    ("taken out after its first reading, while nothing prints",
     daily(15, 9, 4, 0, 98, 0, 0, 0, 94, 94, 93, pages=[0, 60, 110, 150, 160, 165, 165, 165, 170, 175, 180]), 1.0, 4),
]  # fmt: skip


@pytest.mark.parametrize(("says", "rows", "step", "day"), CAME, ids=[row[0] for row in CAME])
def test_another_cartridge(says: str, rows: list[Row], step: float | None, day: float) -> None:
    assert came(rows, step=step) == [(day, "replaced")]


NONE_CAME = [
    ("a gauge of quarters says 64 once", daily(*[100] * 4, 64.4, *[100] * 12), 25.0),
    ("nothing, twice, while it prints on",
     daily(75, 75, 75, 0, 0, *[75] * 9, pages=[0, 20, 40, 60, 80, *range(100, 280, 20)]), 25.0),
    ("nothing from a low level, and back", daily(16, 15, 15, 0, 0, 15, 14, *[14] * 9), 1.0),
    ("shaken for four days", daily(12, 10, 9, 8, 30, 29, 28, 26, 6, 5, 5, 5), 1.0),
    ("full by mistake, and a silence", [*daily(60, 59, 58, 57, 100, 57, 56), (20, 45, None), (21, 45, None)], 1.0),
    ("nothing printed, so the old one is back", daily(50, 46, 44, 0, 0, 0, 49, 48, 46, 45,
     pages=[0, 20, 40, 45, 45, 45, 46, 50, 60, 70]), 5.0),
]  # fmt: skip


@pytest.mark.parametrize(("says", "rows", "step"), NONE_CAME, ids=[row[0] for row in NONE_CAME])
def test_the_same_cartridge(says: str, rows: list[Row], step: float | None) -> None:
    assert [one for one in came(rows, step=step) if one[1] == "replaced"] == []


def test_what_was_out_while_nothing_printed_was_put_back() -> None:
    pages = [0, 30, 60, 65, 65, 65, 70, 80, 90]
    assert came(daily(80, 79, 78, 0, 0, 0, 78, 77, 77, pages=pages), step=1.0) == [(6, "reinserted")]
    printed_on = [0, 30, 60, 80, 100, 120, 140, 160, 180]
    assert came(daily(80, 79, 78, 0, 0, 0, 78, 77, 77, pages=printed_on), step=1.0) == []


def test_where_readings_are_rare_two_days_are_no_silence() -> None:
    rare = [(2 * day, percent, None) for day, percent in enumerate((80, 79, 78, 0, 0, 76, 76, 75, 75, 74))]
    assert came(rare, step=1.0) in ([], [(10, "reinserted")])


def test_three_readings_far_above_the_last_one_are_believed_at_the_end() -> None:
    assert came(daily(20, 15, 10, 5, 72, 70, 69), step=1.0, ends=True) == [(4, "replaced")]
    assert came(daily(40, 39, 38, 37, 100), step=1.0, ends=True) == []


def test_a_gauge_without_numbers_keeps_its_day_through_a_restart() -> None:
    pages = list(range(0, 340, 20))
    said = [*[None] * 5, 0.0, 0.0, 0.0, 0.0, None, None, 0.0, None, None, None, None, None]
    assert came(daily(*said, pages=pages)) == [(9, "replaced")]


def test_a_gauge_without_numbers_that_is_low_again_was_shaken() -> None:
    pages = list(range(0, 360, 20))
    said = [*[None] * 5, 0.0, 0.0, 0.0, 0.0, None, None, None, 0.0, 0.0, 0.0, 0.0, None, None]
    assert came(daily(*said, pages=pages)) == []


def test_a_refill_keeps_its_serial_even_where_a_reading_does_not_tell_it() -> None:
    memory, found = None, []
    for day, (percent, serial) in enumerate([(20.0, "A1"), (16.0, "A1"), (15.0, "A1"), (100.0, "A1"), (100.0, None)]):
        said = t.SlotReading(START + day * DAY, LevelState.MEASURED, percent=percent, serial=serial)
        change = rules.next_cartridge_state(memory=memory, reading=said)
        memory, found = change.memory, [*found, change.cartridge]
    assert found[1:] == [None] * 4


@pytest.mark.parametrize(
    ("levels", "step"),
    [((0, 25, 50, 64.4, 75, 100), 25.0), ((0, 33, 66, 99, 7.2), 33.0), ((97, 64, 30), None), ((88, 87, 85, 12.3), 1.0)],
)
def test_one_wild_level_does_not_hide_the_step_of_a_gauge(levels: tuple[float, ...], step: float | None) -> None:
    assert rules.gauge_step(percents=levels) == step
