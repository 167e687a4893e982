"""What each history says: the level now, how fast it falls, how evenly, in which season; the second step of a forecast.

Everything is in percent points of a cartridge and weeks before the last reading. Where a history says little, what the
fleet does (`Experience`) stands in its place, by weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from econcierge.forecasting import consumption, gauges, present, seasons, speed, week
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import Booleans, Cleaned, Floats, Integers


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value a series. `left` points now with its deviation; `paces`: points a busy week by candidates of memory (the
    longest last); `cv2` unevenness of a week; `weeks` watched; `season` probability of each profile (rows, profiles).
    """

    left: Floats
    left_spread: Floats
    paces: Floats
    cv2: Floats
    cv2_weight: Floats
    weeks: Floats
    points: Floats  # used while watched
    season: Floats
    of_year: Integers
    step: Floats
    is_measured: Booleans
    has_pages: Booleans
    start_seen: Booleans
    kappa_spread: Floats
    log_kappa: Floats
    kappa_seen: Booleans
    rounding: Floats
    rounding_seen: Floats
    noise: Floats
    wander: Floats
    idle_weeks: Floats
    idle_share: Floats
    drift: Floats
    is_empty: Booleans
    days: week.Days


def gather(cleaned: Cleaned, experience: Experience) -> Evidence:
    now = present.present(cleaned)
    noise = gauges.noise(cleaned, now)
    bands = gauges.bands(cleaned, now)
    roundings, rounding_seen = gauges.rounding(cleaned, bands, experience)
    rounding = roundings @ gauges.ROUNDINGS
    rounding_spread = np.sqrt(np.maximum(roundings @ gauges.ROUNDINGS**2 - rounding**2, 0.0)) + 0.04
    log_kappa, kappa_spread, kappa_seen = consumption.points_a_page(cleaned, now, experience)
    measure = consumption.measure(cleaned, now, np.exp(log_kappa), experience)
    use, seen = consumption.weekly(cleaned, measure)
    of_year = seasons.day_of_year(cleaned.at[now.last])
    season, busy = speed.season(use, seen, of_year, experience)
    paces, drift = speed.paces(use, seen * busy, experience)
    cv2, weight, wander = speed.unevenness(cleaned, now, bands, use, seen, busy, paces[:, -1], experience)
    pace = paces[:, 1]
    left, spread = gauges.left(cleaned, now, measure, pace, cv2, rounding, rounding_spread, noise)
    is_shown_empty = gauges.shown_empty(cleaned, now, roundings)
    return Evidence(
        left=left, left_spread=spread, paces=paces, cv2=cv2, cv2_weight=weight, weeks=seen.sum(axis=1),
        points=use.sum(axis=1), season=season, of_year=of_year, step=cleaned.step, is_measured=now.ever_measured,
        has_pages=cleaned.has_pages, start_seen=now.start_seen, kappa_spread=kappa_spread, log_kappa=log_kappa,
        kappa_seen=kappa_seen, rounding=rounding, rounding_seen=rounding_seen, noise=noise, wander=wander,
        idle_weeks=speed.idle_weeks(use, seen), idle_share=speed.idle_share(use, seen), drift=drift,
        is_empty=is_shown_empty, days=week.days(cleaned, measure, paces[:, 2], experience),
    )  # fmt: skip
