"""How often a printer is asked, when the network is searched, and who may be woken: over simulated days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_assistant.service import pacing
from econcierge_printers import model

TORONTO = ZoneInfo("America/Toronto")
PACE = pacing.Pace(zone=TORONTO)
NOON = datetime(2026, 11, 23, 12, tzinfo=TORONTO)
EVENING = datetime(2026, 11, 23, 19, 59, tzinfo=TORONTO)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=TORONTO)
STEADY = pacing.Seen(visits=5, protocol="snmp-2c", measures=True)


def wait_s(seen: pacing.Seen, *, now: datetime = NOON, pace: pacing.Pace = PACE, jitter: float = 0.0) -> float:
    return pacing.next_visit_s(pace=pace, seen=seen, now=now, jitter=jitter)


@pytest.mark.parametrize(
    ("seen", "expected_s"),
    [
        (STEADY, 900),
        (replace(STEADY, unchanged=7), 900),
        (replace(STEADY, unchanged=8), 1800),
        (replace(STEADY, unchanged=24), 3600),
        (replace(STEADY, unchanged=5000), 3600),
        (replace(STEADY, near_empty=True), 300),
        (replace(STEADY, near_empty=True, unchanged=8), 600),
        (replace(STEADY, near_empty=True, unchanged=5000), 900),
        (replace(STEADY, silences=1), 1800),
        (replace(STEADY, silences=9), 3600),
    ],
)
def test_by_day_news_and_need_say_how_often(seen: pacing.Seen, expected_s: float) -> None:
    assert wait_s(seen) == expected_s


def test_quiet_hours_are_rare_and_never_reach_beyond_the_morning() -> None:
    assert wait_s(STEADY, now=EVENING) == 900
    assert wait_s(STEADY, now=NIGHT) == 3600
    assert wait_s(replace(STEADY, near_empty=True), now=NIGHT) == 3600
    before_morning = datetime(2026, 11, 24, 5, 30, tzinfo=TORONTO)
    assert wait_s(STEADY, now=before_morning) == 1800
    assert wait_s(STEADY, now=before_morning + timedelta(minutes=29)) == 900


def test_no_quiet_hours_when_they_begin_and_end_at_one_time() -> None:
    assert wait_s(STEADY, now=NIGHT, pace=replace(PACE, night_from=time(0), night_to=time(0))) == 900


def test_quiet_hours_are_the_sites_not_this_computers() -> None:
    assert not pacing.is_night(pace=PACE, now=datetime(2026, 11, 23, 22, tzinfo=UTC))  # 17:00 in Toronto
    assert pacing.is_night(pace=PACE, now=datetime(2026, 11, 24, 2, tzinfo=UTC))


def test_in_the_demo_the_night_passes_quickly() -> None:
    assert wait_s(STEADY, now=NIGHT, pace=replace(PACE, interval_s=1, night_interval_s=60, speed=3600.0)) == 7


SEEN = st.builds(
    pacing.Seen,
    visits=st.integers(0, 50),
    unchanged=st.integers(0, 500),
    silences=st.integers(0, 500),
    near_empty=st.booleans(),
)
MOMENTS = st.integers(0, 3 * 365 * 86_400).map(lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@given(SEEN, MOMENTS, st.floats(0, 1), st.floats(1, 50_000), st.floats(1, 50_000), st.floats(1, 90_000))
def test_nobody_is_forgotten_and_nobody_is_pestered(
    seen: pacing.Seen, now: datetime, jitter: float, interval_s: float, near_s: float, night_s: float
) -> None:
    pace = replace(PACE, interval_s=interval_s, near_empty_interval_s=near_s, night_interval_s=night_s)
    longest = wait_s(seen, now=now, pace=pace)
    assert longest <= max(interval_s, pacing.MOST_UNCHANGED_S, night_s)
    least = 1.0 - (pacing.FIRST_SPREAD if seen.visits <= 1 and not seen.silences else pacing.SPREAD)
    assert longest * least * 0.999 <= wait_s(seen, now=now, pace=pace, jitter=jitter) <= longest
    assert longest >= min(interval_s, near_s)


def test_a_fleet_read_at_once_drifts_apart() -> None:
    seen = pacing.Seen(visits=1)
    waits = sorted(wait_s(seen, jitter=number / 999) for number in range(1000))
    busiest = max(sum(start <= each < start + 60 for each in waits) for start in range(0, 900, 10))
    assert busiest < 1000 * 60 / 900 * 1.5


@given(st.lists(st.booleans(), max_size=60))
def test_a_change_brings_the_usual_interval_back(changes: list[bool]) -> None:
    seen = pacing.Seen()
    for changed in [*changes, True]:
        seen = pacing.answered(seen=seen, reading=reading(), changed=changed)
    assert seen.visits == len(changes) + 1
    assert wait_s(replace(seen, visits=9)) == 900


def reading(**changes: object) -> model.Reading:
    return replace(model.Reading(read_at=NOON, target="10.0.0.7", protocol="snmp-2c"), **changes)  # type: ignore[arg-type]


def supply(
    percent: float | None, state: model.LevelState = model.LevelState.MEASURED, panel: str | None = None
) -> object:
    made = model.Supply(
        index="1.1",
        kind=model.SupplyKind.TONER,
        colour="black",
        supply_class=model.SupplyClass.CONSUMED,
        description="Black",
        part_number=None,
        serial=None,
        unit="percent",
        raw_capacity=100,
        raw_level=None if percent is None else int(percent),
        state=state,
        percent=percent,
        panel=panel,
    )
    return (made,)


@pytest.mark.parametrize(
    ("given_reading", "expected"),
    [
        (reading(supplies=supply(16.0)), False),
        (reading(supplies=supply(15.0)), True),
        (reading(supplies=supply(None, model.LevelState.OVERDUE)), True),
        (reading(supplies=supply(None, model.LevelState.UNKNOWN)), False),
        (reading(supplies=supply(None, model.LevelState.SOME_REMAINING, "low")), True),
        (reading(supplies=supply(80.0, panel="missing")), False),
        (reading(status=model.Status(conditions=("no_toner",))), True),
        (reading(status=model.Status(conditions=("no_paper",))), False),
    ],
)
def test_near_empty_is_measured_or_said_by_the_panel(given_reading: model.Reading, expected: bool) -> None:
    assert pacing.is_near_empty(given_reading) is expected


def searches(*, days: float, pace: pacing.Pace = PACE, start: datetime = NOON, every: timedelta) -> list[datetime]:
    """When a service that looks so often at the clock searches."""
    found: list[datetime] = []
    now = start
    while now < start + timedelta(days=days):
        if pacing.search_is_due(pace=pace, last=found[-1] if found else None, now=now):
            found.append(now)
        now += every
    return found


def test_searches_at_start_and_then_nightly_at_the_sites_hour() -> None:
    found = searches(days=4, every=timedelta(minutes=1), pace=replace(PACE, discovery_interval_s=1e9))
    assert [f"{each.astimezone(TORONTO):%d %H:%M}" for each in found] == [
        "23 12:00",
        *(f"{day} 03:00" for day in (24, 25, 26, 27)),
    ]


def test_a_shorter_interval_is_kept_and_none_is_made_where_searching_is_off() -> None:
    hourly = replace(PACE, discovery_interval_s=3600.0)
    assert len(searches(days=0.4, every=timedelta(minutes=10), pace=hourly)) == 10
    assert len(searches(days=9, every=timedelta(hours=1), pace=replace(PACE, discover=False))) == 1


@given(MOMENTS, st.timedeltas(timedelta(days=-700), timedelta(days=700)))
def test_a_clock_that_jumps_neither_stops_nor_floods_the_search(now: datetime, jump: timedelta) -> None:
    if jump < timedelta(0) or jump >= timedelta(days=1):
        assert pacing.search_is_due(pace=PACE, last=now, now=now + jump)
    assert not pacing.search_is_due(pace=PACE, last=now + jump, now=now + jump)


@pytest.mark.parametrize(
    ("silent", "known", "since_last_s", "expected"),
    [(1, 10, 4000, True), (0, 10, 4000, False), (5, 10, 4000, False), (1, 10, 100, False), (1, 1, 4000, True)],
)
def test_who_stays_away_is_looked_for_unless_it_is_the_network(
    silent: int, known: int, since_last_s: float, expected: bool
) -> None:
    assert pacing.lost_search_is_due(pace=PACE, silent=silent, known=known, since_last_s=since_last_s) is expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (pacing.Seen(), True),
        (pacing.Seen(protocol="ipp"), True),
        (pacing.Seen(protocol="snmp-2c", measures=True), False),
        (pacing.Seen(protocol="snmp-2c", measures=True, silences=pacing.IPP_AFTER_SILENCES), True),
        (pacing.Seen(protocol="snmp-1", measures=False), True),
        (pacing.Seen(protocol="snmp-1", measures=False, asleep=True), False),
        (pacing.Seen(protocol="ipp", asleep=True, silences=9), False),
    ],
)
def test_a_sleeping_printer_is_not_woken_over_ipp(seen: pacing.Seen, expected: bool) -> None:
    assert pacing.may_ask_over_ipp(seen) is expected
