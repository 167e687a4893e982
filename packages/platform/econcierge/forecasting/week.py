"""Which days of a week carry the use, and what the last days were like, day by day.

A day is used up in its working hours: "working time" counts days and passes in these hours only, so that a Friday
evening and a Saturday morning are one moment and a week's shares are the same whenever a printer is read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from econcierge.forecasting import consumption
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import APART_DAYS, Cleaned, Floats, Integers

WORK_FROM = 0.5  # of a day in UTC: 8 in Toronto, until 17 in Vancouver
DAYS = 70
OWN_FROM_WEEKS = 3.0  # so many weeks of one's own weigh as much as the fleet
BURST = 6.0  # a day of more than so many usual ones counts as so many
RECENT_DAYS = (3, 7)
UNEVEN_PRIOR_DAYS = 8.0


@dataclass(frozen=True, slots=True)
class Days:
    """`at` of the last reading, days since 1970. `shares` (rows, 7) of a week from Monday on, 1 on average, and `weeks`
    that they rest on. `recent` (rows, 2): logarithm of the use of the last days beside the usual; `uneven`: squared
    variation of a day; `idle`: share of days with next to nothing; `burst`: the busiest day, in usual weeks."""

    at: Floats
    shares: Floats
    weeks: Floats
    recent: Floats
    uneven: Floats
    idle: Floats
    burst: Floats


def days(c: Cleaned, measure: Floats, pace: Floats, experience: Experience) -> Days:
    """`pace` in points a usual week. Where no pages are counted, a day's use is a line between two readings."""
    at = c.at[c.end - 1]
    use, seen = _daily(c, measure)
    weekday = weekdays(np.floor(working(at)), -np.arange(DAYS))
    weeks = np.where(c.has_pages, seen.sum(axis=1) / 7.0, 0.0)
    shares = _shares(np.where(seen, use, 0.0), weekday, weeks, np.array(experience.week))
    a_day = np.maximum(pace, 1e-3)[:, None] / 7.0
    expected = a_day * np.take_along_axis(shares, weekday, axis=1) * seen
    recent = [
        np.log((use[:, 1 : 1 + n].sum(axis=1) + a_day[:, 0]) / (expected[:, 1 : 1 + n].sum(axis=1) + a_day[:, 0]))
        for n in RECENT_DAYS
    ]
    count = seen[:, 1:].sum(axis=1)
    off2 = (np.minimum((use - expected) / a_day, BURST) ** 2 * seen)[:, 1:].sum(axis=1)
    uneven = (off2 + 2.0 * UNEVEN_PRIOR_DAYS) / (count + UNEVEN_PRIOR_DAYS)
    idle = ((use < 0.05 * a_day) * seen)[:, 1:].sum(axis=1) / (count + 3.0)
    burst = np.minimum(use.max(axis=1) / (7.0 * a_day[:, 0]), 3.0)
    return Days(at, shares, weeks, np.clip(np.stack(recent, axis=1), -3, 3), uneven, idle, burst)


def _daily(c: Cleaned, measure: Floats) -> tuple[Floats, Floats]:
    """Points used on each of the last days, today first, and whether all of a day was watched (1 or 0)."""
    n = len(c.start)
    axis = working(c.at)
    now, first = axis[c.end - 1], axis[c.start]
    edges = np.concatenate([now[:, None], np.floor(now)[:, None] - np.arange(DAYS)], axis=1)
    inside = np.clip(edges, first[:, None], None)
    apart = np.arange(n) * APART_DAYS
    query = inside - now[:, None] + apart[:, None]
    total = np.interp(query.ravel()[::-1], axis - now[c.series] + apart[c.series], measure)[::-1].reshape(n, DAYS + 1)
    seen = (edges[:, 1:] >= first[:, None]).astype(np.float64)
    return np.maximum(total[:, :-1] - total[:, 1:], 0.0), seen


def _shares(use: Floats, weekday: Integers, weeks: Floats, fleet: Floats) -> Floats:
    """Own shares, leaning on the fleet's."""
    mean = use.mean(axis=1, keepdims=True)
    use = np.minimum(use, BURST * mean)
    own = np.stack([np.where(weekday == day, use, 0.0).sum(axis=1) for day in range(7)], axis=1)
    own = 7.0 * own / np.maximum(own.sum(axis=1, keepdims=True), 1e-9)
    trust = np.where(mean[:, 0] > 0, weeks / (weeks + OWN_FROM_WEEKS), 0.0)[:, None]
    return np.asarray(trust * own + (1.0 - trust) * fleet)


def weekdays(today: Floats, ahead: Integers) -> Integers:
    """Monday 0; of days since 1970 (rows) and so many days later (columns)."""
    return np.asarray((today.astype(np.int64)[:, None] + 3 + ahead) % 7)


def working(at: Floats) -> Floats:
    """Working time of moments."""
    day = np.floor(at)
    return np.asarray(day + np.maximum(at - day - WORK_FROM, 0.0) / (1.0 - WORK_FROM))


def moment(at: Floats) -> Floats:
    """The moment of a working time."""
    day = np.floor(at)
    return np.asarray(day + WORK_FROM + (at - day) * (1.0 - WORK_FROM))


def days_within(share: Floats, known: Days) -> Floats:
    """Days from the last reading until shares (rows, marks) of the use of the seven days from then on are used."""
    now = working(known.at)
    today = np.floor(now)
    spent = (now - today)[:, None]
    each = np.take_along_axis(known.shares, weekdays(today, np.arange(8)), axis=1)
    each[:, :1] *= 1.0 - spent
    each[:, 7:] *= spent
    reached = np.concatenate([np.zeros((len(now), 1)), np.cumsum(each, axis=1)], axis=1)
    place = consumption.interpolated(reached / np.maximum(reached[:, -1:], 1e-9), share)
    nth = np.minimum(np.floor(place), 7)
    part = place - nth
    later = np.where(nth == 0, spent + part * (1.0 - spent), nth + part * np.where(nth == 7, spent, 1.0))
    return np.asarray(moment(today[:, None] + later) - known.at[:, None])
