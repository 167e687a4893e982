"""A fleet's own past as a test: histories cut off inside cartridges whose end was seen, and how long these lasted.

The same replay serves the back-test that people read and the fit of the ranges to the fleet at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from econcierge.forecasting.histories import APART_DAYS, Booleans, Cleaned, Floats, Histories, Integers

PREMATURE_POINTS = 8.0  # a cartridge that left with more says nothing of when it would have been empty
LEAST_HISTORY_DAYS = 7.0
SHARES = (0.35, 0.65, 0.9)  # of a cartridge's life, each jittered, at which it is asked


@dataclass(frozen=True, slots=True)
class Replay:
    """Histories as they stood at moments of the past, `source` the series of each, and days until it was empty: as far
    as one can tell, and `between` (rows, 2) the last reading that still told some and the next one."""

    histories: Histories
    source: Integers
    days: Floats
    between: Floats


def replay(cleaned: Cleaned, *, shares: tuple[float, ...] = SHARES, cartridges: int = 2) -> Replay | None:
    """Of each series the last cartridges whose end was seen, each asked at several shares of its life."""
    lives = _lives(cleaned)
    lives = lives[_nth_from_the_end(cleaned.series[lives[:, 0]]) < cartridges]
    if not len(lives):
        return None
    first, last = np.tile(lives, (len(shares), 1)).T
    share = np.repeat(np.array(shares), len(lives)) + 0.2 * (np.modf(cleaned.at[first] * 61.80339887)[0] - 0.5)
    came, gone = cleaned.at[first], (cleaned.at[last] + cleaned.at[last + 1]) / 2
    cut = np.searchsorted(_axis(cleaned), _place(cleaned, first, came + share * (gone - came)), side="right") - 1
    cut = np.clip(cut, first, last)
    series = cleaned.series[first]
    days = gone - cleaned.at[cut]
    usable = (cleaned.at[cut] - cleaned.at[cleaned.start[series]] >= LEAST_HISTORY_DAYS) & (days > 0.25)
    if not usable.any():
        return None
    told = _last_with_some(cleaned)[last]
    between = np.stack([cleaned.at[np.maximum(told, cut)], cleaned.at[told + 1]], axis=1) - cleaned.at[cut][:, None]
    return _cut_off(cleaned, series[usable], cut[usable], days[usable], between[usable])


def _lives(c: Cleaned) -> Integers:
    """First and last rows of cartridges that were replaced when they were nearly empty."""
    change = np.flatnonzero(c.is_new)
    if not len(change):
        return np.zeros((0, 2), dtype=np.int64)
    last = change - 1
    first = np.searchsorted(c.cartridge, c.cartridge[last])
    level = _last_level(c)[last]
    nearly_empty = np.isnan(level) | (level <= np.maximum(PREMATURE_POINTS, 1.01 * c.step[c.series[last]]))
    kept = nearly_empty & (last > first)
    return np.stack([first[kept], last[kept]], axis=1)


def _last_level(c: Cleaned) -> Floats:
    """The last level told by each row, of its own cartridge; NaN before the first."""
    rows = np.arange(len(c.at))
    known = np.maximum.accumulate(np.where(np.isnan(c.percent), -1, rows))
    same = (known >= 0) & (c.cartridge[known] == c.cartridge)
    return np.where(same, c.percent[known], np.nan)


def _last_with_some(c: Cleaned) -> Integers:
    """The last row up to each that did not show an end; the first of its cartridge where all did."""
    rows = np.arange(len(c.at))
    shown = np.nan_to_num(c.percent, nan=100.0) > 0
    found = np.maximum.accumulate(np.where(shown, rows, -1))
    return np.maximum(found, np.searchsorted(c.cartridge, c.cartridge))


def _nth_from_the_end(series: Integers) -> Integers:
    count = np.bincount(series) if len(series) else np.zeros(0, dtype=np.int64)
    ends = np.cumsum(count)
    return np.asarray(ends[series] - 1 - np.arange(len(series)))


def _axis(c: Cleaned) -> Floats:
    return _place(c, np.arange(len(c.at)), c.at)


def _place(c: Cleaned, row: Integers, at: Floats) -> Floats:
    of = c.series[row]
    return np.asarray(at - c.at[c.start[of]] + of * APART_DAYS)


def _cut_off(c: Cleaned, series: Integers, cut: Integers, days: Floats, between: Floats) -> Replay:
    """The rows of each up to its cut, numbered anew; pages and cartridges as they were cleaned."""
    start = c.start[series]
    length = cut - start + 1
    of = np.repeat(np.arange(len(series)), length)
    begins = np.cumsum(length) - length
    rows = np.arange(length.sum()) - np.repeat(begins - start, length)
    pages = np.where(c.has_pages[c.series[rows]], c.pages[rows], np.nan)
    cartridge = c.cartridge[rows]
    histories = Histories(len(series), of, c.at[rows], c.percent[rows], c.step[series][of], pages, cartridge)
    return Replay(histories, series, days, between)


def is_held(marks: Floats, days: Floats) -> Booleans:
    return np.asarray((days >= marks[:, 0]) & (days <= marks[:, 2]))
