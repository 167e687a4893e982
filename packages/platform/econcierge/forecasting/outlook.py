"""From evidence to days left with a range: the third step of a forecast.

How long a level lasts is, in weeks of usual busyness, what is left over the pace. The figures in `weights.json` were
fitted on made-up fleets (`python -m bench.fit_forecasts`): how far to trust each memory of the pace, and how wide the
range has to be for what is known. The weeks are then laid over the coming seasons to give days.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from econcierge.forecasting import normal, seasons
from econcierge.forecasting.evidence import Evidence
from econcierge.forecasting.experience import EVENNESS, Experience
from econcierge.forecasting.gauges import FINE_STEP
from econcierge.forecasting.histories import Booleans, Floats, Integers

AHEAD_WEEKS = 105
MAXIMUM_DAYS = 730.0
WEIGHTS = Path(__file__).with_name("weights.json")
DRIFT2_A_YEAR = 0.15
LITTLE_WEEKS = 2.0
LITTLE_POINTS = 2.0
LEAST_WIDTH_OF_LITTLE = 0.7  # of the logarithm: from half to twice


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the features: for the median's shift and the logarithms of the widths below and above it."""

    middle: Floats
    below: Floats
    above: Floats


@dataclass(frozen=True, slots=True)
class Outlook:
    """Days from the last reading at the 10, 50 and 90 % marks (rows, 3)."""

    marks: Floats


@cache
def fitted() -> Weights:
    found = json.loads(WEIGHTS.read_text())
    return Weights(*(np.array(found[name]) for name in ("middle", "below", "above")))


def outlook(found: Evidence, experience: Experience, weights: Weights) -> Outlook:
    """What the fleet's own past says of our ranges is put on top of what made-up fleets taught."""
    features = described(found, experience)
    middle, low, high = log_marks(features, weights)
    least = np.where(is_little(found), LEAST_WIDTH_OF_LITTLE, 0.0)
    low, high = np.maximum(low, least), np.maximum(high, least)
    own = np.array(experience.ranges)[evenness(found)]
    low, high = low * own[:, 0], high * own[:, 1]
    weeks = usual_weeks(found)[:, None] * np.exp(np.stack([middle - low, middle, middle + high], axis=1))
    days = in_days(found, weeks)
    return Outlook(np.where(found.is_empty[:, None], 0.0, days))


def evenness(found: Evidence) -> Integers:
    """Which of three classes of evenness each belongs to."""
    return np.searchsorted(np.array(EVENNESS), found.cv2)


def is_little(found: Evidence) -> Booleans:
    """Whether a history of its own hardly says how fast it goes."""
    return np.asarray((found.weeks < LITTLE_WEEKS) | ((found.points < LITTLE_POINTS) & (found.weeks < 8)))


def log_marks(features: Floats, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """Shift of the median and distances of the outer marks, as logarithms."""
    middle = np.clip(features @ weights.middle, -1.5, 1.5)
    below = np.exp(np.clip(features @ weights.below, -3.0, 1.2))
    above = np.exp(np.clip(features @ weights.above, -3.0, 1.2))
    return middle, below, above


def usual_weeks(found: Evidence) -> Floats:
    """How many weeks of usual busyness what is left lasts at the pace of the last year."""
    return found.left / np.maximum(found.paces[:, 2], 1e-3)


def spread(found: Evidence, experience: Experience) -> Floats:
    """Deviation of the logarithm of the time left: uneven use, a pace not well known, drift, an unsure level."""
    weeks = np.clip(usual_weeks(found), 0.1, 104)
    uneven = found.cv2 / weeks
    pace = np.minimum(found.wander * 4 / (np.minimum(found.weeks, 52) + 1), experience.log_pace_spread**2 + 0.5)
    drift = DRIFT2_A_YEAR * (weeks + 8) / 52
    level = (found.left_spread / np.maximum(found.left, 0.5)) ** 2
    return np.asarray(np.sqrt(np.minimum(uneven, 4) + pace + drift + np.minimum(level, 4)))


def described(found: Evidence, experience: Experience) -> Floats:
    """Features of each row; what `Weights` are for."""
    weeks = np.clip(usual_weeks(found), 0.1, 150)
    log_pace = np.log(np.maximum(found.paces, 1e-3))
    ahead = _busy_soon(found)
    blind, coarse = ~found.is_measured, found.is_measured & (found.step > FINE_STEP)
    no_pages = ~found.has_pages
    relative = np.minimum(found.left_spread / np.maximum(found.left, 0.5), 2.0)
    columns = [
        np.ones(len(weeks)),
        np.log(spread(found, experience)),
        np.log(weeks) - 2.0,
        np.log(np.clip(found.cv2, 0.01, 10)),
        np.maximum(np.log(np.clip(found.cv2, 0.01, 10)) + 0.5, 0),
        np.log(np.clip(found.wander, 0.005, 10)),
        np.log1p(found.weeks) - 3.0,
        np.clip(log_pace[:, 0] - log_pace[:, 1], -2, 2),
        np.clip(log_pace[:, 1] - log_pace[:, 2], -2, 2),
        np.clip(log_pace[:, 2] - log_pace[:, 3], -2, 2),
        np.abs(np.clip(log_pace[:, 0] - log_pace[:, 2], -2, 2)),
        np.clip(log_pace[:, 2] - experience.log_pace, -2, 2),
        coarse * 1.0,
        coarse * np.minimum(found.step, 30) / 25,
        no_pages * 1.0,
        (no_pages & coarse) * 1.0,
        blind * 1.0,
        (blind & no_pages) * 1.0,
        (blind & ~found.start_seen) * 1.0,
        relative,
        np.minimum(found.noise, 3.0) / np.maximum(found.left, 3.0),
        np.log1p(np.minimum(found.idle_weeks, 20)),
        ahead,
        np.exp(-found.weeks / 3.0),
        -(found.season * np.log(found.season + 1e-9)).sum(axis=1) / 3.0,
        np.exp(-weeks),
        found.idle_share,
        (found.cv2_weight < 4) * 1.0,
    ]
    return np.stack(columns, axis=1)


def _busy_soon(found: Evidence) -> Floats:
    """Logarithm of how busy the coming weeks are, as far as the level lasts, beside the usual."""
    weeks = usual_weeks(found)
    days = in_days(found, weeks[:, None])[:, 0]
    return np.clip(np.log(np.maximum(weeks * 7, 0.1) / np.maximum(days, 0.1)), -2, 2)


def in_days(found: Evidence, weeks: Floats) -> Floats:
    """Weeks of usual busyness (rows, marks) laid over the coming seasons."""
    days = np.empty_like(weeks)
    for day in np.unique(found.of_year):
        rows = np.flatnonzero(found.of_year == day)
        busy = found.season[rows] @ seasons.future(int(day), AHEAD_WEEKS).T
        reached = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(busy, axis=1)], axis=1)
        days[rows] = _interpolated(reached, weeks[rows]) * 7.0
    return np.clip(days, 0.0, MAXIMUM_DAYS)


def _interpolated(reached: Floats, wanted: Floats) -> Floats:
    """For each row, where in its own growing sums a value is reached."""
    before = (reached[:, None, :] <= wanted[:, :, None]).sum(axis=2) - 1
    before = np.clip(before, 0, reached.shape[1] - 2)
    low = np.take_along_axis(reached, before, axis=1)
    high = np.take_along_axis(reached, before + 1, axis=1)
    return np.asarray(before + (wanted - low) / np.maximum(high - low, 1e-9))


def probability(marks: Floats, days: float) -> Floats:
    """Of being empty within so many days, from the three marks: a half of a log-normal on each side of the median."""
    middle = np.maximum(marks[:, 1], 0.05)
    apart = np.log(days / middle)
    below = np.log(middle / np.maximum(marks[:, 0], 0.02)) / normal.TEN_PERCENT
    above = np.log(np.maximum(marks[:, 2], 0.06) / middle) / normal.TEN_PERCENT
    return normal.below(apart / np.maximum(np.where(apart < 0, below, above), 0.02))
