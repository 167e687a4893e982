"""A computer whose clock is wrong: its moments by our clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from econcierge.fleet import rules

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))
AGES = st.lists(st.timedeltas(timedelta(), timedelta(days=31)), min_size=1)


def test_a_clock_that_is_a_little_off_is_taken_as_right() -> None:
    minute = timedelta(minutes=1)
    assert rules.clock_skew(said_now=None, now=NOW) == timedelta()
    assert rules.clock_skew(said_now=NOW + 5 * minute, now=NOW) == timedelta()
    assert rules.clock_skew(said_now=NOW + 11 * minute, now=NOW) == -11 * minute
    assert rules.clock_skew(said_now=NOW - 6 * minute, now=NOW) == 6 * minute


@given(off=st.timedeltas(timedelta(days=-2_900_000), timedelta(days=700_000)), ages=AGES)
def test_what_a_wrong_clock_has_read_keeps_its_distances(off: timedelta, ages: list[timedelta]) -> None:
    said_now = NOW - off
    skew = rules.clock_skew(said_now=said_now, now=NOW)
    read = [said_now - age for age in ages]
    ours = [rules.by_our_clock(moment=at, skew=skew, now=NOW) for at in read]
    assert [NOW - at for at in ours] == (ages if skew else [age + off for age in ages])
    assert not skew or all(rules.refused_by_time(read_at=at, now=NOW) is None for at in ours)


@given(said_now=MOMENTS, moments=st.lists(MOMENTS))
def test_nothing_is_later_than_now_and_nothing_changes_places(said_now: datetime, moments: list[datetime]) -> None:
    skew = rules.clock_skew(said_now=said_now, now=NOW)
    countable = [at for at in sorted(moments) if skew and abs(at - NOW) + abs(skew) < timedelta(days=700_000)]
    ours = [rules.by_our_clock(moment=at, skew=skew, now=NOW) for at in countable]
    assert ours == sorted(ours)
    assert all(at <= NOW for at in ours)


@given(moment=MOMENTS, skew=st.timedeltas())
def test_any_moment_and_any_skew_have_an_answer(moment: datetime, skew: timedelta) -> None:
    ours = rules.by_our_clock(moment=moment, skew=skew, now=NOW)
    assert ours == moment or ours <= NOW


@given(moment=MOMENTS)
def test_a_plausible_moment_is_within_a_year_ahead(moment: datetime) -> None:
    assert rules.is_plausible(moment=moment, now=NOW) == (
        datetime(2000, 1, 1, tzinfo=UTC) <= moment <= NOW + timedelta(days=366)
    )
