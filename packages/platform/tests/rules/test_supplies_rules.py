"""What is news in a slot and when another cartridge is in it, told as the levels that a support person sees."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from econcierge.supplies import rules
from econcierge.supplies.types import (
    Age,
    CartridgeEvidence,
    CartridgeKind,
    Replacement,
    SlotMemory,
    SlotReading,
)
from econcierge_printers.model import LevelState

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
Said = float | LevelState
UNKNOWN, SOME, ODD = LevelState.UNKNOWN, LevelState.SOME_REMAINING, LevelState.IMPLAUSIBLE


def reading(hour: int, said: Said, serial: str | None = None, part: str | None = None) -> SlotReading:
    at = START + timedelta(hours=hour)
    if isinstance(said, LevelState):
        return SlotReading(at, said, serial=serial, part_number=part)
    return SlotReading(at, LevelState.MEASURED, percent=said, raw_level=int(said), raw_capacity=100,
                       serial=serial, part_number=part)  # fmt: skip


def live(readings: list[SlotReading], *, step: float | None = None) -> tuple[SlotMemory, list[Replacement]]:
    """Plays a history through a slot; the cartridges that came after the first."""
    memory: SlotMemory | None = None
    came: list[Replacement] = []
    for item in readings:
        change = rules.next_cartridge_state(memory=memory, reading=item)
        memory = dataclasses.replace(change.memory, gauge_step=step)
        came += [change.cartridge] if change.cartridge else []
    assert memory is not None
    assert came[0].kind is CartridgeKind.FIRST
    return memory, came[1:]


def levels(*said: Said) -> list[SlotReading]:
    return [reading(hour, item) for hour, item in enumerate(said)]


NOTHING_CAME = [
    ("it is used up", levels(50, 49, 30, 5, 0), None),
    ("it sleeps and wakes", levels(50, UNKNOWN, UNKNOWN, 50, 49), None),
    ("some remaining comes and goes", levels(8, SOME, 8, SOME, 7), None),
    ("150 % is never used", levels(10, ODD, 10, ODD, 9), None),
    ("shaken: a few points back", levels(8, 15, 14, 12), None),
    ("one odd high reading", levels(40, 95, 40, 39), None),
    ("one odd zero while it warms up", levels(90, 0, 90, 89, 88), None),
    ("an odd zero, asleep, and back", levels(90, 0, UNKNOWN, 90, 89), None),
    ("a coarse gauge steps up and stays", levels(25, 50, 50, 50), 25.0),
    ("empty to half, and back", levels(3, 3, 60, 4), None),
    ("a wild first reading", levels(0, 90, 90, 89, 88, 88), None),
    ("a wild second reading", levels(90, 0, 90, 90, 90, 90), None),
    ("full twice by mistake, from half", levels(50, 50, 100, 100, 50, 50), None),
]  # fmt: skip


@pytest.mark.parametrize(("says", "history", "step"), NOTHING_CAME, ids=[row[0] for row in NOTHING_CAME])
def test_no_replacement(says: str, history: list[SlotReading], step: float | None) -> None:
    assert live(history, step=step)[1] == []


CAME = [
    ("a rise that stays", levels(31, 30, 100, 99, 99), None, 2, 30),
    ("a rise seen again after sleep", levels(31, 30, 100, UNKNOWN, 99, 99), None, 2, 30),
    ("almost empty to nearly full, seen twice", levels(5, 4, 100, 100), None, 2, 4),
    ("almost empty to 86 %, seen twice", levels(5, 5, 86, 86), None, 2, 5),
    ("sentinels in between", levels(13, 12, UNKNOWN, SOME, 100, 100), None, 4, 12),
    ("a coarse gauge from nothing to full", levels(0, 0, 100, 100), 25.0, 2, 0),
    ("a sudden drop that stayed, then a new one", levels(70, 70, 5, 5, 5, 5, 100, 100), None, 6, 5),
]  # fmt: skip


@pytest.mark.parametrize(("says", "history", "step", "hour", "left"), CAME, ids=[row[0] for row in CAME])
def test_replacement_by_level(
    says: str, history: list[SlotReading], step: float | None, hour: int, left: float
) -> None:
    _, came = live(history, step=step)
    assert [(item.at, item.end_percent, item.evidence) for item in came] == [
        (START + timedelta(hours=hour), left, CartridgeEvidence.LEVEL_RISE)
    ]


def test_another_serial_is_another_cartridge_at_any_level() -> None:
    memory, came = live([reading(0, 60, "SN: A1"), reading(1, 50, "B2"), reading(2, 49, "b2")])
    assert [(item.at, item.evidence, item.end_percent, item.start_percent) for item in came] == [
        (START + timedelta(hours=1), CartridgeEvidence.SERIAL, 60, 49)
    ]
    assert (memory.serial, memory.earlier_serials) == ("B2", frozenset({"SNA1"}))


def test_a_garbled_serial_beside_a_level_that_fell_or_was_not_told_is_no_cartridge() -> None:
    told = [(60.0, "CRUM1"), (50.0, "CRU"), (48.0, "CRUM1"), (UNKNOWN, "CR"), (40.0, "CRUM1"), (39.0, "CRUM1")]
    memory, came = live([reading(hour, said, serial) for hour, (said, serial) in enumerate(told)])
    assert (came, memory.serial) == ([], "CRUM1")


def test_another_serial_beside_the_same_level_is_asked_for_twice() -> None:
    misread = [reading(0, 60, "A1"), reading(1, 60, "B2"), reading(2, 60, "A1"), reading(3, 60, "A1")]
    assert live(misread)[1] == []
    memory, came = live([*misread, reading(4, 60, "B2"), reading(5, 59, "B2")])
    assert [(item.at, item.evidence) for item in came] == [(START + timedelta(hours=4), CartridgeEvidence.SERIAL)]
    assert memory.serial == "B2"


def test_the_same_serial_outweighs_a_rise() -> None:
    assert live([reading(n, level, "A1") for n, level in enumerate((3, 3, 100, 100, 100))])[1] == []


def test_a_serial_that_is_told_late_does_not_count_the_cartridge_twice() -> None:
    history = [*levels(4, 4, 100, 100), reading(4, 100, "B2"), reading(5, 99, "B2")]
    assert [item.evidence for item in live(history)[1]] == [CartridgeEvidence.LEVEL_RISE]


def test_a_cartridge_that_was_out_comes_back_and_is_called_so() -> None:
    out_and_in = levels(60, 60, 10, 10, 10, 10, 60, 60, 60)
    assert [item.kind for item in live(out_and_in)[1]] == [CartridgeKind.REINSERTED]


def test_a_used_cartridge_counts_when_it_stays_for_days() -> None:
    stays = [*levels(8, 7, 6, 5), *(reading(4 + 8 * n, 50 - n) for n in range(9))]
    assert [(item.end_percent, item.evidence) for item in live(stays)[1]] == [(5, CartridgeEvidence.LEVEL_RISE)]
    shaken = [*levels(8, 7, 6, 5), *(reading(4 + 8 * n, 22 - n) for n in range(12))]
    assert live(shaken)[1] == []


def with_pages(history: list[SlotReading], *pages: int | None) -> list[SlotReading]:
    return [dataclasses.replace(item, pages=count) for item, count in zip(history, pages, strict=True)]


def test_more_pages_than_were_left_tell_of_a_cartridge_that_nobody_saw() -> None:
    seen = [reading(24 * day, 90.0 - 2 * day) for day in range(25)]
    after = reading(24 * 60, 40)
    before = with_pages(seen, *(1000 + 100 * day for day in range(25)))
    (came,) = live([*before, dataclasses.replace(after, pages=1000 + 100 * 77)])[1]
    assert (came.at, came.evidence) == (after.at, CartridgeEvidence.PAGES)
    assert live([*before, dataclasses.replace(after, pages=3400 + 50)])[1] == []


def test_a_gauge_without_numbers_tells_of_a_new_one_by_being_low_and_then_not() -> None:
    def said(low_hours: int, *then: Said) -> list[SlotReading]:
        low = [reading(100 + hour, 0) for hour in range(low_hours)]
        return [
            *(reading(10 * n, SOME) for n in range(8)),
            *low,
            *(reading(110 + 12 * n, s) for n, s in enumerate(then)),
        ]

    assert [item.at for item in live(said(8, *[SOME] * 8))[1]] == [START + timedelta(hours=110)]
    assert live(said(1, *[SOME] * 8))[1] == []
    assert live(said(4, SOME, SOME, 0, SOME, 0, 0))[1] == []


def test_the_panel_serves_where_the_gauge_has_no_numbers() -> None:
    low = [dataclasses.replace(reading(hour, SOME), panel="empty") for hour in range(6, 14)]
    some = [reading(hour, SOME) for hour in range(6)]
    (came,) = live([*some, *low, *(reading(20 + 12 * n, SOME) for n in range(8))])[1]
    assert (came.evidence, came.at) == (CartridgeEvidence.ALERT, START + timedelta(hours=20))


@pytest.mark.parametrize("serial", [None, "", "unknown", "00000000", "1234567890000", "N/A", "--"])
def test_a_serial_that_is_none_changes_nothing(serial: str | None) -> None:
    memory, came = live([reading(0, 60, "A1"), reading(1, 60, serial), reading(2, 60, "A1")])
    assert (came, memory.serial) == ([], "A1")


def test_a_cartridge_that_came_back_is_called_so() -> None:
    history = [reading(n, *said) for n, said in enumerate([(60, "A1"), *[(100, "B2")] * 2, *[(60, "A1")] * 2])]
    assert [item.kind for item in live(history)[1]] == [CartridgeKind.REPLACED, CartridgeKind.REINSERTED]


def test_a_cartridge_from_another_of_our_printers_is_called_so() -> None:
    first = rules.next_cartridge_state(memory=None, reading=reading(0, 60, "A1")).memory
    known = dataclasses.replace(first, serials_elsewhere=frozenset({"B2"}))
    change = rules.next_cartridge_state(memory=known, reading=reading(1, 40, "B2"))
    assert change.cartridge is not None
    assert change.cartridge.kind is CartridgeKind.MOVED_IN


def test_another_part_number_is_another_cartridge() -> None:
    first, other = reading(0, 20, part="106R03500"), reading(1, 20, part="106r03512 ")
    _, came = live([first, other, reading(2, 20, part="106R03512")])
    assert [(item.at, item.evidence) for item in came] == [(other.at, CartridgeEvidence.PART)]
    garbled = [reading(hour, 20, part=part) for hour, part in enumerate(("106R03500", "106R", "106R03500", "106R"))]
    memory, came = live(garbled)
    assert (came, memory.part_number) == ([], "106R03500")
    with_a_rise = reading(1, 100, part="106R03512")
    assert [item.at for item in live([first, with_a_rise])[1]] == [with_a_rise.at]
    assert live([reading(0, 20, part="106R03500"), reading(1, 20, part="106r03500 ")])[1] == []


def test_a_late_or_repeated_reading_changes_nothing() -> None:
    memory, _ = live(levels(30, 100))
    for again in (reading(1, 100), reading(0, 10)):
        change = rules.next_cartridge_state(memory=memory, reading=again)
        assert (change.memory, change.is_news, change.cartridge) == (memory, False, None)


def test_news_is_what_changed() -> None:
    memory, _ = live(levels(30))
    said = [rules.next_cartridge_state(memory=memory, reading=reading(1, item)).is_news for item in (30, 29.9, SOME)]
    assert said == [False, True, True]
    larger = dataclasses.replace(reading(1, 30), raw_capacity=200)
    assert rules.next_cartridge_state(memory=memory, reading=larger).is_news
    labelled = rules.next_cartridge_state(memory=memory, reading=reading(1, 30, "A1"))
    assert (labelled.is_news, labelled.memory.serial, labelled.cartridge) == (True, "A1", None)
    unlabelled = rules.next_cartridge_state(memory=labelled.memory, reading=reading(2, 30))
    assert (unlabelled.is_news, unlabelled.memory.serial) == (False, "A1")


@pytest.mark.parametrize(("hours", "age"), [(23, Age.CURRENT), (24, Age.STALE), (167, Age.STALE), (168, Age.SILENT)])
def test_ages(hours: int, age: Age) -> None:
    assert rules.age(said_at=START, now=START + timedelta(hours=hours)) is age
    assert rules.age(said_at=None, now=START) is Age.SILENT


def test_the_step_of_a_gauge_is_the_smallest_distance_seen() -> None:
    assert rules.gauge_step(percents=[100, 75, 75, 50]) == 25
    assert rules.gauge_step(percents=[100, 90]) is None


SAID = st.one_of(st.floats(0, 100).map(lambda x: round(x, 1)), st.sampled_from([UNKNOWN, SOME, ODD]))


@given(said=st.lists(SAID, min_size=1, max_size=20))
def test_sentinels_change_no_verdict(said: list[Said]) -> None:
    """Whatever is said in between without measuring, the same cartridges are seen to come.

    A gauge that says "some left" five times, and hardly a number, is one without numbers and read as such.
    """
    assume(said.count(SOME) < rules.SOME_LEFT_READINGS)
    measured = [item for item in levels(*said) if item.state is LevelState.MEASURED]
    if measured:
        assert live(levels(*said))[1] == live(measured)[1]


@given(said=st.lists(SAID, min_size=1, max_size=40), data=st.data())
def test_no_second_replacement_without_a_level_that_was_low_between(said: list[Said], data: st.DataObject) -> None:
    """Between two cartridges that a level told of, a level far below the second one was said."""
    history = levels(*said)
    came = [item for item in live(history)[1] if item.kind is CartridgeKind.REPLACED]
    for before, after in itertools.pairwise(came):
        between = [r.percent for r in history if before.at <= r.at <= after.at and r.percent is not None]
        assert min(between) <= max(between) - 12
        assert after.start_percent is not None


@given(said=st.lists(SAID, min_size=1, max_size=30), data=st.data())
def test_readings_that_come_twice_change_nothing(said: list[Said], data: st.DataObject) -> None:
    history = levels(*said)
    twice = [item for item in history for _ in range(data.draw(st.integers(1, 3)))]
    assert live(twice) == live(history)


@given(said=st.lists(st.floats(0, 100).map(lambda x: round(x, 1)), min_size=1, max_size=20))
def test_levels_that_only_fall_replace_nothing(said: list[float]) -> None:
    assert live(levels(*sorted(said, reverse=True)))[1] == []
