"""When a cartridge will be empty: the first version, from its own levels only (R16).

The speed is the weighted median of the speeds between pairs of moments since installation, so that one odd
level does not move it; old pairs weigh less. What is uncertain is written as a variance: how unevenly it was
used so far, how well the speed is known, and how coarse the gauge is. Time to a level under such a drift has
the variance of an inverse Gaussian; its quantiles are taken from the log-normal of the same variance.
Nothing is said before 14 days and two distinct levels (NEIGHBOURS: forecast services want the same).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from econcierge.forecasting import types as t

MINIMUM_DAYS = 14.0
MINIMUM_LEVELS = 2
MAXIMUM_DAYS = 730.0
HALF_LIFE_DAYS = 90.0
MOMENTS = 32
UNEVENNESS_DAYS = 2.0  # of a usual office: variance of a day's use, in squared daily use
UNEVENNESS_WEIGHT = 4  # how many observed intervals that experience is worth
SMALLEST_SPREAD = 0.1
DEFAULT_GAUGE_STEP = 1.0
SECONDS_PER_DAY = 86_400.0

Days = NDArray[np.float64]
_NORMAL = NormalDist()
_EARLIER, _LATER = np.triu_indices(MOMENTS, k=1)


def forecast_supply(*, points: Sequence[t.LevelPoint], as_of: datetime, gauge_step: float | None = None) -> t.Forecast:
    """Days left of one cartridge at `as_of`, the moment of its last reading.

    `points` are its measured levels since it was installed, changes only, oldest first.
    """
    step = gauge_step or DEFAULT_GAUGE_STEP
    seen = [point for point in points if point.at <= as_of]
    if not seen or not _says_enough(seen=seen, as_of=as_of):
        return t.Forecast(as_of, None, None, None, None, None, t.Basis.NONE)
    days = np.array([(point.at - as_of).total_seconds() / SECONDS_PER_DAY for point in seen])
    percents = np.array([point.percent for point in seen])
    speed = _speed(days=days, percents=percents)
    if speed <= 0:
        return t.Forecast(as_of, None, None, None, None, None, t.Basis.NONE)
    left = _percent_left(last=float(percents[-1]), since=float(-days[-1]), speed=speed, step=step)
    unevenness = _unevenness(days=days, percents=percents, speed=speed, step=step)
    return _with_range(as_of=as_of, left=left, speed=speed, variance_per_day=unevenness, seen_days=float(-days[0]),
                       step=step)  # fmt: skip


def _says_enough(*, seen: Sequence[t.LevelPoint], as_of: datetime) -> bool:
    watched_days = (as_of - seen[0].at).total_seconds() / SECONDS_PER_DAY
    return watched_days >= MINIMUM_DAYS and len({point.percent for point in seen}) >= MINIMUM_LEVELS


def _speed(*, days: Days, percents: Days) -> float:
    """Percent a day, from the levels as they stood at even moments: standing still is news as well."""
    when = np.linspace(days[0], 0.0, MOMENTS)
    level = percents[np.searchsorted(days, when, side="right") - 1]
    apart = when[_LATER] - when[_EARLIER]
    speeds = (level[_EARLIER] - level[_LATER]) / apart
    weights = apart * 0.5 ** (-when[_LATER] / HALF_LIFE_DAYS)
    order = np.argsort(speeds)
    reached = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    median = float(speeds[order][min(int(reached), len(speeds) - 1)])
    return median if median > 0 else _average_speed(days=days, percents=percents)


def _average_speed(*, days: Days, percents: Days) -> float:
    """Since installation, for a gauge that stood still most of the time."""
    return float((percents[0] - percents[-1]) / -days[0])


def _percent_left(*, last: float, since: float, speed: float, step: float) -> float:
    """The likely level now: what the gauge said, less what went since, but never a full step below it."""
    return max(last + step / 2 - min(speed * since, step), 0.0)


def _unevenness(*, days: Days, percents: Days, speed: float, step: float) -> float:
    """Variance of a day's use, in squared points: observed around the speed, and leaning on usual offices."""
    apart = np.diff(days)
    usable = apart > 0
    used = -np.diff(percents)[usable]
    apart = apart[usable]
    gauge = step**2 / 6  # two roundings
    observed = np.maximum((used - speed * apart) ** 2 - gauge, 0.0) / apart if len(apart) else np.zeros(0)
    usual = UNEVENNESS_DAYS * speed**2
    return float((usual * UNEVENNESS_WEIGHT + observed.sum()) / (UNEVENNESS_WEIGHT + len(observed)))


def _with_range(
    *, as_of: datetime, left: float, speed: float, variance_per_day: float, seen_days: float, step: float
) -> t.Forecast:
    median = left / speed
    if median <= 0:
        return t.Forecast(as_of, 0.0, 0.0, 0.0, 1.0, 1.0, t.Basis.LEVELS)
    uneven_use = left * variance_per_day / speed**3
    unsure_speed = (left / speed**2) ** 2 * variance_per_day / seen_days
    coarse_gauge = step**2 / 12 / speed**2
    relative = (uneven_use + unsure_speed + coarse_gauge) / median**2
    spread = max(math.sqrt(math.log1p(relative)), SMALLEST_SPREAD)
    reach = _NORMAL.inv_cdf(0.9) * spread
    p10, p50, p90 = (min(median * math.exp(z), MAXIMUM_DAYS) for z in (-reach, 0.0, reach))
    return t.Forecast(
        at=as_of,
        p10_days=p10,
        p50_days=p50,
        p90_days=p90,
        p_empty_7d=_NORMAL.cdf(math.log(7 / median) / spread),
        p_empty_14d=_NORMAL.cdf(math.log(14 / median) / spread),
        basis=t.Basis.LEVELS,
    )
