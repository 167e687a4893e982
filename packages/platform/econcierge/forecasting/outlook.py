"""From evidence to days left with a range: the third step of a forecast.

How long a level lasts is, in weeks of usual busyness, what is left over the pace (`ahead`). A small network says how
far to shift that and how wide the range has to be for what is known (`features`). Its figures in `weights.json` were
fitted on made-up fleets (`python -m bench.fit_forecasts`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from econcierge.forecasting import ahead, features, normal
from econcierge.forecasting.evidence import Evidence
from econcierge.forecasting.experience import EVENNESS, Experience
from econcierge.forecasting.histories import Booleans, Floats, Integers

WEIGHTS = Path(__file__).with_name("weights.json")
LITTLE_WEEKS = 2.0
LITTLE_POINTS = 2.0
LEAST_WIDTH_OF_LITTLE = 0.7  # of the logarithm: from half to twice
FARTHEST_FEATURE = 4.0  # deviations from the mean of the made-up fleets; beyond is taken as this


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a network with one hidden layer and a straight way past it.

    `mean`, `scale` of the features; `hidden` (features, units); `straight` (features, 3) and `output` (units, 3) to the
    shift of the median and the logarithms of the widths below and above it.
    """

    mean: Floats
    scale: Floats
    hidden: Floats
    straight: Floats
    output: Floats


NAMES = ("mean", "scale", "hidden", "straight", "output")


@dataclass(frozen=True, slots=True)
class Outlook:
    """Days from the last reading at the 10, 50 and 90 % marks (rows, 3)."""

    marks: Floats


@cache
def fitted() -> Weights:
    found = json.loads(WEIGHTS.read_text())
    return Weights(*(np.array(found[name]) for name in NAMES))


def outlook(found: Evidence, experience: Experience, weights: Weights) -> Outlook:
    """What the fleet's own past says of our ranges is put on top of what made-up fleets taught."""
    middle, low, high = log_marks(features.described(found, experience), weights)
    least = np.where(is_little(found), LEAST_WIDTH_OF_LITTLE, 0.0)
    low, high = np.maximum(low, least), np.maximum(high, least)
    own = np.array(experience.ranges)[evenness(found)]
    low, high = low * own[:, 0], high * own[:, 1]
    weeks = ahead.usual_weeks(found)[:, None] * np.exp(np.stack([middle - low, middle, middle + high], axis=1))
    days = ahead.in_days(found, weeks)
    days[:, :2] = np.where(found.is_empty[:, None], 0.0, days[:, :2])  # some go on for a while after their gauge's end
    return Outlook(days)


def evenness(found: Evidence) -> Integers:
    """Which of three classes of evenness each belongs to."""
    return np.searchsorted(np.array(EVENNESS), found.cv2)


def is_little(found: Evidence) -> Booleans:
    """Whether a history of its own hardly says how fast it goes."""
    return np.asarray((found.weeks < LITTLE_WEEKS) | ((found.points < LITTLE_POINTS) & (found.weeks < 8)))


def scaled(described: Floats, weights: Weights) -> Floats:
    return np.clip((described - weights.mean) / weights.scale, -FARTHEST_FEATURE, FARTHEST_FEATURE)


def log_marks(described: Floats, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """Shift of the median and distances of the outer marks, as logarithms."""
    known = scaled(described, weights)
    raw = known @ weights.straight + np.tanh(known @ weights.hidden) @ weights.output
    return np.clip(raw[:, 0], -1.5, 1.5), np.exp(np.clip(raw[:, 1], -4.0, 1.2)), np.exp(np.clip(raw[:, 2], -4.0, 1.2))


def probability(marks: Floats, days: float) -> Floats:
    """Of being empty within so many days, from the three marks: a half of a log-normal on each side of the median."""
    middle = np.maximum(marks[:, 1], 0.05)
    apart = np.log(days / middle)
    below = np.log(middle / np.maximum(marks[:, 0], 0.02)) / normal.TEN_PERCENT
    above = np.log(np.maximum(marks[:, 2], 0.06) / middle) / normal.TEN_PERCENT
    found = normal.below(apart / np.maximum(np.where(apart < 0, below, above), 0.02))
    return np.where(marks[:, 1] <= 0, 1.0, found)
