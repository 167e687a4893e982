"""What gauges tell: how they round, how noisy they are, and what is left now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from econcierge.forecasting import normal
from econcierge.forecasting.experience import Experience, step_class
from econcierge.forecasting.histories import Booleans, Cleaned, Floats
from econcierge.forecasting.present import Present

ROUNDINGS = np.array([0.0, 0.5, 1.0])  # up, to the nearest, down: how far above the shown value a band reaches
AVERAGED = 6  # readings that tell the level of a fine gauge
FINE_STEP = 2.5
KAPPA_ROUGHNESS = 0.15  # toner a page from month to month, of the logarithm
MARK_REACH = 1.3  # where "almost empty" begins is not where its number says
SURE = 0.9
LONG_PAST_POINTS = 135.0  # used since a cartridge came: another must have come unseen


def noise(c: Cleaned, now: Present) -> Floats:
    """Deviation of a fine gauge around the truth, from how often and far it rises within a cartridge."""
    rows = np.flatnonzero(now.measured)
    if len(rows) < 2:
        return np.zeros(len(c.start))
    change = np.diff(c.percent[rows])
    same = c.cartridge[rows[1:]] == c.cartridge[rows[:-1]]
    of = c.series[rows[1:]]
    rises = np.bincount(of[same], weights=np.maximum(change[same], 0) ** 2, minlength=len(c.start))
    count = np.bincount(of[same], minlength=len(c.start))
    return np.minimum(np.sqrt(rises / np.maximum(count, 5)), 5.0)


@dataclass(frozen=True, slots=True)
class Bands:
    """Mean length of the first band of cartridges that were seen to come, and of bands between two changes."""

    first: Floats
    inner: Floats
    firsts: Floats
    uneven: Floats  # squared variation of the bands' lengths
    count: Floats  # bands that this rests on


def bands(c: Cleaned, now: Present) -> Bands:
    """In pages where a series counts them, in days else; of one step each."""
    n = len(c.start)
    rows = np.flatnonzero(now.measured)
    changed = np.ones(len(rows), dtype=bool)
    changed[1:] = (c.percent[rows[1:]] != c.percent[rows[:-1]]) | (c.cartridge[rows[1:]] != c.cartridge[rows[:-1]])
    starts = rows[changed]
    if len(starts) < 2:
        return Bands(*(np.zeros(n) for _ in range(5)))
    axis = np.where(c.has_pages[c.series], c.pages, c.at)
    length = axis[starts[1:]] - axis[starts[:-1]]
    a, b = starts[:-1], starts[1:]
    same = c.cartridge[a] == c.cartridge[b]
    steps = np.maximum((c.percent[a] - c.percent[b]) / c.step[c.series[a]], 0)
    whole = same & (steps > 0.5)
    is_first = whole & c.is_new[a] & (c.percent[a] >= 100 - 1e-6)
    came_in = np.append([False], same)[:-1] if len(same) else same
    is_inner = whole & came_in & (c.percent[a] < 100 - 1e-6)
    of = c.series[a]
    count = np.bincount(of[is_first], minlength=n)
    first = np.bincount(of[is_first], weights=length[is_first], minlength=n) / np.maximum(count, 1)
    inner = np.bincount(of[is_inner], weights=length[is_inner], minlength=n)
    inner_steps = np.bincount(of[is_inner], weights=steps[is_inner], minlength=n)
    mean = inner / np.maximum(inner_steps, 1e-9)
    is_known = (count > 0) & (inner_steps >= 1)
    off = np.where(is_inner, length / np.maximum(steps, 1) / np.maximum(mean[of], 1e-9) - 1, 0.0)
    off2 = np.bincount(of, weights=np.minimum(off**2, 9.0) * steps, minlength=n)
    inners = np.bincount(of, weights=is_inner.astype(np.float64), minlength=n).astype(np.float64)
    uneven = np.asarray(off2 / np.maximum(inners - 1, 1), dtype=np.float64)
    return Bands(
        np.where(is_known, first, np.nan), np.where(is_known, mean, np.nan), count.astype(float), uneven, inners
    )


def rounding(c: Cleaned, bands: Bands, experience: Experience) -> tuple[Floats, Floats]:
    """How far above what a coarse gauge shows its band begins, in steps: 1 it rounds down, 0 up, 0.5 to the nearest.

    A gauge that rounds up shows 100 as long as any other value; one that rounds down leaves 100 at once.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(bands.inner > 0, bands.first / bands.inner, np.nan)
    own = np.clip(1 - share, -0.5, 1.5)
    variance = 0.01 + np.where(c.has_pages, 0.12, 0.3) / np.maximum(bands.firsts, 0.1)
    prior = np.array(experience.roundings)[step_class(c.step)]
    evidence = -0.5 * (own[:, None] - ROUNDINGS) ** 2 / variance[:, None]
    weight = prior * np.exp(np.nan_to_num(evidence))
    weight /= weight.sum(axis=1, keepdims=True)
    return weight, np.where(np.isnan(own)[:, None], np.nan, weight)


def shown_empty(c: Cleaned, now: Present, roundings: Floats) -> Booleans:
    """A gauge that shows 0, and still does: a fine one, one that marks its end, or one that surely rounds up."""
    rounds_up = roundings[:, 0] > SURE
    return (c.percent[now.last] <= 0) & (rounds_up | (c.step <= FINE_STEP) | c.only_marks)


def left(
    c: Cleaned, now: Present, measure: Floats, pace: Floats, cv2: Floats, rounding: Floats, doubt: Floats, noise: Floats
) -> tuple[Floats, Floats]:
    """Points left at the last reading and the deviation of that."""
    coarse = _left_coarse(c, now, measure, pace, cv2, rounding, doubt)
    fine = _left_fine(c, now, measure, rounding, noise)
    blind = _left_marked(c, now, measure, pace, _left_blind(c, now, measure, pace, cv2))
    has_level = now.last_measured >= 0
    is_fine = c.step <= FINE_STEP
    left = np.where(has_level, np.where(is_fine, fine[0], coarse[0]), blind[0])
    spread = np.where(has_level, np.where(is_fine, fine[1], coarse[1]), blind[1])
    return np.clip(left, 0.05, 100.0), np.maximum(spread, 0.05)


def _since(c: Cleaned, now: Present, measure: Floats, at: Floats, value: Floats, pace: Floats) -> Floats:
    """Points used since a moment: by pages, or by the pace."""
    by_pages = measure[now.last] - value
    by_pace = (c.at[now.last] - at) / 7.0 * pace
    return np.maximum(np.where(c.has_pages, by_pages, by_pace), 0.0)


def _left_fine(c: Cleaned, now: Present, measure: Floats, rounding: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """The last readings, each carried forward by what was used since, weighed by how far it had to be carried."""
    n = len(c.start)
    total, weights = np.zeros(n), np.zeros(n)
    error2 = noise**2 + c.step**2 / 12
    for back in range(AVERAGED):
        row = np.maximum(now.last_measured - back, 0)
        usable = (now.last_measured - back >= now.first) & ~np.isnan(c.percent[row])
        since = measure[now.last] - measure[row]
        weight = np.where(usable, 1 / (error2 + (0.3 * since) ** 2), 0.0)
        shown = np.where(usable, c.percent[row], 0.0) + (rounding - 0.5) * c.step
        total += weight * (shown - since)
        weights += weight
    spread = np.sqrt(1 / np.maximum(weights, 1e-9) + c.step**2 / 24)
    left, spread = normal.between(total / np.maximum(weights, 1e-9), spread, np.zeros(n), np.full(n, 100.0))
    return left, spread


def _left_coarse(
    c: Cleaned, now: Present, measure: Floats, pace: Floats, cv2: Floats, rounding: Floats, doubt: Floats
) -> tuple[Floats, Floats]:
    """From the upper end of the shown band, at the moment it was entered, less what was used since; within the band."""
    n = len(c.start)
    shown = np.where(now.last_measured >= 0, c.percent[now.last_measured], 50.0)
    rows = np.arange(len(c.series))
    is_higher = now.measured & now.rows_of_now & (c.percent > (shown + 0.3 * c.step)[c.series])
    higher = np.maximum.reduceat(np.where(is_higher, rows, -1), c.start)
    entered = higher >= 0
    after = np.minimum(higher + 1, now.last)
    before = np.maximum(higher, now.first)
    at = np.where(entered, (c.at[before] + c.at[after]) / 2, c.at[now.first])
    value = np.where(entered, (measure[before] + measure[after]) / 2, measure[now.first])
    is_full = ~entered & now.start_seen & (shown >= 100 - 1e-6)
    top = np.minimum(np.where(is_full, 100.0, shown + rounding * c.step), 100.0)
    bottom = np.maximum(shown - (1 - rounding) * c.step, 0.0)
    since = _since(c, now, measure, at, value, pace)
    weeks = np.maximum((c.at[now.last] - at) / 7.0, 0.05)
    rough = np.where(c.has_pages, KAPPA_ROUGHNESS * since, since * np.sqrt(cv2 / weeks + 0.04))
    gap = np.where(entered, (c.at[after] - c.at[before]) / 7.0 * pace / 2, 0.0)
    spread = np.sqrt(rough**2 + gap**2 + (doubt * c.step) ** 2)
    start_known = entered | is_full
    mean = np.where(start_known, top - since, (top + bottom) / 2 - since / 2)
    spread = np.where(start_known, spread, (top - bottom) / 3)
    bottom = np.maximum(bottom - doubt * c.step, 0.0)
    high = np.maximum(np.minimum(top + doubt * c.step, 100.0), bottom + 0.1)
    left, spread = normal.between(mean, spread, bottom, high)
    assert len(left) == n
    return left, spread


def _left_blind(c: Cleaned, now: Present, measure: Floats, pace: Floats, cv2: Floats) -> tuple[Floats, Floats]:
    """Without a level: from when the cartridge came; anything at all where that was not seen, or is too long ago."""
    n = len(c.start)
    since = _since(c, now, measure, c.at[now.first], measure[now.first], pace)
    weeks = np.maximum((c.at[now.last] - c.at[now.first]) / 7.0, 0.05)
    rough = np.where(c.has_pages, 0.12 * since, since * np.sqrt(cv2 / weeks + 0.04))
    is_missed = c.only_marks & (since > LONG_PAST_POINTS)
    mean = np.where(now.start_seen, 98.0 - since, 50.0 - since / 2)
    spread = np.where(now.start_seen, np.sqrt(rough**2 + 36.0), 29.0)
    mean, spread = np.where(is_missed, 50.0, mean), np.where(is_missed, 29.0, spread)
    return normal.between(mean, spread, np.zeros(n), np.full(n, 100.0))


def _left_marked(
    c: Cleaned, now: Present, measure: Floats, pace: Floats, without: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Almost empty, as the gauge says, less what was used since it first did; when it stopped saying so: anything."""
    n = len(c.start)
    row = np.maximum(now.first_mark, 0)
    shown = np.where(now.first_mark >= 0, c.percent[row], 0.0)
    mark = np.maximum(np.where(now.tells_now, np.fmin(shown, c.percent[now.last]), shown), 1.0)
    since = _since(c, now, measure, c.at[row], measure[row], pace)
    near = normal.between(MARK_REACH * mark - since, 0.7 * mark, np.zeros(n), 3.0 * mark)
    left = np.where(now.tells_now, near[0], 50.0)
    spread = np.where(now.tells_now, near[1], 29.0)
    is_marked = now.first_mark >= 0
    return np.where(is_marked, left, without[0]), np.where(is_marked, spread, without[1])
