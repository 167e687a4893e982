"""How busy the weeks of a year are: habits that a printer's own weeks choose from.

A profile says for every day of the year how busy it is, 1 on average. Which profile fits is a matter of probability:
what fleets usually do (the prior), times how well a printer's past weeks agree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAYS_OF_YEAR = 366
_PHASES = 12
_HEIGHTS = (0.35, 0.75)
WINSOR = 3.0  # a burst of one week shall not choose a season
WEEKS_TOGETHER = 1.6  # so many weeks say as much as one independent week


def _profiles() -> Floats:
    """Rows: days of the year; columns: profiles, the first two without a season."""
    day = np.arange(DAYS_OF_YEAR)
    closed = np.where((day >= 357) | (day < 2), 0.15, 1.0)
    flat = np.ones(DAYS_OF_YEAR)
    summer = closed * (1 - 0.2 * np.exp(-(((day - 203) / 30) ** 2)))
    columns = [flat, summer, _school(0.1), _school(0.3)]
    turns = [day / DAYS_OF_YEAR - phase / _PHASES for phase in range(_PHASES)]
    columns += [closed * (1 + height * np.cos(2 * np.pi * turn)) for height in _HEIGHTS for turn in turns]
    found = np.stack(columns, axis=1)
    return np.asarray(found / found.mean(axis=0))


def _school(quiet: float) -> Floats:
    day = np.arange(DAYS_OF_YEAR)
    break_of_winter, break_of_spring = (day >= 355) | (day < 5), (day >= 60) & (day < 68)
    summer = np.clip((day - 170) / 10, 0, 1) * np.clip((246 - day) / 12, 0, 1)
    found = (1 - (1 - quiet) * summer) * np.where(break_of_winter, 0.1, 1.0) * np.where(break_of_spring, 0.4, 1.0)
    return np.asarray(found)


PROFILES = _profiles()
COUNT = PROFILES.shape[1]
PRIOR = np.concatenate([[0.12, 0.46, 0.07, 0.05], np.full(COUNT - 4, 0.30 / (COUNT - 4))])
# Of the seven days before a day of the year, and of the seven from it on.
_SUMS = np.concatenate([np.zeros((1, COUNT)), np.cumsum(np.tile(PROFILES, (3, 1)), axis=0)])
_DAYS = np.arange(DAYS_OF_YEAR) + DAYS_OF_YEAR
BEFORE = (_SUMS[_DAYS] - _SUMS[_DAYS - 7]) / 7
FROM = (_SUMS[_DAYS + 7] - _SUMS[_DAYS]) / 7


def day_of_year(at: Floats) -> Integers:
    """Of moments in days since 1970."""
    days = np.floor(at).astype(np.int64).astype("datetime64[D]")
    return np.asarray((days - days.astype("datetime64[Y]")).astype(np.int64))


def past(of_year: int, weeks: int) -> Floats:
    """Busyness of the weeks before a day of the year, the latest first (weeks, profiles)."""
    return np.asarray(BEFORE[(of_year - 7 * np.arange(weeks)) % DAYS_OF_YEAR])


def future(of_year: int, weeks: int) -> Floats:
    return np.asarray(FROM[(of_year + 7 * np.arange(weeks)) % DAYS_OF_YEAR])


def posterior(use: Floats, seen: Floats, busy: Floats, prior: Floats) -> Floats:
    """Probability of each profile for each row.

    `use` of the last weeks (rows, weeks), `seen` how much of each week was watched (0 to 1), `busy` as `past` gives it.
    """
    weeks = seen.sum(axis=1)
    mean = use.sum(axis=1) / np.maximum(weeks, 1e-9)
    use = np.minimum(use, WINSOR * mean[:, None])
    explained = (use @ busy) ** 2 / np.maximum(seen**2 @ busy**2, 1e-9)
    total = (use**2).sum(axis=1, keepdims=True)
    unexplained = np.maximum(total - explained, 0.02 * total) + 1e-9
    evidence = -0.5 * np.maximum(weeks / WEEKS_TOGETHER - 2, 0)[:, None] * np.log(unexplained)
    evidence -= evidence.max(axis=1, keepdims=True)
    found = prior * np.exp(evidence)
    return np.asarray(found / found.sum(axis=1, keepdims=True))
