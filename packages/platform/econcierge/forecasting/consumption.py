"""How much was used and when: by pages, by a fine gauge, between changes of a coarse one, or cartridge by cartridge."""

from __future__ import annotations

import numpy as np

from econcierge.forecasting import gauges
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.histories import APART_DAYS, Booleans, Cleaned, Floats, Integers
from econcierge.forecasting.present import Present

WEEKS = 80
LIFE_WITHOUT_LEVELS = 97.0  # points that a cartridge gave when nobody measured it
HALF_A_LIFE, HALF_A_LIFE_SPREAD = 50.0, 29.0  # of one that sat there before
FLEET_POINTS = 30.0
LIFE_SPREAD = 12.0


def points_a_page(c: Cleaned, now: Present, experience: Experience) -> tuple[Floats, Floats, Booleans]:
    """Logarithm of points a page: own cartridges, leaning on the fleet's; its deviation; whether any of it is own."""
    n = len(c.start)
    points, pages, error2 = _own_yields(c, now)
    is_seen = c.has_pages & (points > 0) & (pages > 0)
    own = np.log(np.maximum(points, 1e-9) / np.maximum(pages, 1e-9))
    cartridges = np.maximum(points / 100, 0.05)
    variance = error2 / np.maximum(points, 1e-9) ** 2 + 0.01 / cartridges
    prior = experience.log_kappa_spread**2
    share = np.where(is_seen, prior / (prior + variance), 0.0)
    log_kappa = share * np.where(is_seen, own, 0.0) + (1 - share) * experience.log_kappa
    spread = np.where(is_seen, np.sqrt(1 / (1 / prior + 1 / np.maximum(variance, 1e-6))), experience.log_kappa_spread)
    assert len(log_kappa) == n
    return log_kappa, spread, is_seen


def _own_yields(c: Cleaned, now: Present) -> tuple[Floats, Floats, Floats]:
    """Points used and pages printed over all cartridges that tell both, and the squared error of the points."""
    n = len(c.start)
    rows = np.flatnonzero(now.measured)
    firsts, lasts = _edges(c.cartridge[rows])
    a, b = rows[firsts], rows[lasts]
    fell = np.maximum(c.percent[a] - c.percent[b], 0.0)
    printed = c.pages[b] - c.pages[a]
    step = c.step[c.series[a]]
    use = (fell > 0) & (printed > 0) & (fell >= 0.5 * step)
    of = c.series[a]
    points = np.bincount(of[use], weights=fell[use], minlength=n)
    pages = np.bincount(of[use], weights=printed[use], minlength=n)
    error2 = np.bincount(of[use], weights=(step[use] ** 2) / 4 + 1.0, minlength=n)
    whole_points, whole_pages, whole_error2 = _unmeasured_lives(c, now)
    return points + whole_points, pages + whole_pages, error2 + whole_error2


def _unmeasured_lives(c: Cleaned, now: Present) -> tuple[Floats, Floats, Floats]:
    """Points, pages and squared error of cartridges that came and went without a level: each gave nearly all it had;
    where none is whole, the one that sat there before gave anything."""
    n = len(c.start)
    starts = np.flatnonzero(c.is_new)
    if not len(starts):
        return np.zeros(n), np.zeros(n), np.zeros(n)
    a, b = starts[:-1], starts[1:]
    whole = (c.series[a] == c.series[b]) & ~now.ever_measured[c.series[a]]
    of = c.series[a][whole]
    lives = np.bincount(of, minlength=n).astype(np.float64)
    printed = np.bincount(of, weights=(c.pages[b] - c.pages[a])[whole], minlength=n).astype(np.float64)
    first = np.zeros(n)
    first[c.series[starts][::-1]] = c.pages[starts[::-1]]
    partly = (lives == 0) & (first > 0) & ~now.ever_measured
    return (
        np.where(partly, HALF_A_LIFE, lives * LIFE_WITHOUT_LEVELS),
        np.where(partly, first, printed),
        np.where(partly, HALF_A_LIFE_SPREAD**2, lives * LIFE_SPREAD**2),
    )


def _edges(group: Integers) -> tuple[Integers, Integers]:
    """First and last positions of runs of equal values."""
    if not len(group):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    change = np.flatnonzero(group[1:] != group[:-1])
    return np.append(0, change + 1), np.append(change, len(group) - 1)


def measure(c: Cleaned, now: Present, kappa: Floats, experience: Experience) -> Floats:
    """Points used since the first row, at every row: by pages, by a fine gauge, between the changes of a coarse one, or
    from cartridge to cartridge where nothing is measured."""
    by_pages = c.pages * kappa[c.series]
    fine = np.where(c.step[c.series] <= gauges.FINE_STEP, c.used, _between_changes(c, now))
    levels = np.where(now.ever_measured[c.series], fine, _by_lives(c, experience))
    return np.where(c.has_pages[c.series], by_pages, levels)


def _between_changes(c: Cleaned, now: Present) -> Floats:
    """A coarse gauge's use as a line through the middle of each change; after the last it goes on for half a step."""
    rows = np.flatnonzero(now.measured)
    if len(rows) < 2:
        return c.used
    change = np.flatnonzero((c.series[rows[1:]] == c.series[rows[:-1]]) & (c.used[rows[1:]] > c.used[rows[:-1]] + 0.1))
    a, b = rows[change], rows[change + 1]
    series = c.series[b]
    at = (c.at[a] + c.at[b]) / 2
    value = c.used[b]
    every = np.arange(len(c.start))
    top = np.maximum.reduceat(c.used, c.start)
    changed_at = np.full(len(c.start), np.nan)
    changed_at[series] = at  # the last one of each series stays
    span = changed_at - c.at[c.start]
    pace = np.where(span > 1, np.maximum(top, 1e-9) / np.maximum(span, 1.0), 0.0)
    tail = np.minimum(np.nan_to_num(c.at[c.end - 1] - changed_at) * pace, 0.5 * c.step)
    of = np.concatenate([every, series, every])
    when = np.concatenate([c.at[c.start] - 1e-6, at, c.at[c.end - 1] + 1e-6])
    what = np.concatenate([np.zeros(len(every)), value, top + tail])
    order = np.lexsort((when, of))
    origin = c.at[c.start]
    knots = (when - origin[of] + of * APART_DAYS)[order]
    return np.interp(
        c.at - origin[c.series] + c.series * APART_DAYS,
        knots,
        np.maximum.accumulate(what[order] + of[order] * 1e6) - of[order] * 1e6,
    )[: len(c.at)]


def _by_lives(c: Cleaned, experience: Experience) -> Floats:
    """A whole cartridge between two that were seen to come, evenly used; before and after as fast as they went."""
    n = len(c.start)
    starts = np.flatnonzero(c.is_new)
    of = c.series[starts]
    seen = np.bincount(of, minlength=n)
    opened, now = c.at[c.start], c.at[c.end - 1]
    first, last = opened.copy(), opened.copy()
    first[of[::-1]], last[of] = c.at[starts[::-1]], c.at[starts]
    a_day = _pace_of_lives(seen, first - opened, last - first, now - last, experience)
    head = np.where(seen > 0, np.minimum((first - opened) * a_day, LIFE_WITHOUT_LEVELS), 0.0)
    tail = np.minimum((now - last) * a_day, LIFE_WITHOUT_LEVELS)
    nth = np.arange(len(starts)) - np.searchsorted(of, of)
    top = head + np.maximum(seen - 1, 0) * LIFE_WITHOUT_LEVELS + tail
    every = np.arange(n)
    owner = np.concatenate([every, of, every])
    when = np.concatenate([opened - 1e-6, c.at[starts], now + 1e-6])
    what = np.concatenate([np.zeros(n), head[of] + nth * LIFE_WITHOUT_LEVELS, top])
    order = np.lexsort((when, owner))
    knots = (when - opened[owner] + owner * APART_DAYS)[order]
    where = c.at - opened[c.series] + c.series * APART_DAYS
    return np.asarray(np.interp(where, knots, (what + owner * 1e6)[order]) - c.series * 1e6)


def _pace_of_lives(seen: Integers, head: Floats, whole: Floats, tail: Floats, experience: Experience) -> Floats:
    """Points a day from days before the first cartridge that was seen to come, between such, and since the last one.

    The first sat there before: half of one; the fleet's pace counts for a third; the present one is not empty yet.
    """
    fleet = np.exp(experience.log_pace) / 7.0
    used = np.where(seen > 1, (seen - 1) * LIFE_WITHOUT_LEVELS, np.where(seen == 1, HALF_A_LIFE, 0.0))
    days = np.where(seen > 1, whole, np.where(seen == 1, head, 0.0))
    pace = (used + FLEET_POINTS) / (days + FLEET_POINTS / fleet)
    most = np.where(seen > 0, LIFE_WITHOUT_LEVELS, HALF_A_LIFE)
    return np.asarray(np.minimum(pace, most / np.maximum(tail, 0.1)))


def weekly(c: Cleaned, measure: Floats) -> tuple[Floats, Floats]:
    """Points used in each of the last weeks, the latest first, and how much of each week was watched."""
    n = len(c.start)
    last = c.at[c.end - 1]
    first = np.minimum(c.at[c.start], last)
    edges = last[:, None] - 7.0 * np.arange(WEEKS + 1)
    inside = np.clip(edges, first[:, None], None)
    axis = c.at - last[c.series] + c.series * APART_DAYS
    query = inside - last[:, None] + np.arange(n)[:, None] * APART_DAYS
    total = np.interp(query.ravel()[::-1], axis, measure)[::-1].reshape(n, WEEKS + 1)
    use = np.maximum(total[:, :-1] - total[:, 1:], 0.0)
    seen = (inside[:, :-1] - inside[:, 1:]) / 7.0
    return use, seen


def interpolated(reached: Floats, wanted: Floats) -> Floats:
    """For each row, where in its own growing sums (rows, places) values (rows, marks) are reached."""
    before = (reached[:, None, :] <= wanted[:, :, None]).sum(axis=2) - 1
    before = np.clip(before, 0, reached.shape[1] - 2)
    low = np.take_along_axis(reached, before, axis=1)
    high = np.take_along_axis(reached, before + 1, axis=1)
    return np.asarray(before + (wanted - low) / np.maximum(high - low, 1e-9))
