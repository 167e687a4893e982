"""The first forecast: honest when it knows little, near when use is even, and wide when it is not."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from econcierge.forecasting import rules
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Histories
from econcierge.forecasting.types import Basis, Forecast, LevelPoint

START = datetime(2026, 1, 5, tzinfo=UTC)


def after(days: float) -> datetime:
    return START + timedelta(days=days)


def points(*levels: tuple[float, float]) -> list[LevelPoint]:
    return [LevelPoint(after(day), percent) for day, percent in levels]


def steady(days: int, per_day: float, step: float = 1.0) -> list[LevelPoint]:
    """A cartridge used evenly, as a gauge of a step shows it; changes only."""
    shown = [(day, np.floor((100 - per_day * day) / step) * step) for day in range(days + 1)]
    return points(*(row for i, row in enumerate(shown) if i == 0 or row[1] != shown[i - 1][1]))


LITTLE = [
    ("one level for a month", points((0, 100)), 30),
    ("a week", steady(7, 1.0), 7),
    ("it does not fall", points((0, 50), (10, 51), (20, 52)), 30),
    ("two levels at one moment", points((0, 50), (0, 49)), 0),
]


def test_nothing_is_said_of_what_nobody_measured() -> None:
    nothing = Forecast(after(30), None, None, None, None, None, Basis.NONE)
    assert rules.forecast_supply(points=[], as_of=after(30)) == nothing
    unmeasured = [LevelPoint(after(day), None) for day in range(30)]
    assert rules.forecast_supply(points=unmeasured, as_of=after(30)) == nothing


@pytest.mark.parametrize(("says", "seen", "days"), LITTLE, ids=[row[0] for row in LITTLE])
def test_wide_when_it_knows_little(says: str, seen: list[LevelPoint], days: float) -> None:
    little = rules.forecast_supply(points=seen, as_of=after(days), gauge_step=1.0, experience=Experience())
    much = rules.forecast_supply(points=steady(120, 0.5), as_of=after(120), gauge_step=1.0)
    assert relative_width(little) > relative_width(much)
    assert little.basis is Basis.FLEET


@pytest.mark.parametrize(("says", "seen", "days"), LITTLE, ids=[row[0] for row in LITTLE])
def test_without_a_fleet_little_is_nothing(says: str, seen: list[LevelPoint], days: float) -> None:
    assert rules.forecast_supply(points=seen, as_of=after(days), gauge_step=1.0).basis is Basis.NONE


def relative_width(forecast: Forecast) -> float:
    assert forecast.p10_days is not None
    assert forecast.p90_days is not None
    assert forecast.p50_days
    return (forecast.p90_days - forecast.p10_days) / forecast.p50_days


def median(seen: list[LevelPoint], days: float, step: float | None = None) -> float:
    forecast = rules.forecast_supply(points=seen, as_of=after(days), gauge_step=step)
    assert forecast.p50_days is not None
    return forecast.p50_days


STEADY = [("one a day", 40, 1.0, 1.0, 60), ("slow", 60, 0.25, 1.0, 340), ("steps of ten", 60, 1.0, 10.0, 40),
          ("steps of twenty-five", 60, 1.0, 25.0, 40)]  # fmt: skip


@pytest.mark.parametrize(("says", "days", "per_day", "step", "left"), STEADY, ids=[row[0] for row in STEADY])
def test_even_use_is_forecast_nearly(says: str, days: int, per_day: float, step: float, left: float) -> None:
    assert median(steady(days, per_day, step), days, step) == pytest.approx(left, rel=0.4, abs=step)


def test_one_odd_level_does_not_move_it() -> None:
    odd = sorted([*steady(40, 1.0), LevelPoint(after(20.1), 3.0), LevelPoint(after(20.2), 80.0)], key=lambda p: p.at)
    assert median(odd, 40) == pytest.approx(median(steady(40, 1.0), 40), rel=0.1)


def test_standing_still_is_news() -> None:
    assert median(steady(40, 1.0), 70) > median(steady(40, 1.0), 40)


def test_an_empty_one_is_empty() -> None:
    forecast = rules.forecast_supply(points=points((0, 40), (20, 20), (40, 0)), as_of=after(45), gauge_step=1.0)
    assert (forecast.p50_days, forecast.p_empty_7d) == (0.0, 1.0)


def test_the_far_future_is_capped() -> None:
    forecast = rules.forecast_supply(points=points((0, 100), (300, 99)), as_of=after(301))
    assert forecast.p90_days == 730.0


def test_uneven_use_gives_a_wider_range() -> None:
    def width(seen: list[LevelPoint]) -> float:
        forecast = rules.forecast_supply(points=seen, as_of=after(40))
        assert forecast.p90_days is not None
        assert forecast.p10_days is not None
        return forecast.p90_days - forecast.p10_days

    bursts = points((0, 100), (10, 98), (11, 82), (25, 80), (26, 64), (39, 62), (40, 60))
    assert width(bursts) > width(steady(40, 1.0))


LEVELS = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 100).map(lambda percent: round(percent, 1))), max_size=30)


@settings(max_examples=50, deadline=None)
@given(levels=LEVELS, days=st.floats(0, 800), step=st.none() | st.sampled_from([1.0, 10.0, 25.0]))
def test_every_history_has_an_orderly_answer(
    levels: list[tuple[float, float]], days: float, step: float | None
) -> None:
    forecast = rules.forecast_supply(points=points(*sorted(levels)), as_of=after(days), gauge_step=step)
    marks = (forecast.p10_days, forecast.p50_days, forecast.p90_days)
    if forecast.basis is Basis.NONE:
        assert marks == (None, None, None)
        return
    known = [mark for mark in marks if mark is not None]
    assert 0 <= known[0] <= known[1] <= known[2] <= 730
    assert forecast.p_empty_7d is not None
    assert forecast.p_empty_14d is not None
    assert 0 <= forecast.p_empty_7d <= forecast.p_empty_14d <= 1


def test_the_range_holds_about_eight_in_ten_on_a_made_up_fleet() -> None:
    """Gamma use with busy and quiet days, watched for a while: not a promise, a guard against nonsense."""
    random = np.random.default_rng(20261123)
    held = 0
    for _ in range(300):
        per_day = random.uniform(0.3, 2.5)
        left = 100 - np.cumsum(random.gamma(0.5, per_day / 0.5, size=1500))
        empty_on = int(np.argmax(left <= 0))
        watched = int(empty_on * random.uniform(0.3, 0.9))
        seen = points(*((day, float(np.ceil(left[day]))) for day in range(watched)))
        forecast = rules.forecast_supply(points=seen, as_of=after(watched - 1), gauge_step=1.0)
        if forecast.p10_days is None or forecast.p90_days is None:
            held += 1
            continue
        held += forecast.p10_days <= empty_on - watched + 1 <= forecast.p90_days
    assert 0.65 <= held / 300 <= 0.95


ROWS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.floats(19_000, 20_000),
        st.none() | st.floats(-10, 190),
        st.none() | st.sampled_from([1.0, 5.0, 25.0]),
        st.none() | st.integers(0, 10**6),
        st.integers(-1, 6),
    ),
    min_size=5,
    max_size=60,
)


def columns(rows: list[tuple[int, float, float | None, float | None, int | None, int]]) -> Histories:
    """Every series has a row: the first five rows are given to the five."""
    series = [n if n < 5 else row[0] for n, row in enumerate(rows)]
    figures = [[np.nan if row[place] is None else float(row[place]) for row in rows] for place in (1, 2, 3, 4)]
    serial = np.array([row[5] for row in rows], dtype=np.int64)
    return Histories(5, np.array(series, dtype=np.int64), *(np.array(one) for one in figures), serial)


@settings(max_examples=25, deadline=None)
@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_many_at_once_are_orderly_in_any_order(
    rows: list[tuple[int, float, float | None, float | None, int | None, int]], order: random.Random
) -> None:
    many = columns(rows)
    found = rules.forecast_many(many, experience=rules.learn(rules.in_order(many)))
    assert np.isfinite(found.marks).all()
    assert (found.marks >= 0).all()
    assert (found.marks <= 730).all()
    assert (np.diff(found.marks, axis=1) >= 0).all()
    if len({(series, at) for series, at in zip(many.series, many.at, strict=True)}) < len(rows):
        return  # of two rows of one moment, the later in the file counts
    shuffled = list(range(len(rows)))
    order.shuffle(shuffled)
    mixed = Histories(
        5, *(getattr(many, name)[shuffled] for name in ("series", "at", "percent", "step", "pages", "serial"))
    )
    again = rules.forecast_many(mixed, experience=rules.learn(rules.in_order(mixed)))
    np.testing.assert_allclose(again.marks, found.marks, rtol=1e-6)


def test_pages_make_a_coarse_gauge_finer() -> None:
    """A gauge of quarters that shows 50 for long: pages tell that the half is nearly used up."""
    few, many = (
        rules.forecast_many(columns_of_quarters(pages_a_day=pages)).marks[0]
        for pages in ([20] * 140, [20] * 130 + [90] * 10)
    )
    assert many[1] < few[1]


def columns_of_quarters(*, pages_a_day: list[int]) -> Histories:
    """5000 pages a cartridge, used to the end of 140 days; rounds up."""
    total = np.cumsum([0, *pages_a_day]).astype(float)
    left = np.ceil((100 - total / 50 % 100) / 25) * 25
    n = len(total)
    return Histories(
        1, np.zeros(n, dtype=np.int64), 19_500.0 + np.arange(n), left, np.full(n, 25.0), total,
        (total / 5000).astype(np.int64),
    )  # fmt: skip


def marked(*, days: int, serials: bool, pages: bool = True) -> Histories:
    """Says "some remaining" but when almost empty: cartridges of 40 days and 2000 pages, marked the last three days."""
    at = np.arange(days + 1)
    shown = np.where(at % 40 >= 37, 3.0, np.nan)
    count = at * 50.0 if pages else np.full(len(at), np.nan)
    serial = at // 40 if serials else np.full(len(at), -1)
    return Histories(
        1, np.zeros(len(at), dtype=np.int64), 19_500.0 + at, shown, np.full(len(at), np.nan), count, serial
    )


@pytest.mark.parametrize("serials", [True, False], ids=["serials", "no serials"])
@pytest.mark.parametrize("pages", [True, False], ids=["pages", "no pages"])
@pytest.mark.parametrize(("days", "left"), [(125, 35), (135, 25), (150, 10)])
def test_a_gauge_that_only_marks_its_end_is_read_by_its_earlier_cartridges(
    serials: bool, pages: bool, days: int, left: float
) -> None:
    low, middle, high = rules.forecast_many(
        marked(days=days, serials=serials, pages=pages), experience=Experience()
    ).marks[0]
    assert low <= left <= high
    assert middle == pytest.approx(left, rel=0.6, abs=6 if pages else 14)


@pytest.mark.parametrize("days", [120, 121])
def test_a_mark_that_is_gone_is_not_empty(days: int) -> None:
    """On the first day without it nobody knows yet: wide. From the second on it is another cartridge."""
    low, _, high = rules.forecast_many(marked(days=days, serials=False), experience=Experience()).marks[0]
    assert low > 0
    assert low < 40 < high or days == 120
    assert high > 20


def test_almost_empty_is_near() -> None:
    near, far = (rules.forecast_many(marked(days=days, serials=False)).marks[0, 1] for days in (119, 124))
    assert near < 6 < far
