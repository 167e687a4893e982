"""Many histories as columns, cleaned and split into cartridges: the first step of every forecast.

A row is a reading; rows of a series stand together, series after series. What cannot be true is left out here: levels
outside 0 to 100 (P02), one wild reading between two that agree, an odd last one, a moment told twice, counters that go
back (P20), what a wrong clock told years before everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

TOLD_DAYS = 1096.0  # of a series, up to its last row; what is older is another use's, or a clock's that began anew
APART_DAYS = 20_000.0  # keeps the time axes of series apart on one long axis
WILD_POINTS = 10.0
ODD_POINTS, ODD_TIMES, ODD_AFTER_LEVELS = 20.0, 3.0, 3  # of a last reading, beside all falls before
RISE_POINTS = 8.0  # more than gauges of whole percents flutter
RISE_STEPS = 1.5
RISE_AT_THE_END_POINTS = 30.0  # not confirmed by a second reading yet
LARGEST_STEP = 50.0
ALMOST_EMPTY = 15.0  # a gauge that never tells more only marks the end
BACK_DAYS = 1.0  # so long without the mark again: another cartridge
USUAL_STEP = 1.0
COUNTER_JUMP_PAGES = 200_000.0  # between two readings: a wrong number, no printing


@dataclass(frozen=True, slots=True)
class Histories:
    """Readings of many supplies in any order.

    `series` 0..count-1; `at` days since 1970 (UTC); `percent` NaN where not measured; `step` of the gauge in points,
    NaN where not known; `pages` the life count, NaN where not known; `serial` a number for each cartridge's serial,
    -1 where not told.
    """

    count: int
    series: Integers
    at: Floats
    percent: Floats
    step: Floats
    pages: Floats
    serial: Integers


@dataclass(frozen=True, slots=True)
class Cleaned:
    """In the order of series and time. `pages` and `used` (percent points) only grow and are never NaN; `cartridge`
    counts over all series; `start` and `end` (exclusive) are a series' rows. Every series has a row."""

    series: Integers
    at: Floats
    percent: Floats
    pages: Floats
    used: Floats
    cartridge: Integers
    start: Integers
    end: Integers
    step: Floats  # a series
    has_pages: Booleans  # a series
    is_new: Booleans  # a row: the first of a cartridge that was seen to come
    only_marks: Booleans  # a series: nothing is measured but that it is almost empty


def clean(histories: Histories) -> Cleaned:
    """Every series 0..count-1 must have a row."""
    order = np.lexsort((histories.at, histories.series))
    last = _last_of_its_moment(histories.series[order], histories.at[order])
    order = order[last]
    order = order[_is_of_our_time(histories.series[order], histories.at[order])]
    series, at = histories.series[order], histories.at[order]
    percent = histories.percent[order]
    percent = np.where((percent >= 0) & (percent <= 100), percent, np.nan)
    start = np.searchsorted(series, np.arange(histories.count))
    end = np.searchsorted(series, np.arange(histories.count), side="right")
    assert np.all(at[end - 1] - at[start] < APART_DAYS)
    told = np.fmax.reduceat(np.nan_to_num(histories.step[order], nan=-1.0), start)
    percent = _without_odd_end(series, _without_wild(series, percent), histories.serial[order], told)
    step = np.where((told > 0) & (told <= LARGEST_STEP), told, _guessed_step(series, percent, histories.count))
    serial = histories.serial[order]
    only_marks = _only_marks(percent, start)
    is_new = _new_serial(series, serial) | _risen(series, percent, step)
    is_new |= only_marks[series] & _mark_gone(series, at, percent, serial)
    cartridge = np.cumsum(is_new | _first(series)) - 1
    pages, has_pages = _pages(series, histories.pages[order], start)
    used = _used(series, cartridge, percent, start)
    return Cleaned(series, at, percent, pages, used, cartridge, start, end, step, has_pages, is_new, only_marks)


def _only_marks(percent: Floats, start: Integers) -> Booleans:
    """Which series say "some remaining" nearly always, and a number only when it is almost empty."""
    unmeasured = np.isnan(percent)
    most = np.maximum.reduceat(np.where(unmeasured, -1.0, percent), start)
    without = np.add.reduceat(unmeasured.astype(np.int64), start)
    rows = np.diff(np.append(start, len(percent)))
    return np.asarray((most >= 0) & (most <= ALMOST_EMPTY) & (2 * without >= rows))


def _mark_gone(series: Integers, at: Floats, percent: Floats, serial: Integers) -> Booleans:
    """The first reading after "almost empty" that measures nothing, where it stays so and the serial is no other's."""
    unmeasured = np.isnan(percent)
    edge = np.concatenate([[True], (series[1:] != series[:-1]) | (unmeasured[1:] != unmeasured[:-1])])
    begins = np.flatnonzero(edge)
    ends = np.append(begins[1:], len(series)) - 1
    before = np.maximum(begins - 1, 0)
    after_mark = unmeasured[begins] & ~unmeasured[before] & (series[before] == series[begins])
    stays = at[ends] - at[begins] >= BACK_DAYS
    same = (serial[begins] >= 0) & (serial[begins] == serial[before])
    is_new = np.zeros(len(series), dtype=bool)
    is_new[begins[after_mark & stays & ~same]] = True
    return is_new


def _last_of_its_moment(series: Integers, at: Floats) -> Booleans:
    same = (series[1:] == series[:-1]) & (at[1:] == at[:-1])
    return np.append(~same, True)[: len(series)]


def _is_of_our_time(series: Integers, at: Floats) -> Booleans:
    """Which rows, in order, are not years before the last one of their series."""
    end = np.searchsorted(series, series, side="right")
    return np.asarray(at[end - 1] - at <= TOLD_DAYS)


def _first(series: Integers) -> Booleans:
    return np.concatenate([[True], series[1:] != series[:-1]])[: len(series)]


def _without_wild(series: Integers, percent: Floats) -> Floats:
    """One reading far from both neighbours, which agree with each other, was never true."""
    rows = np.flatnonzero(~np.isnan(percent))
    if len(rows) < 3:
        return percent
    before, here, after = percent[rows[:-2]], percent[rows[1:-1]], percent[rows[2:]]
    together = (series[rows[:-2]] == series[rows[1:-1]]) & (series[rows[2:]] == series[rows[1:-1]])
    middle = np.maximum(np.minimum(before, after), np.minimum(here, np.maximum(before, after)))
    wild = together & (np.abs(here - middle) > WILD_POINTS) & (np.abs(before - after) <= WILD_POINTS)
    cleaned = percent.copy()
    cleaned[rows[1:-1][wild]] = np.nan
    return cleaned


def _without_odd_end(series: Integers, percent: Floats, serial: Integers, told: Floats) -> Floats:
    """A last reading that fell far more than any before, or rose while plenty was left, waits for a second one.

    As `alerts.rules.has_to_be_confirmed` has it. Another serial that is told with it confirms it.
    """
    rows = np.flatnonzero(~np.isnan(percent))
    if len(rows) <= ODD_AFTER_LEVELS:
        return percent
    of, before = series[rows[1:]], percent[rows[:-1]]
    fell = np.where(series[rows[:-1]] == of, before - percent[rows[1:]], 0.0)
    is_last = np.append(of[1:] != of[:-1], True)
    deepest = np.ones(len(told))
    np.maximum.at(deepest, of, np.where(is_last, 0.0, fell))
    apart = np.maximum(ODD_POINTS, RISE_STEPS * told)[of]
    is_odd = (fell >= np.maximum(apart, ODD_TIMES * deepest[of])) | ((-fell >= apart) & (before > ALMOST_EMPTY))
    many = np.bincount(series[rows], minlength=len(told))[of] > ODD_AFTER_LEVELS
    known, now = serial[rows[:-1]], serial[rows[1:]]
    other = (known >= 0) & (now >= 0) & (known != now)
    cleaned = percent.copy()
    cleaned[rows[1:][is_last & many & is_odd & ~other]] = np.nan
    return cleaned


def _guessed_step(series: Integers, percent: Floats, count: int) -> Floats:
    """The smallest change that a gauge ever showed."""
    rows = np.flatnonzero(~np.isnan(percent))
    guessed = np.full(count, np.inf)
    if len(rows) > 1:
        change = np.abs(np.diff(percent[rows]))
        use = (series[rows[1:]] == series[rows[:-1]]) & (change > 0)
        np.minimum.at(guessed, series[rows[1:]][use], change[use])
    return np.where(guessed <= LARGEST_STEP, np.maximum(guessed, 0.1), USUAL_STEP)


def _new_serial(series: Integers, serial: Integers) -> Booleans:
    """Where another serial is told than the one that was told last."""
    is_new = np.zeros(len(series), dtype=bool)
    rows = np.flatnonzero(serial >= 0)
    is_new[rows[1:]] = (series[rows[1:]] == series[rows[:-1]]) & (serial[rows[1:]] != serial[rows[:-1]])
    return is_new


def _risen(series: Integers, percent: Floats, step: Floats) -> Booleans:
    """Where a level rose and stayed up, or rose by so much that nobody would wait for the next reading."""
    is_new = np.zeros(len(series), dtype=bool)
    rows = np.flatnonzero(~np.isnan(percent))
    if len(rows) < 2:
        return is_new
    of, level = series[rows], percent[rows]
    rise = np.concatenate([[0.0], np.where(of[1:] == of[:-1], np.diff(level), 0.0)])
    least = np.maximum(RISE_POINTS, RISE_STEPS * step[of])
    follows = np.append(of[1:] == of[:-1], False)
    stays = follows & (np.append(level[1:], 0.0) >= level - rise + least)
    is_new[rows] = (rise >= least) & (stays | (~follows & (rise >= RISE_AT_THE_END_POINTS)))
    return is_new


def _pages(series: Integers, pages: Floats, start: Integers) -> tuple[Floats, Booleans]:
    """Pages since the first row, over all epochs of the counter; and whether a series counts any."""
    rows = np.flatnonzero(~np.isnan(pages))
    total = np.zeros(len(series))
    if len(rows) > 1:
        more = np.diff(pages[rows])
        more = np.where((series[rows[1:]] == series[rows[:-1]]) & (more > 0) & (more < COUNTER_JUMP_PAGES), more, 0.0)
        total[rows[1:]] = more
    total = np.cumsum(total)
    total = total - total[start][series]
    known = np.add.reduceat((~np.isnan(pages)).astype(np.int64), start)
    most = np.maximum.reduceat(total, start)
    rows_in_all = np.diff(np.append(start, len(series)))
    return total, (most > 0) & (known * 2 >= rows_in_all)


def _used(series: Integers, cartridge: Integers, percent: Floats, start: Integers) -> Floats:
    """Points that the gauge fell since the first row; what a new cartridge lacks to 100 counts as used."""
    rows = np.flatnonzero(~np.isnan(percent))
    total = np.zeros(len(series))
    if len(rows) > 1:
        fell = -np.diff(percent[rows])
        same = cartridge[rows[1:]] == cartridge[rows[:-1]]
        came = (series[rows[1:]] == series[rows[:-1]]) & ~same & (percent[rows[1:]] >= 60)
        total[rows[1:]] = np.where(same, fell, np.where(came, 100.0 - percent[rows[1:]], 0.0))
    total = np.cumsum(total)
    return total - total[start][series]
