"""How busy a printer is, day by day: weekdays, holidays, seasons, growth, bursts, absences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.fleets.types import Booleans, Floats, Integers, Random, Regime

DAY0 = 19_601  # 1 September 2023
DAYS = 1_500
YEAR = 365.25


def busyness(regime: Regime, kinds: Integers, random: Random) -> Floats:
    """Relative expected use of every day (rows: printers); the mean over a year is about 1."""
    names = list(regime.habits)
    rows = np.empty((len(kinds), DAYS))
    for number, name in enumerate(names):
        chosen = np.flatnonzero(kinds == number)
        if len(chosen):
            rows[chosen] = HABITS[name](regime, len(chosen), random)
    return np.maximum(rows, 0.0)


def _dates() -> tuple[Integers, Integers, Floats]:
    days = DAY0 + np.arange(DAYS)
    moments = days.astype("datetime64[D]")
    weekday = (days + 3) % 7  # Monday is 0
    of_year = (moments - moments.astype("datetime64[Y]")).astype(int)
    return days, weekday, of_year.astype(np.float64)


def _week(regime: Regime, count: int, random: Random, weekend: float | None = None) -> Floats:
    _, weekday, _ = _dates()
    share = regime.weekend if weekend is None else weekend
    each = np.clip(share * random.lognormal(0, 0.5, count), 0, 1)
    week = np.ones((count, DAYS))
    week[:, weekday >= 5] = each[:, None]
    tilt = random.normal(0, 0.1, (count, 7))
    return week * np.exp(tilt[:, weekday])


def _is_holiday() -> Booleans:
    _, _, of_year = _dates()
    single = np.isin(of_year, (120, 142, 181, 183, 245, 285, 314, 0, 1))
    return single | (of_year >= 357)


def _office(regime: Regime, count: int, random: Random) -> Floats:
    _, _, of_year = _dates()
    week = _week(regime, count, random)
    week[:, _is_holiday()] *= 0.08
    summer = 1 - random.uniform(0, 0.35, count)[:, None] * _bump(of_year, 200, 30)
    return _absences(week * summer, random, a_year=1.0)


def _bump(of_year: Floats, middle: float, width: float) -> Floats:
    apart = np.abs(of_year - middle)
    return np.exp(-(((np.minimum(apart, YEAR - apart)) / width) ** 2))


def _absences(rows: Floats, random: Random, a_year: float) -> Floats:
    """One to three weeks in which hardly anything is printed."""
    for row in rows:
        for _ in range(random.poisson(a_year * DAYS / YEAR)):
            start = random.integers(0, DAYS)
            row[start : start + random.integers(5, 22)] *= 0.2
    return rows


def _school(regime: Regime, count: int, random: Random) -> Floats:
    _, _, of_year = _dates()
    week = _week(regime, count, random, weekend=0.02)
    quiet = random.uniform(0.02, 0.25, count)[:, None]
    start, end = random.integers(170, 182, count)[:, None], random.integers(232, 246, count)[:, None]
    summer = (of_year >= start) & (of_year < end)
    winter = (of_year >= 355) | (of_year < 5)
    spring = (of_year >= 60) & (of_year < 68)
    exams = 1 + 0.5 * _bump(of_year, 160, 10) + 0.3 * _bump(of_year, 340, 10)
    return np.where(summer, quiet, np.where(winter, 0.05, np.where(spring, 0.15, 1.0))) * week * exams * 1.25


def _seasonal(regime: Regime, count: int, random: Random) -> Floats:
    _, _, of_year = _dates()
    peak = random.choice([80.0, 100.0, 330.0, 200.0], count)[:, None] + random.normal(0, 10, count)[:, None]
    height = random.uniform(0.4, 0.9, count)[:, None]
    if regime.southern:
        peak = peak + 180
    wave = 1 + height * np.cos(2 * np.pi * (of_year - peak) / YEAR)
    week = _week(regime, count, random)
    week[:, _is_holiday()] *= 0.1
    return week * wave


def _rare(regime: Regime, count: int, random: Random) -> Floats:
    """Nothing on most days."""
    share = random.uniform(0.05, 0.25, count)[:, None]
    return _week(regime, count, random) * (random.random((count, DAYS)) < share) / share


def _growing(regime: Regime, count: int, random: Random) -> Floats:
    years = np.arange(DAYS) / YEAR
    pace = random.uniform(-0.7, 0.9, count)[:, None]
    return _office(regime, count, random) * np.exp(pace * (years - 2.0))


def _bursts(regime: Regime, count: int, random: Random) -> Floats:
    rows = _office(regime, count, random) * 0.85
    height = random.uniform(2, 5, count)
    for row, times in zip(rows, height, strict=True):
        for _ in range(random.poisson(8 * DAYS / YEAR)):
            start = random.integers(0, DAYS)
            row[start : start + random.integers(1, 5)] *= times
    return rows


def _month_end(regime: Regime, count: int, random: Random) -> Floats:
    """Bills and statements: the last days of a month carry most of it. Kept for the fleets kept aside."""
    days, _, _ = _dates()
    moments = days.astype("datetime64[D]")
    to_end = ((moments.astype("datetime64[M]") + 1).astype("datetime64[D]") - moments).astype(int)
    peak = random.uniform(2, 6, count)[:, None]
    return _office(regime, count, random) * np.where(to_end <= 4, peak, 0.6)


def _moved(regime: Regime, count: int, random: Random) -> Floats:
    """Another team takes the printer over once in a while: the pace jumps. Kept for the fleets kept aside."""
    rows = _office(regime, count, random)
    for row in rows:
        for _ in range(random.poisson(0.7 * DAYS / YEAR)):
            row[random.integers(0, DAYS) :] *= random.lognormal(0, 0.5)
    return rows


def _round_the_clock(regime: Regime, count: int, random: Random) -> Floats:
    """A hospital or a warehouse: every day alike. Kept for the fleets kept aside."""
    return _week(regime, count, random, weekend=0.85)


def _shop(regime: Regime, count: int, random: Random) -> Floats:
    """Closed on Sundays and Mondays, most is done on Saturdays, and busier before Christmas. Only kept aside."""
    _, weekday, of_year = _dates()
    week = _week(regime, count, random, weekend=1.0) * np.where(weekday == 5, 1.6, np.isin(weekday, (0, 6)) * -0.97 + 1)
    return week * (1 + 0.6 * _bump(of_year, 340, 20)) * np.where(np.isin(of_year, (0, 1, 358, 359)), 0.05, 1.0)


HABITS: dict[str, Callable[[Regime, int, Random], Floats]] = {
    "office": _office,
    "school": _school,
    "seasonal": _seasonal,
    "rare": _rare,
    "growing": _growing,
    "bursts": _bursts,
    "month_end": _month_end,
    "moved": _moved,
    "round_the_clock": _round_the_clock,
    "shop": _shop,
}
