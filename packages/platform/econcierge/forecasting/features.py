"""What is known of a forecast before it is made, as figures: of these its shift and its width are functions."""

from __future__ import annotations

import numpy as np

from econcierge.forecasting import ahead
from econcierge.forecasting.evidence import Evidence
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.gauges import FINE_STEP
from econcierge.forecasting.histories import Floats

DRIFT2_A_YEAR = 0.15


def described(found: Evidence, experience: Experience) -> Floats:
    """Columns of figures (rows, features), the first always 1; most are logarithms."""
    groups = [_length, _pace, _unevenness, _gauge, _recent, _season]
    return np.stack([column for group in groups for column in group(found, experience)], axis=1)


def spread(found: Evidence, experience: Experience) -> Floats:
    """Deviation of the logarithm of the time left: uneven use, a pace not well known, drift, an unsure level."""
    weeks = np.clip(ahead.usual_weeks(found), 0.1, 104)
    uneven = found.cv2 / weeks
    pace = np.minimum(found.wander * 4 / (np.minimum(found.weeks, 52) + 1), experience.log_pace_spread**2 + 0.5)
    drift = DRIFT2_A_YEAR * (weeks + 8) / 52
    level = (found.left_spread / np.maximum(found.left, 0.5)) ** 2
    return np.asarray(np.sqrt(np.minimum(uneven, 4) + pace + drift + np.minimum(level, 4)))


def _length(found: Evidence, experience: Experience) -> list[Floats]:
    weeks = np.clip(ahead.usual_weeks(found), 0.1, 150)
    return [np.ones(len(weeks)), np.log(spread(found, experience)), np.log(weeks) - 2.0, np.exp(-weeks)]


def _pace(found: Evidence, experience: Experience) -> list[Floats]:
    log_pace = np.log(np.maximum(found.paces, 1e-3))
    return [
        np.clip(log_pace[:, 0] - log_pace[:, 1], -2, 2),
        np.clip(log_pace[:, 1] - log_pace[:, 2], -2, 2),
        np.clip(log_pace[:, 2] - log_pace[:, 3], -2, 2),
        np.abs(np.clip(log_pace[:, 0] - log_pace[:, 2], -2, 2)),
        np.clip(log_pace[:, 2] - experience.log_pace, -2, 2),
        np.log1p(found.weeks) - 3.0,
        np.exp(-found.weeks / 3.0),
    ]


def _unevenness(found: Evidence, experience: Experience) -> list[Floats]:
    log_cv2 = np.log(np.clip(found.cv2, 0.01, 10))
    return [
        log_cv2,
        np.maximum(log_cv2 + 0.5, 0),
        np.log(np.clip(found.wander, 0.005, 10)),
        found.idle_share,
        np.log1p(np.minimum(found.idle_weeks, 20)),
        (found.cv2_weight < 4) * 1.0,
        np.full(len(log_cv2), np.log(experience.unevenness)),
        np.full(len(log_cv2), np.log(experience.unevenness_of_days)),
        np.full(len(log_cv2), np.log(experience.wander)),
    ]


def _gauge(found: Evidence, experience: Experience) -> list[Floats]:
    blind, coarse = ~found.is_measured, found.is_measured & (found.step > FINE_STEP)
    no_pages = ~found.has_pages
    return [
        coarse * 1.0,
        coarse * np.minimum(found.step, 30) / 25,
        coarse * np.minimum(found.step / np.maximum(found.left, 2.0), 5.0),
        no_pages * 1.0,
        (no_pages & coarse) * 1.0,
        blind * 1.0,
        (blind & no_pages) * 1.0,
        (blind & ~found.start_seen) * 1.0,
        np.minimum(found.left_spread / np.maximum(found.left, 0.5), 2.0),
        np.minimum(found.noise, 3.0) / np.maximum(found.left, 3.0),
        np.minimum(found.kappa_spread, 1.5),
    ]


def _recent(found: Evidence, experience: Experience) -> list[Floats]:
    """Of the last days; next to nothing is known of days where no pages are counted."""
    days = found.days
    by_day = found.has_pages | (found.is_measured & (found.step <= FINE_STEP))
    columns = [
        days.recent[:, 0],
        days.recent[:, 1],
        np.log(np.clip(days.uneven, 0.02, 30.0)),
        days.idle,
        days.burst,
        days.shares[:, 5:].mean(axis=1),
        np.exp(-days.weeks / 3.0),
    ]
    return [np.where(by_day, column, 0.0) for column in columns]


def _season(found: Evidence, experience: Experience) -> list[Floats]:
    """How busy the time ahead is beside the usual, how sure that is, and how a school would have it."""
    weeks = ahead.usual_weeks(found)
    days = ahead.in_days(found, weeks[:, None])[:, 0]
    busy, doubt, school = ahead.seasons_until(found, days / 7.0)
    return [
        np.clip(np.log(np.maximum(weeks * 7, 0.1) / np.maximum(days, 0.1)), -2, 2),
        -(found.season * np.log(found.season + 1e-9)).sum(axis=1) / 3.0,
        np.minimum(doubt, 1.0),
        found.season[:, ahead.SCHOOLS].sum(axis=1),
        np.clip(np.log(np.maximum(school, 0.05) / np.maximum(busy, 0.05)), -2, 2),
    ]
