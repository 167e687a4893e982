"""What is news, what it is worth, when a heartbeat is due, how long to wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_assistant.service import rules
from econcierge_assistant.service.rules import News, Rank
from econcierge_printers import model

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TONER = model.Supply(
    index="1.1",
    kind=model.SupplyKind.TONER,
    colour="black",
    supply_class=model.SupplyClass.CONSUMED,
    description="Black Toner",
    part_number="106R03512",
    serial="A1",
    unit="percent",
    raw_capacity=100,
    raw_level=50,
    state=model.LevelState.MEASURED,
    percent=50.0,
)
READING = model.Reading(
    read_at=NOW,
    target="10.0.0.7",
    protocol="snmp-2c",
    identity=model.Identity(serial="S1", model="VersaLink C405"),
    status=model.Status(state=model.PrinterState.IDLE),
    counters=model.Counters(total=10, unit="impressions"),
    supplies=(TONER,),
)
ALERT = model.DeviceAlert(model.AlertSeverity.WARNING, "supplies", "1.1", 1104, "low, 12 days")


def with_supply(**changes: object) -> model.Reading:
    return replace(READING, supplies=(replace(TONER, **changes),))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (with_supply(raw_level=49, percent=49.0), {News.LEVEL}),
        (with_supply(percent=50.4, raw_level=5040), {News.FINE_LEVEL}),
        (
            with_supply(raw_level=-3, percent=None, state=model.LevelState.SOME_REMAINING),
            {News.LEVEL, News.STATE},
        ),
        (with_supply(serial="A2"), {News.CARTRIDGE}),
        (with_supply(part_number="106R03520"), {News.CARTRIDGE}),
        (replace(READING, supplies=()), {News.SUPPLIES}),
        (replace(READING, alerts=(ALERT,)), {News.ALERT}),
        (replace(READING, counters=replace(READING.counters, total=11)), {News.COUNTER}),
        (replace(READING, identity=replace(READING.identity, hostname="lab")), {News.IDENTITY}),
        (replace(READING, status=model.Status(state=model.PrinterState.SLEEPING)), {News.ACTIVITY}),
        (replace(READING, status=model.Status(state=model.PrinterState.STOPPED)), {News.STATUS}),
        (replace(READING, status=replace(READING.status, conditions=("jammed",))), {News.STATUS}),
        (replace(READING, status=replace(READING.status, console=("Ready.",))), set()),
        (replace(READING, read_at=NOW + timedelta(hours=1), target="10.0.0.9"), set()),
    ],
)
def test_news_names_what_changed(after: model.Reading, expected: set[News]) -> None:
    assert rules.news(before=READING, after=after) == expected


def test_the_first_reading_is_a_change() -> None:
    assert rules.rank(rules.news(before=None, after=READING), heartbeat_due=False) is Rank.CHANGE


def test_an_alert_text_that_counts_down_is_no_news() -> None:
    before = replace(READING, alerts=(ALERT,))
    after = replace(READING, alerts=(replace(ALERT, text="low, 11 days"),))
    assert not rules.news(before=before, after=after)


@given(st.frozensets(st.sampled_from(News)), st.booleans())
def test_rank_keeps_every_change_and_only_heartbeats_otherwise(found: frozenset[News], due: bool) -> None:
    rank = rules.rank(found, heartbeat_due=due)
    assert (rank is None) == (not found and not due)
    assert (rank is Rank.CHANGE) == bool(found - rules.MINOR)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=30))
def test_a_whole_percent_is_never_passed_without_a_change(permille: list[int]) -> None:
    """Whatever small steps come between, readings kept as changes alone tell the level to the whole percent."""
    told = before = with_supply(raw_level=permille[0], raw_capacity=1000, percent=permille[0] / 10)
    for level in permille[1:]:
        after = with_supply(raw_level=level, raw_capacity=1000, percent=level / 10)
        rank = rules.rank(rules.news(before=before, after=after), heartbeat_due=False)
        told = after if rank is Rank.CHANGE else told
        before = before if rank is None else after
        assert int(told.supplies[0].percent or 0) == level // 10


@given(st.timedeltas(timedelta(days=-800), timedelta(days=800)))
def test_heartbeat_is_due_after_its_time_and_after_a_clock_set_back(passed: timedelta) -> None:
    due = rules.heartbeat_is_due(kept_at=NOW, now=NOW + passed, every=timedelta(hours=6))
    assert due == (not timedelta(0) <= passed < timedelta(hours=6))


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_back_off_grows_stays_positive_and_is_capped(failures: int, jitter: float) -> None:
    wait_s = rules.back_off_s(failures, jitter=jitter)
    assert 0.5 <= wait_s <= rules.BACK_OFF_CAP_S
    assert wait_s <= rules.back_off_s(failures, jitter=1.0) <= rules.back_off_s(failures + 1, jitter=1.0)


@given(st.floats(0.1, 1e5), st.integers(0, 10_000))
def test_a_silent_printer_is_asked_less_often_but_never_forgotten(interval_s: float, silences: int) -> None:
    wait_s = rules.next_visit_s(interval_s=interval_s, silences=silences)
    assert interval_s <= wait_s <= max(interval_s, rules.SILENCE_CAP_S)
    assert wait_s <= rules.next_visit_s(interval_s=interval_s, silences=silences + 1)
