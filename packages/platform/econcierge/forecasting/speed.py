"""How fast it goes: season by season, by several lengths of memory, and how unevenly."""

from __future__ import annotations

import numpy as np

from econcierge.forecasting import consumption, gauges, seasons
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Cleaned, Floats, Integers
from econcierge.forecasting.present import Present

MEMORIES_WEEKS = (4.0, 12.0, 40.0)
PRIOR_WEEKS = 0.7


def season(use: Floats, seen: Floats, of_year: Integers, experience: Experience) -> tuple[Floats, Floats]:
    """Probability of each profile, and how busy each past week was by them."""
    prior = np.array(experience.seasons)
    found = np.empty((len(use), seasons.COUNT))
    busy = np.empty_like(use)
    for day in np.unique(of_year):
        rows = np.flatnonzero(of_year == day)
        past = seasons.past(int(day), consumption.WEEKS)
        found[rows] = seasons.posterior(use[rows], seen[rows], past, prior)
        busy[rows] = found[rows] @ past.T
    return found, busy


def paces(use: Floats, busy: Floats, experience: Experience) -> tuple[Floats, Floats]:
    """Points a week of usual busyness: by three lengths of memory and for ever; and how fast the pace changes."""
    age = np.arange(consumption.WEEKS)
    fleet = np.exp(experience.log_pace)
    weeks = busy.sum(axis=1)
    for_ever = (use.sum(axis=1) + PRIOR_WEEKS * fleet) / (weeks + PRIOR_WEEKS)
    paces = [(use @ (w := np.exp(-age / memory)) + 2.0 * for_ever) / (busy @ w + 2.0) for memory in MEMORIES_WEEKS]
    found = np.stack([*paces, for_ever], axis=1)
    return found, np.log(found[:, 0] / found[:, 2])


def unevenness(
    c: Cleaned,
    now: Present,
    bands: gauges.Bands,
    use: Floats,
    seen: Floats,
    busy: Floats,
    pace: Floats,
    experience: Experience,
) -> tuple[Floats, Floats, Floats]:
    """Squared variation of a usual week, leaning on the fleet's; its weight; and of four weeks for how it wanders."""
    whole = seen > 0.99
    usable = c.has_pages | (now.ever_measured & (c.step <= gauges.FINE_STEP))
    expected = busy * pace[:, None]
    weight = np.where(usable, whole.sum(axis=1), 0).astype(float)
    off = np.where(whole, (use - expected) / np.maximum(pace[:, None], 1e-9), 0.0)
    total = np.minimum(off**2, 25.0).sum(axis=1)
    by_bands = ~usable & (bands.count >= 3) & (c.step > gauges.FINE_STEP)
    weight = np.where(by_bands, bands.count, weight)
    weeks_a_band = np.nan_to_num(bands.inner) / 7.0
    total = np.where(by_bands, np.minimum(bands.uneven * weeks_a_band, 6.0) * weight, np.where(usable, total, 0.0))
    cv2 = (total + 4 * experience.unevenness) / (weight + 4)
    months = consumption.WEEKS // 4
    off4 = off[:, : months * 4].reshape(-1, months, 4).sum(axis=2) / 4
    whole4 = whole[:, : months * 4].reshape(-1, months, 4).all(axis=2)
    count = whole4.sum(axis=1)
    month = (np.minimum(off4**2, 9.0) * whole4).sum(axis=1)
    wander = (np.where(usable, month, 0.0) + 3 * (cv2 / 4 + 0.02)) / (np.where(usable, count, 0) + 3)
    return cv2, weight, wander


def idle_weeks(use: Floats, seen: Floats) -> Floats:
    """Whole weeks since anything was used."""
    active = (use > 0.02) | (seen < 0.99)
    return np.where(active.any(axis=1), np.argmax(active, axis=1), consumption.WEEKS).astype(float)


def idle_share(use: Floats, seen: Floats) -> Floats:
    """Of the weeks that were watched, those with hardly any use."""
    whole = seen > 0.99
    usual = use.sum(axis=1) / np.maximum(seen.sum(axis=1), 1e-9)
    idle = (use < 0.1 * usual[:, None]) & whole
    return np.asarray(idle.sum(axis=1) / (whole.sum(axis=1) + 3.0))
