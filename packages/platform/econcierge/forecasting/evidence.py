"""What each history says: the level now, how fast it falls, how evenly, in which season; the second step of a forecast.

Everything is in percent points of a cartridge and weeks before the last reading. Where a history says little, what the
fleet does (`Experience`) stands in its place, by weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from econcierge.forecasting import normal, seasons
from econcierge.forecasting.histories import Booleans, Cleaned, Floats, Integers

WEEKS = 80
LIFE_WITHOUT_LEVELS = 97.0  # points that a cartridge gave when nobody measured it
FINE_STEP = 2.5
AVERAGED = 6  # readings that tell the level of a fine gauge
ROUNDINGS = np.array([0.0, 0.5, 1.0])  # up, to the nearest, down: how far above the shown value a band reaches
KAPPA_ROUGHNESS = 0.15  # toner a page from month to month, of the logarithm
_APART_DAYS = 20_000.0  # keeps the time axes of series apart on one long axis


@dataclass(frozen=True, slots=True)
class Experience:
    """What a fleet does: logarithms of toner a page and of points a week (mean, deviation), unevenness of a week,
    how its gauges round (shares of up, nearest, down; a row for each class of steps), its seasons; and, by how even use
    is (`EVENNESS`), what its past says of our ranges: factors below and above the middle."""

    log_kappa: float = -3.6
    log_kappa_spread: float = 0.9
    log_pace: float = 1.9
    log_pace_spread: float = 0.8
    unevenness: float = 0.35
    roundings: tuple[tuple[float, float, float], ...] = ((1 / 3, 1 / 3, 1 / 3),) * 4
    seasons: tuple[float, ...] = tuple(seasons.PRIOR)
    ranges: tuple[tuple[float, float], ...] = ((1.0, 1.0),) * 3


def experience_from_json(figures: Mapping[str, Any]) -> Experience:
    """As it was stored; figures that an earlier version did not know are the built-in ones."""
    known = {one.name for one in fields(Experience)}
    return Experience(**{name: _tuples(value) for name, value in figures.items() if name in known})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


STEP_CLASSES = (2.5, 7.0, 15.0)
EVENNESS = (0.15, 0.5)


def step_class(step: Floats) -> Integers:
    return np.searchsorted(np.array(STEP_CLASSES), step)


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


@dataclass(frozen=True, slots=True)
class _Now:
    """Where the present cartridge stands in the rows: its first row, and whether it was seen to come."""

    last: Integers  # a series: its last row
    first: Integers  # a series: first row of its present cartridge
    start_seen: Booleans
    rows_of_now: Booleans  # a row
    measured: Booleans  # a row
    last_measured: Integers  # a series; -1 without
    ever_measured: Booleans


def gather(cleaned: Cleaned, experience: Experience) -> Evidence:
    now = _now(cleaned)
    noise = _noise(cleaned, now)
    bands = _bands(cleaned, now)
    roundings, rounding_seen = _rounding(cleaned, bands, experience)
    rounding = roundings @ ROUNDINGS
    rounding_spread = np.sqrt(np.maximum(roundings @ ROUNDINGS**2 - rounding**2, 0.0)) + 0.04
    log_kappa, kappa_spread, kappa_seen = _kappa(cleaned, now, experience)
    measure = _measure(cleaned, now, np.exp(log_kappa))
    use, seen = _weekly(cleaned, measure)
    of_year = seasons.day_of_year(cleaned.at[now.last])
    season, busy = _season(use, seen, of_year, experience)
    paces, drift = _paces(use, seen * busy, experience)
    cv2, weight, wander = _unevenness(cleaned, now, bands, use, seen, busy, paces[:, -1], experience)
    pace = paces[:, 1]
    left, spread = _left(cleaned, now, measure, pace, cv2, rounding, rounding_spread, noise)
    is_shown_empty = _shown_empty(cleaned, now, rounding)
    return Evidence(
        left=left, left_spread=spread, paces=paces, cv2=cv2, cv2_weight=weight, weeks=seen.sum(axis=1),
        points=use.sum(axis=1), season=season, of_year=of_year, step=cleaned.step, is_measured=now.ever_measured,
        has_pages=cleaned.has_pages, start_seen=now.start_seen, kappa_spread=kappa_spread, log_kappa=log_kappa,
        kappa_seen=kappa_seen, rounding=rounding, rounding_seen=rounding_seen, noise=noise, wander=wander,
        idle_weeks=_idle(use, seen), idle_share=_idle_share(use, seen), drift=drift, is_empty=is_shown_empty,
    )  # fmt: skip


def _now(c: Cleaned) -> _Now:
    last = c.end - 1
    present = c.cartridge[last]
    first = np.searchsorted(c.cartridge, present)
    rows_of_now = c.cartridge == present[c.series]
    measured = ~np.isnan(c.percent)
    rows = np.arange(len(c.series))
    last_measured = np.maximum.reduceat(np.where(measured & rows_of_now, rows, -1), c.start)
    ever = np.maximum.reduceat(measured.astype(np.int64), c.start) > 0
    return _Now(last, first, c.is_new[first], rows_of_now, measured, last_measured, ever)


def _noise(c: Cleaned, now: _Now) -> Floats:
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


def _rounding(c: Cleaned, bands: _Bands, experience: Experience) -> tuple[Floats, Floats]:
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


@dataclass(frozen=True, slots=True)
class _Bands:
    """Mean length of the first band of cartridges that were seen to come, and of bands between two changes."""

    first: Floats
    inner: Floats
    firsts: Floats
    uneven: Floats  # squared variation of the bands' lengths
    count: Floats  # bands that this rests on


def _bands(c: Cleaned, now: _Now) -> _Bands:
    """In pages where a series counts them, in days else; of one step each."""
    n = len(c.start)
    rows = np.flatnonzero(now.measured)
    changed = np.ones(len(rows), dtype=bool)
    changed[1:] = (c.percent[rows[1:]] != c.percent[rows[:-1]]) | (c.cartridge[rows[1:]] != c.cartridge[rows[:-1]])
    starts = rows[changed]
    if len(starts) < 2:
        return _Bands(*(np.zeros(n) for _ in range(5)))
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
    return _Bands(
        np.where(is_known, first, np.nan), np.where(is_known, mean, np.nan), count.astype(float), uneven, inners
    )


def _kappa(c: Cleaned, now: _Now, experience: Experience) -> tuple[Floats, Floats, Booleans]:
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


def _own_yields(c: Cleaned, now: _Now) -> tuple[Floats, Floats, Floats]:
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
    whole_points, whole_pages, lives = _unmeasured_lives(c, now)
    return points + whole_points, pages + whole_pages, error2 + lives * 12.0**2


def _unmeasured_lives(c: Cleaned, now: _Now) -> tuple[Floats, Floats, Floats]:
    """Cartridges that came and went without a level: each gave nearly all it had."""
    n = len(c.start)
    starts = np.flatnonzero(c.is_new)
    if len(starts) < 2:
        return np.zeros(n), np.zeros(n), np.zeros(n)
    a, b = starts[:-1], starts[1:]
    whole = (c.series[a] == c.series[b]) & ~now.ever_measured[c.series[a]]
    of = c.series[a][whole]
    lives = np.bincount(of, minlength=n).astype(np.float64)
    printed = np.bincount(of, weights=(c.pages[b] - c.pages[a])[whole], minlength=n).astype(np.float64)
    return lives * LIFE_WITHOUT_LEVELS, printed, lives


def _edges(group: Integers) -> tuple[Integers, Integers]:
    """First and last positions of runs of equal values."""
    if not len(group):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    change = np.flatnonzero(group[1:] != group[:-1])
    return np.append(0, change + 1), np.append(change, len(group) - 1)


def _measure(c: Cleaned, now: _Now, kappa: Floats) -> Floats:
    """Points used since the first row, at every row: by pages, by a fine gauge, between the changes of a coarse one, or
    from cartridge to cartridge where nothing is measured."""
    by_pages = c.pages * kappa[c.series]
    fine = np.where(c.step[c.series] <= FINE_STEP, c.used, _between_changes(c, now))
    levels = np.where(now.ever_measured[c.series], fine, _by_lives(c))
    return np.where(c.has_pages[c.series], by_pages, levels)


def _between_changes(c: Cleaned, now: _Now) -> Floats:
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
    knots = (when - origin[of] + of * _APART_DAYS)[order]
    return np.interp(
        c.at - origin[c.series] + c.series * _APART_DAYS,
        knots,
        np.maximum.accumulate(what[order] + of[order] * 1e6) - of[order] * 1e6,
    )[: len(c.at)]


def _by_lives(c: Cleaned) -> Floats:
    """A whole cartridge between two that were seen to come, evenly used; nothing before the first."""
    starts = np.flatnonzero(c.is_new)
    if not len(starts):
        return np.zeros(len(c.at))
    of = c.series[starts]
    first_of = np.searchsorted(of, of)
    value = (np.arange(len(starts)) - first_of) * LIFE_WITHOUT_LEVELS
    origin = c.at[c.start]
    knots = c.at[starts] - origin[of] + of * _APART_DAYS
    where = c.at - origin[c.series] + c.series * _APART_DAYS
    nth = np.clip(np.searchsorted(knots, where, side="right") - 1, 0, len(starts) - 1)
    inside = of[nth] == c.series
    found = np.where(inside, np.interp(where, knots, value + of * 1e6) - of[nth] * 1e6, 0.0)
    last = np.where(inside, value[nth], 0.0)
    has_next = np.append(of[1:] == of[:-1], False)[nth]
    return np.where(has_next, found, last + np.where(inside, 0.0, 0.0))


def _weekly(c: Cleaned, measure: Floats) -> tuple[Floats, Floats]:
    """Points used in each of the last weeks, the latest first, and how much of each week was watched."""
    n = len(c.start)
    last = c.at[c.end - 1]
    first = np.minimum(c.at[c.start], last)
    edges = last[:, None] - 7.0 * np.arange(WEEKS + 1)
    inside = np.clip(edges, first[:, None], None)
    axis = c.at - last[c.series] + c.series * _APART_DAYS
    query = inside - last[:, None] + np.arange(n)[:, None] * _APART_DAYS
    total = np.interp(query.ravel()[::-1], axis, measure)[::-1].reshape(n, WEEKS + 1)
    use = np.maximum(total[:, :-1] - total[:, 1:], 0.0)
    seen = (inside[:, :-1] - inside[:, 1:]) / 7.0
    return use, seen


def _season(use: Floats, seen: Floats, of_year: Integers, experience: Experience) -> tuple[Floats, Floats]:
    """Probability of each profile, and how busy each past week was by them."""
    prior = np.array(experience.seasons)
    found = np.empty((len(use), seasons.COUNT))
    busy = np.empty_like(use)
    for day in np.unique(of_year):
        rows = np.flatnonzero(of_year == day)
        past = seasons.past(int(day), WEEKS)
        found[rows] = seasons.posterior(use[rows], seen[rows], past, prior)
        busy[rows] = found[rows] @ past.T
    return found, busy


MEMORIES_WEEKS = (4.0, 12.0, 40.0)
PRIOR_WEEKS = 0.7


def _paces(use: Floats, busy: Floats, experience: Experience) -> tuple[Floats, Floats]:
    """Points a week of usual busyness: by three lengths of memory and for ever; and how fast the pace changes."""
    age = np.arange(WEEKS)
    fleet = np.exp(experience.log_pace)
    weeks = busy.sum(axis=1)
    for_ever = (use.sum(axis=1) + PRIOR_WEEKS * fleet) / (weeks + PRIOR_WEEKS)
    paces = [(use @ (w := np.exp(-age / memory)) + 2.0 * for_ever) / (busy @ w + 2.0) for memory in MEMORIES_WEEKS]
    found = np.stack([*paces, for_ever], axis=1)
    return found, np.log(found[:, 0] / found[:, 2])


def _unevenness(
    c: Cleaned, now: _Now, bands: _Bands, use: Floats, seen: Floats, busy: Floats, pace: Floats, experience: Experience
) -> tuple[Floats, Floats, Floats]:
    """Squared variation of a usual week, leaning on the fleet's; its weight; and of four weeks for how it wanders."""
    whole = seen > 0.99
    usable = c.has_pages | (now.ever_measured & (c.step <= FINE_STEP))
    expected = busy * pace[:, None]
    weight = np.where(usable, whole.sum(axis=1), 0).astype(float)
    off = np.where(whole, (use - expected) / np.maximum(pace[:, None], 1e-9), 0.0)
    total = np.minimum(off**2, 25.0).sum(axis=1)
    by_bands = ~usable & (bands.count >= 3) & (c.step > FINE_STEP)
    weight = np.where(by_bands, bands.count, weight)
    weeks_a_band = np.nan_to_num(bands.inner) / 7.0
    total = np.where(by_bands, np.minimum(bands.uneven * weeks_a_band, 6.0) * weight, np.where(usable, total, 0.0))
    cv2 = (total + 4 * experience.unevenness) / (weight + 4)
    months = WEEKS // 4
    off4 = off[:, : months * 4].reshape(-1, months, 4).sum(axis=2) / 4
    whole4 = whole[:, : months * 4].reshape(-1, months, 4).all(axis=2)
    count = whole4.sum(axis=1)
    month = (np.minimum(off4**2, 9.0) * whole4).sum(axis=1)
    wander = (np.where(usable, month, 0.0) + 3 * (cv2 / 4 + 0.02)) / (np.where(usable, count, 0) + 3)
    return cv2, weight, wander


def _idle(use: Floats, seen: Floats) -> Floats:
    """Whole weeks since anything was used."""
    active = (use > 0.02) | (seen < 0.99)
    return np.where(active.any(axis=1), np.argmax(active, axis=1), WEEKS).astype(float)


def _idle_share(use: Floats, seen: Floats) -> Floats:
    """Of the weeks that were watched, those with hardly any use."""
    whole = seen > 0.99
    usual = use.sum(axis=1) / np.maximum(seen.sum(axis=1), 1e-9)
    idle = (use < 0.1 * usual[:, None]) & whole
    return np.asarray(idle.sum(axis=1) / (whole.sum(axis=1) + 3.0))


def _shown_empty(c: Cleaned, now: _Now, rounding: Floats) -> Booleans:
    """A gauge that shows 0 and does not round down."""
    level = np.where(now.last_measured >= 0, c.percent[now.last_measured], np.nan)
    return (level <= 0) & ((rounding < 0.25) | (c.step <= FINE_STEP))


def _left(
    c: Cleaned, now: _Now, measure: Floats, pace: Floats, cv2: Floats, rounding: Floats, doubt: Floats, noise: Floats
) -> tuple[Floats, Floats]:
    """Points left at the last reading and the deviation of that."""
    coarse = _left_coarse(c, now, measure, pace, cv2, rounding, doubt)
    fine = _left_fine(c, now, measure, rounding, noise)
    blind = _left_blind(c, now, measure, pace, cv2)
    has_level = now.last_measured >= 0
    is_fine = c.step <= FINE_STEP
    left = np.where(has_level, np.where(is_fine, fine[0], coarse[0]), blind[0])
    spread = np.where(has_level, np.where(is_fine, fine[1], coarse[1]), blind[1])
    return np.clip(left, 0.05, 100.0), np.maximum(spread, 0.05)


def _since(c: Cleaned, now: _Now, measure: Floats, at: Floats, value: Floats, pace: Floats) -> Floats:
    """Points used since a moment: by pages, or by the pace."""
    by_pages = measure[now.last] - value
    by_pace = (c.at[now.last] - at) / 7.0 * pace
    return np.maximum(np.where(c.has_pages, by_pages, by_pace), 0.0)


def _left_fine(c: Cleaned, now: _Now, measure: Floats, rounding: Floats, noise: Floats) -> tuple[Floats, Floats]:
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
    c: Cleaned, now: _Now, measure: Floats, pace: Floats, cv2: Floats, rounding: Floats, doubt: Floats
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


def _left_blind(c: Cleaned, now: _Now, measure: Floats, pace: Floats, cv2: Floats) -> tuple[Floats, Floats]:
    """Without a level: from when the cartridge came; anything at all where that was not seen."""
    n = len(c.start)
    since = _since(c, now, measure, c.at[now.first], measure[now.first], pace)
    weeks = np.maximum((c.at[now.last] - c.at[now.first]) / 7.0, 0.05)
    rough = np.where(c.has_pages, 0.12 * since, since * np.sqrt(cv2 / weeks + 0.04))
    mean = np.where(now.start_seen, 98.0 - since, 50.0 - since / 2)
    spread = np.where(now.start_seen, np.sqrt(rough**2 + 36.0), 29.0)
    return normal.between(mean, spread, np.zeros(n), np.full(n, 100.0))
