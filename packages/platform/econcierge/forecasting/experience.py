"""What a fleet has in common, as figures: what a single history leans on where it says little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from econcierge.forecasting import seasons
from econcierge.forecasting.histories import Floats, Integers

STEP_CLASSES = (2.5, 7.0, 15.0)
EVENNESS = (0.15, 0.5)


@dataclass(frozen=True, slots=True)
class Experience:
    """What a fleet does: logarithms of toner a page and of points a week (mean, deviation), squared variation of a
    week, of a day and of four weeks, how its gauges round (shares of up, nearest, down; a row for each class of steps),
    its seasons, its week (from Monday on, 1 on average); and, by how even use is (`EVENNESS`), what its past says of
    our ranges: factors below and above the middle."""

    log_kappa: float = -3.6
    log_kappa_spread: float = 0.9
    log_pace: float = 1.9
    log_pace_spread: float = 0.8
    unevenness: float = 0.35
    roundings: tuple[tuple[float, float, float], ...] = ((1 / 3, 1 / 3, 1 / 3),) * 4
    seasons: tuple[float, ...] = tuple(seasons.PRIOR)
    ranges: tuple[tuple[float, float], ...] = ((1.0, 1.0),) * 3
    unevenness_of_days: float = 2.0
    wander: float = 0.15
    week: tuple[float, ...] = (1.25, 1.25, 1.25, 1.25, 1.2, 0.45, 0.35)


def experience_from_json(figures: Mapping[str, Any]) -> Experience:
    """As it was stored; figures that an earlier version did not know are the built-in ones."""
    known = {one.name for one in fields(Experience)}
    return Experience(**{name: _tuples(value) for name, value in figures.items() if name in known})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def step_class(step: Floats) -> Integers:
    return np.searchsorted(np.array(STEP_CLASSES), step)
