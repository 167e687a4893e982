"""How long a million forecasts take on one core, beside a plain line through the last month of the same readings."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bench.figures import Figure, Floor, Goal, Result
from bench.fleets import generate, regimes
from econcierge.forecasting import rules
from econcierge.forecasting.histories import Floats, Histories

SERIES = 24_576
READINGS = 60  # of each series: changes, some two a week over half a year
MILLION = 1_000_000


def run() -> Result:
    many = _histories()
    experience = rules.learn(rules.chosen(many, np.arange(2_000)))
    forecast = _cpu_s(lambda: rules.forecast_many(many, experience=experience))
    line = _cpu_s(lambda: _line(many))
    scale = MILLION / many.count
    floor = Floor("a least-squares line through each one's readings of 30 days", line * scale)
    figure = Figure("a million forecasts", forecast * scale, "s", floor, Goal("G16", at_most=60.0))
    rows = len(many.at) / many.count
    return Result([figure], [f"{many.count:,} series with {rows:.0f} readings each; processor time of one core"])


def _histories() -> Histories:
    """Printers of the fleets for tuning, their latest readings, again and again."""
    fleet = generate.fleet(regimes.TUNING[3])  # changes only, as the platform keeps them
    last = np.searchsorted(fleet.series, np.arange(fleet.series[-1] + 1), side="right")
    rows = np.concatenate([np.arange(max(end - READINGS, begin), end) for begin, end in _spans(last)])
    times = SERIES // len(last)
    series = np.concatenate([fleet.series[rows] + len(last) * nth for nth in range(times)])
    columns = (fleet.at, fleet.percent, fleet.step, fleet.pages)
    return Histories(
        len(last) * times, series, *(np.tile(column[rows], times) for column in columns),
        np.tile(fleet.serial[rows], times),
    )  # fmt: skip


def _spans(last: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(np.append(0, last[:-1]).tolist(), last.tolist(), strict=True))


def _line(many: Histories) -> Floats:
    """Days left by a straight line through each series' measured levels of its last 30 days."""
    last = np.maximum.reduceat(many.at, np.searchsorted(many.series, np.arange(many.count)))
    day = many.at - last[many.series]
    weight = ((day >= -30) & ~np.isnan(many.percent)).astype(float)
    level = np.nan_to_num(many.percent)
    sums = [np.bincount(many.series, weights=weight * term) for term in (1.0, day, level, day * day, day * level)]
    count, x, y, xx, xy = sums
    slope = (count * xy - x * y) / np.maximum(count * xx - x * x, 1e-9)
    now = (y - slope * x) / np.maximum(count, 1)
    return np.clip(now / np.maximum(-slope, 1e-3), 0, 730)


def _cpu_s(work: Callable[[], object]) -> float:
    """The least of three, as other work only ever adds."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best
