"""Older ways to forecast, for comparison: the mean since the cartridge came, and a line through thirty days.

They give one day; around it stands the range that would have suited the whole fleet best, taken from the truth itself,
which is more than a peer could know.
"""

from __future__ import annotations

import numpy as np

from econcierge.forecasting import histories
from econcierge.forecasting.histories import Floats, Histories

LINE_DAYS = 30.0
SLOWEST = 0.02  # points a day


def since_installation(many: Histories) -> Floats:
    c = histories.clean(many)
    present = c.cartridge == c.cartridge[c.end - 1][c.series]
    return _days(c, present & ~np.isnan(c.percent))


def line(many: Histories) -> Floats:
    c = histories.clean(many)
    present = c.cartridge == c.cartridge[c.end - 1][c.series]
    lately = c.at >= c.at[c.end - 1][c.series] - LINE_DAYS
    return _days(c, present & lately & ~np.isnan(c.percent), is_line=True)


def with_range(days: Floats, truth: Floats) -> Floats:
    ratio = np.quantile(truth / np.maximum(days, 0.5), [0.1, 0.9])
    return np.stack([days * ratio[0], days, days * ratio[1]], axis=1)


def _days(c: histories.Cleaned, use: histories.Booleans, *, is_line: bool = False) -> Floats:
    """Level over speed; where nothing fell, what the others have in the middle."""
    rows = np.flatnonzero(use)
    of, day, level = c.series[rows], c.at[rows] - c.at[c.end - 1][c.series[rows]], c.percent[rows]
    n = len(c.start)
    count = np.bincount(of, minlength=n)
    last = np.full(n, np.nan)
    last[of] = level
    if is_line:
        x, y = (np.bincount(of, weights=term, minlength=n) for term in (day, level))
        xx, xy = (np.bincount(of, weights=term, minlength=n) for term in (day * day, day * level))
        speed = -(count * xy - x * y) / np.maximum(count * xx - x * x, 1e-9)
    else:
        first, when = np.full(n, np.nan), np.full(n, np.nan)
        first[of[::-1]], when[of[::-1]] = level[::-1], day[::-1]
        speed = (first - last) / np.maximum(-when, 0.5)
    days = np.where((count >= 2) & (speed > SLOWEST), last / np.maximum(speed, SLOWEST), np.nan)
    return np.minimum(np.where(np.isnan(days), np.nanmedian(days), days), 730.0)
