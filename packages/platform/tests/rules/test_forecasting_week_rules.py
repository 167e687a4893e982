"""Days of the week: a forecast made on a Friday knows of the weekend, a printer's own week outweighs the fleet's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.forecasting import evidence, histories, rules, week
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Floats, Histories

MONDAY = rules.days_of(datetime(2026, 1, 5, tzinfo=UTC))
FRIDAY_EVENING = MONDAY + 4 + 0.99
OFFICE = np.array([1.4, 1.4, 1.4, 1.4, 1.4, 0.0, 0.0])


def days(*, at: float, shares: Floats) -> week.Days:
    nothing = np.zeros(1)
    return week.Days(np.array([at]), shares[None, :], nothing, np.zeros((1, 2)), nothing, nothing, nothing)


def empty_at(*, at: float, days_of_use: float, shares: Floats = OFFICE) -> datetime:
    """When so many working days' worth of a week of five has been used."""
    found = week.days_within(np.array([[days_of_use / 5.0]]), days(at=at, shares=shares))[0, 0]
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=at + float(found))


@pytest.mark.parametrize(
    ("says", "at", "days_of_use", "on"),
    [
        ("over the weekend", FRIDAY_EVENING, 0.5, "Monday"),
        ("on Saturday nothing is used", MONDAY + 5.6, 0.5, "Monday"),
        ("on Monday it is Tuesday's", MONDAY + 0.99, 0.5, "Tuesday"),
        ("two days from Thursday noon", MONDAY + 3.75, 2.0, "Monday"),
        ("what is left of today", MONDAY + 0.75, 0.3, "Monday"),
    ],
)
def test_what_is_left_lasts_over_days_without_use(says: str, at: float, days_of_use: float, on: str) -> None:
    assert empty_at(at=at, days_of_use=days_of_use).strftime("%A") == on


SHARES = st.lists(st.floats(0.01, 7), min_size=7, max_size=7)


@given(at=st.floats(19_000, 22_000), share=st.floats(0, 1), shares=SHARES)
def test_a_week_takes_a_week_and_time_only_goes_on(at: float, share: float, shares: list[float]) -> None:
    known = days(at=at, shares=np.array(shares))
    some, whole = week.days_within(np.array([[share, 1.0]]), known)[0]
    assert 0 <= some <= whole + 1e-6
    assert 6.99 <= whole <= 7.51  # read at night: until work begins


@given(st.floats(18_000, 25_000))
def test_working_time_and_moments_agree(at: float) -> None:
    work = week.working(np.array([at]))
    assert week.working(week.moment(work))[0] == pytest.approx(work[0], abs=1e-6)
    assert week.moment(work)[0] >= at - 1e-6


def printer(*, open_on: set[int], weeks: int, hour: float) -> Histories:
    """Read once a day, 100 pages each day it is open, a cartridge of 5000 pages just begun; until a Friday."""
    day = np.arange(7 * weeks + 5)
    printed = np.cumsum([100 if one % 7 in open_on else 0 for one in day])
    left = np.ceil(100 - (printed - 100) / 50 % 100)
    return Histories(
        1, np.zeros(len(day), dtype=np.int64), MONDAY + day + hour / 24, left, np.full(len(day), 1.0),
        printed.astype(float), (printed // 5000).astype(np.int64),
    )  # fmt: skip


def said_on(*, open_on: set[int], experience: Experience) -> Counter[str]:
    """The days of the week on which the marks of forecasts fall, with more and less left, read on a Friday evening."""
    found: Counter[str] = Counter()
    for weeks in range(12, 40):
        many = printer(open_on=open_on, weeks=weeks, hour=22.0)
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=float(many.at[-1]))
        marks = rules.forecast_many(many, experience=experience).marks[0]
        found.update((at + timedelta(days=float(mark))).strftime("%A") for mark in marks)
    return found


def test_a_printer_that_rests_at_weekends_is_hardly_ever_said_to_run_out_there() -> None:
    found = said_on(open_on={0, 1, 2, 3, 4}, experience=Experience())
    assert found["Saturday"] + found["Sunday"] < 0.15 * found.total()


def test_one_s_own_week_outweighs_the_fleet_s() -> None:
    found = said_on(open_on={1, 2, 3, 4, 5}, experience=Experience())
    assert found["Saturday"] > found["Monday"]


def test_a_newcomer_leans_on_what_the_fleet_does() -> None:
    shop = Experience(week=(0.0, 1.4, 1.4, 1.4, 1.4, 1.4, 0.0))
    new = printer(open_on={1, 2, 3, 4, 5}, weeks=1, hour=22.0)
    shares = evidence.gather(histories.clean(new), shop).days.shares[0]
    assert shares[5] > 1.0 > 0.1 > shares[0]


def test_the_fleet_s_week_is_learnt() -> None:
    many = [printer(open_on={1, 2, 3, 4, 5}, weeks=weeks, hour=22.0) for weeks in range(10, 40)]
    known = rules.learn(together(many))
    assert known.week[5] > 0.9
    assert known.week[0] < 0.6
    assert sum(known.week) == pytest.approx(7.0)


def together(many: list[Histories]) -> Histories:
    columns = (
        np.concatenate([getattr(one, name) for one in many]) for name in ("at", "percent", "step", "pages", "serial")
    )
    series = np.concatenate([one.series + nth for nth, one in enumerate(many)])
    return Histories(len(many), series, *columns)
