"""What a fleet does, learned from many histories at once: what a single one says too little about leans on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from econcierge.forecasting import evidence, hindsight, histories, outlook, seasons
from econcierge.forecasting.evidence import Evidence
from econcierge.forecasting.experience import STEP_CLASSES, Experience, step_class
from econcierge.forecasting.histories import Booleans, Cleaned, Floats
from econcierge.forecasting.outlook import Weights

ROUNDS = 2
SMALLEST = 8  # series that a figure needs to count as a fleet's
WATCHED_WEEKS = 6.0
SEASON_WEEKS = 16.0
SEASON_PRIOR_WEIGHT = 40.0
RANGE_PRIOR_WEIGHT = 200.0
HALF_WAY = 0.5
FAR_OFF = 1.4


def learn(cleaned: Cleaned, start: Experience | None = None) -> Experience:
    """From the built-in experience on, twice: the second time seasons and roundings rest on the first."""
    experience = start or Experience()
    for _ in range(ROUNDS):
        experience = _learned(evidence.gather(cleaned, experience), experience)
    return experience


def with_ranges(cleaned: Cleaned, experience: Experience, weights: Weights) -> Experience:
    """How our ranges would have done in this fleet's own past; they are corrected by that."""
    past = hindsight.replay(cleaned)
    if past is None:
        return experience
    found = evidence.gather(histories.clean(past.histories), experience)
    marks = np.maximum(outlook.outlook(found, experience, weights).marks, 0.3)
    group = outlook.evenness(found)
    ranges = tuple(_range(marks[group == n], past.between[group == n]) for n in range(len(experience.ranges)))
    return replace(experience, ranges=ranges)


def _range(marks: Floats, between: Floats) -> tuple[float, float]:
    """Factors below and above the middle; near none while there are few. In doubt a range has held."""
    if len(marks) < SMALLEST:
        return 1.0, 1.0
    trust = HALF_WAY * len(marks) / (len(marks) + RANGE_PRIOR_WEIGHT)
    first, last = np.log(np.maximum(between, 0.3)).T
    logs = np.log(marks)
    below = np.quantile((logs[:, 1] - last) / np.maximum(logs[:, 1] - logs[:, 0], 0.02), 0.9)
    above = np.quantile((first - logs[:, 1]) / np.maximum(logs[:, 2] - logs[:, 1], 0.02), 0.9)
    return _factor(float(below), trust), _factor(float(above), trust)


def _factor(found: float, trust: float) -> float:
    """Only ever wider, and only where far off: cartridges whose end was seen are the shorter ones."""
    return float(np.exp(trust * np.log(np.clip(found / FAR_OFF, 1.0, 2.0))))


def _learned(found: Evidence, before: Experience) -> Experience:
    kappa = _centre(found.log_kappa, found.kappa_seen & (found.kappa_spread < 0.35))
    pace = _centre(np.log(np.maximum(found.paces[:, -1], 0.01)), (found.weeks >= WATCHED_WEEKS) & (found.points > 5))
    experience = before
    if kappa is not None:
        experience = replace(experience, log_kappa=kappa[0], log_kappa_spread=max(kappa[1], 0.3))
    if pace is not None:
        experience = replace(experience, log_pace=pace[0], log_pace_spread=max(pace[1], 0.3))
    even = found.cv2[found.cv2_weight >= 10]
    if len(even) >= SMALLEST:
        experience = replace(experience, unevenness=float(np.clip(np.median(even), 0.03, 3.0)))
    by_day = found.days.weeks >= WATCHED_WEEKS
    if by_day.sum() >= SMALLEST:
        of_days, wander = (float(np.median(some[by_day])) for some in (found.days.uneven, found.wander))
        experience = replace(experience, unevenness_of_days=of_days, wander=wander)
    return replace(experience, roundings=_roundings(found), seasons=_seasons(found), week=_week(found, experience))


def _centre(values: Floats, usable: Booleans) -> tuple[float, float] | None:
    """Median and a deviation that few odd ones do not move."""
    some = values[usable]
    if len(some) < SMALLEST:
        return None
    low, middle, high = np.quantile(some, [0.16, 0.5, 0.84])
    return float(middle), float((high - low) / 2)


def _roundings(found: Evidence) -> tuple[tuple[float, float, float], ...]:
    rows = []
    group = step_class(found.step)
    for number in range(len(STEP_CLASSES) + 1):
        known = found.rounding_seen[(group == number) & ~np.isnan(found.rounding_seen[:, 0])]
        total = known.sum(axis=0) + 0.5
        shares = total / total.sum()
        rows.append((float(shares[0]), float(shares[1]), float(shares[2])))
    return tuple(rows)


def _seasons(found: Evidence) -> tuple[float, ...]:
    watched = found.season[found.weeks >= SEASON_WEEKS]
    total = watched.sum(axis=0) + SEASON_PRIOR_WEIGHT * seasons.PRIOR
    return tuple(float(share) for share in total / total.sum())


def _week(found: Evidence, experience: Experience) -> tuple[float, ...]:
    watched = found.days.shares[found.days.weeks >= WATCHED_WEEKS]
    total = watched.sum(axis=0) + SMALLEST * np.array(experience.week)
    return tuple(float(share) for share in total / total.mean())
