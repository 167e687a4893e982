"""The time ahead: weeks of usual busyness laid over the coming seasons and days of the week, to give days."""

from __future__ import annotations

import numpy as np

from econcierge.forecasting import consumption, seasons, week
from econcierge.forecasting.evidence import Evidence
from econcierge.forecasting.histories import Floats

AHEAD_WEEKS = 105
MAXIMUM_DAYS = 730.0
SCHOOLS = slice(2, 4)  # of `seasons.PROFILES`


def usual_weeks(found: Evidence) -> Floats:
    """How many weeks of usual busyness what is left lasts at the pace of the last year."""
    return found.left / np.maximum(found.paces[:, 2], 1e-3)


def in_days(found: Evidence, weeks: Floats) -> Floats:
    """Of weeks of usual busyness (rows, marks)."""
    place = np.empty_like(weeks)
    for day in np.unique(found.of_year):
        rows = np.flatnonzero(found.of_year == day)
        busy = found.season[rows] @ seasons.future(int(day), AHEAD_WEEKS).T
        reached = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(busy, axis=1)], axis=1)
        place[rows] = consumption.interpolated(reached, weeks[rows])
    whole = np.floor(place)
    return np.clip(7.0 * whole + week.days_within(place - whole, found.days), 0.0, MAXIMUM_DAYS)


def seasons_until(found: Evidence, weeks: Floats) -> tuple[Floats, Floats, Floats]:
    """Of so many calendar weeks from now on, at least one: mean busyness, its deviation over the seasons that are
    possible, beside the mean; and a school's busyness."""
    mean, doubt, school = np.empty(len(weeks)), np.empty(len(weeks)), np.empty(len(weeks))
    last = np.clip(np.ceil(weeks).astype(np.int64), 1, AHEAD_WEEKS)
    for day in np.unique(found.of_year):
        rows = np.flatnonzero(found.of_year == day)
        reached = np.cumsum(seasons.future(int(day), AHEAD_WEEKS), axis=0)
        each = reached[last[rows] - 1] / last[rows, None]
        mean[rows] = (found.season[rows] * each).sum(axis=1)
        variance = (found.season[rows] * (each - mean[rows, None]) ** 2).sum(axis=1)
        doubt[rows] = np.sqrt(variance) / np.maximum(mean[rows], 0.05)
        school[rows] = each[:, SCHOOLS].mean(axis=1)
    return mean, doubt, school
