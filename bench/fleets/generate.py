"""A regime to printers that live for years, and these to readings up to a moment with what was really left."""

from __future__ import annotations

import numpy as np

from bench.fleets import habits
from bench.fleets.types import Booleans, Fleet, Floats, Gauge, Integers, Random, Regime, Truth

CAP_DAYS = 730.0
ASKED = 395, habits.DAYS - 740  # days on which a fleet is looked at: of a whole year, and two more follow
WORK_FROM, WORK_TO = 12.0 / 24, 22.0 / 24  # UTC: eight to eighteen in Toronto


def fleet(regime: Regime) -> Fleet:
    """Each printer once, seen up to a moment of its own."""
    random = np.random.default_rng(regime.seed)
    return observe(regime, truth(regime, random), random)


def truth(regime: Regime, random: Random) -> Truth:
    names, shares = list(regime.habits), np.array(list(regime.habits.values()))
    kinds = random.choice(len(names), regime.printers, p=shares / shares.sum())
    gauges = random.integers(0, len(regime.gauges), regime.printers)
    expected = _expected_sheets(regime, habits.busyness(regime, kinds, random), random)
    sheets = PROCESSES[regime.process](regime, expected, random)
    points = _points_a_sheet(regime, sheets, random)
    used = sheets * points[:, None] * random.lognormal(0, regime.coverage_spread, sheets.shape)
    left, cartridge, used, sheets = _lives(regime, used, sheets, random)
    pages = np.cumsum(sheets, axis=1) - sheets + random.integers(0, 200_000, regime.printers)[:, None]
    return Truth(habits.DAY0, left, pages, cartridge, used, np.array(names)[kinds], gauges, expected, points)


def _expected_sheets(regime: Regime, busy: Floats, random: Random) -> Floats:
    """Pages to expect of each day: as busy as the habit, the printer's own pace wandering."""
    count = len(busy)
    life = regime.life_days * random.lognormal(0, regime.life_spread, count)
    yields = random.choice([1_500, 2_600, 6_000, 10_000], count)
    a_day = (yields / life)[:, None]
    steps = random.normal(0, regime.wander / np.sqrt(habits.YEAR), busy.shape)
    pace = np.exp(np.cumsum(steps, axis=1) - np.cumsum(steps, axis=1)[:, 600:601])
    return np.asarray(busy * pace * a_day / 0.68)


def _gamma(regime: Regime, mean: Floats, random: Random) -> Floats:
    return _uneven(mean, regime.unevenness, random)


def _uneven(mean: Floats, unevenness: float, random: Random) -> Floats:
    return np.round(random.gamma(1 / unevenness, np.maximum(mean, 1e-9) * unevenness))


def _jobs(regime: Regime, mean: Floats, random: Random) -> Floats:
    """Few or many jobs of very unlike sizes."""
    jobs = random.poisson(3 / regime.unevenness, mean.shape)
    size = random.lognormal(-0.3, 0.75, mean.shape) / np.sqrt(np.maximum(jobs, 1))
    return np.round(mean * jobs * regime.unevenness / 3 * (1 + (size - size.mean()) * 0.8).clip(0.05))


def _spells(regime: Regime, mean: Floats, random: Random) -> Floats:
    """Busy and quiet spells of some days, one after the other."""
    switch = np.cumsum(random.random(mean.shape) < regime.spell_change, axis=1)
    level = random.gamma(regime.spell_shape, 1 / regime.spell_shape, (len(mean), habits.DAYS))
    spell = np.take_along_axis(level, switch, axis=1)
    return _uneven(mean * spell, regime.unevenness / 2, random)


PROCESSES = {"gamma": _gamma, "jobs": _jobs, "spells": _spells}


def _points_a_sheet(regime: Regime, sheets: Floats, random: Random) -> Floats:
    """Percent of a cartridge; 1500 pages and 10000 both mean one whole at the usual coverage."""
    total = sheets.sum(axis=1) / habits.DAYS
    yields = total * regime.life_days * random.lognormal(0, 0.45, len(sheets))
    return np.asarray(100.0 / np.maximum(yields, 300.0))


def _lives(
    regime: Regime, used: Floats, sheets: Floats, random: Random
) -> tuple[Floats, Integers, Floats, Floats]:  # fmt: skip
    """Toner left at each day's start; the cartridge is changed when it is empty, at times before or days after."""
    count = len(used)
    left, number = np.empty_like(used), np.empty(used.shape, dtype=np.int64)
    now, nth = random.uniform(5, 100, count), np.zeros(count, dtype=np.int64)
    capacity = random.lognormal(0, regime.cartridge_spread, count)
    early = _early(regime, count, random)
    waits = np.zeros(count, dtype=np.int64)
    for day in range(habits.DAYS):
        change = (waits == 0) & ((now <= 0) | (now <= early))
        now = np.where(change, 100.0, now)
        nth += change
        capacity = np.where(change, random.lognormal(0, regime.cartridge_spread, count), capacity)
        early = np.where(change, _early(regime, count, random), early)
        used[:, day] = np.where(now > 0, used[:, day] / capacity, 0.0)
        sheets[:, day] = np.where(now > 0, sheets[:, day], 0.0)
        left[:, day], number[:, day] = now, nth
        empties = (now > 0) & (now - used[:, day] <= 0)
        waits = np.where(empties, random.choice([0, 0, 0, 1, 3], count), np.maximum(waits - 1, 0))
        now = np.maximum(now - used[:, day], 0.0)
    return left, number, used, sheets


def _early(regime: Regime, count: int, random: Random) -> Floats:
    """The level at which somebody changes it too early; most never do."""
    return np.where(random.random(count) < regime.premature, random.uniform(2, 25, count), -1.0)


def observe(regime: Regime, world: Truth, random: Random, *, last_day: Integers | None = None) -> Fleet:
    """Readings of every printer up to a day of its own, and the days from its last reading until it is empty."""
    count = regime.printers
    until = random.integers(*ASKED, count) if last_day is None else last_day
    known = random.integers(*regime.history_days, count)
    hour = random.uniform(0, 1, count)
    parts = [_readings(regime, world, one, int(until[one]), int(known[one]), float(hour[one]), random)
             for one in range(count)]  # fmt: skip
    kept = [number for number, part in enumerate(parts) if part is not None]
    columns = [np.concatenate([parts[number][column] for number in kept]) for column in range(5)]  # type: ignore[index]
    series = np.repeat(np.arange(len(kept)), [len(parts[number][0]) for number in kept])  # type: ignore[index]
    left = np.array([_days_left(world, number, float(parts[number][0][-1])) for number in kept])  # type: ignore[index]
    gauges = np.array([gauge.name for gauge in regime.gauges])[world.gauge[kept]]
    return Fleet(series, *columns, world.kind[kept], gauges, left, np.array(kept))


def _readings(
    regime: Regime, world: Truth, one: int, until: int, known: int, hour: float, random: Random
) -> tuple[Floats, Floats, Floats, Floats, Integers] | None:
    """Moments, percents, steps, pages, serials of one printer; None when it has nothing in it on the last day."""
    days = np.arange(max(until - known, 0), until + 1)
    days = days[_was_read(regime, len(days), random)]
    moments = (days[:, None] + (hour + np.arange(regime.readings_a_day) / regime.readings_a_day) % 1.0).ravel()
    moments.sort()
    left, pages = _at(world, one, moments)
    if left[-1] <= 0:
        return None
    gauge = regime.gauges[world.gauge[one]]
    shown = _shown(gauge, left, random)
    number = world.cartridge[one][moments.astype(int)]
    keep = _news(shown, number) if regime.changes_only else slice(None)
    step = np.full(len(moments), gauge.step if gauge.says_step and gauge.step else np.nan)
    serial = number if gauge.with_serial else np.full(len(moments), -1)
    counted = pages if gauge.with_pages else np.full(len(moments), np.nan)
    return world.day0 + moments[keep], shown[keep], step[keep], counted[keep], serial[keep]


def _was_read(regime: Regime, days: int, random: Random) -> Booleans:
    read = random.random(days) >= regime.missing
    for _ in range(random.poisson(regime.outages_a_year * days / habits.YEAR)):
        start = random.integers(0, days)
        read[start : start + random.integers(7, 36)] = False
    read[[0, -1]] = True
    return read


def _at(world: Truth, one: int, moments: Floats) -> tuple[Floats, Floats]:
    """Toner left and pages printed at moments, use being even over the working hours."""
    day = moments.astype(int)
    share = np.clip((moments - day - WORK_FROM) / (WORK_TO - WORK_FROM), 0, 1)
    left = np.maximum(world.left[one][day] - world.used[one][day] * share, 0.0)
    sheets = world.pages[one][day + 1] - world.pages[one][day]
    return left, np.floor(world.pages[one][day] + sheets * share)


def _shown(gauge: Gauge, left: Floats, random: Random) -> Floats:
    if gauge.mark:
        return np.where(left > gauge.mark, np.nan, np.where(left > 0, 3.0, 0.0))
    if not gauge.step:
        return np.full(len(left), np.nan)
    noisy = left + random.normal(0, gauge.noise, len(left)) if gauge.noise else left
    units = {"floor": np.floor, "round": np.round, "ceil": np.ceil}[gauge.rounding](noisy / gauge.step)
    return np.clip(units * gauge.step, 0, 100)


def _news(shown: Floats, number: Integers) -> Integers:
    """Rows where something changed, and the last."""
    same = (shown[1:] == shown[:-1]) | (np.isnan(shown[1:]) & np.isnan(shown[:-1]))
    change = np.concatenate([[True], ~same | (number[1:] != number[:-1])])
    change[-1] = True
    return np.flatnonzero(change)


def _days_left(world: Truth, one: int, at: float) -> float:
    """From a moment until nothing is left in the cartridge of that moment, whoever would have changed it."""
    moment = at - world.day0
    day = int(moment)
    share = float(np.clip((moment - day - WORK_FROM) / (WORK_TO - WORK_FROM), 0, 1))
    left = world.left[one][day] - world.used[one][day] * share
    ahead = world.used[one][day + 1 :]
    rest_of_day = world.used[one][day] * (1 - share)
    if left <= rest_of_day:
        return max(WORK_FROM - (moment - day), 0.0) + left / max(rest_of_day, 1e-9) * 0.4
    gone = rest_of_day + np.cumsum(ahead)
    if gone[-1] < left:
        return CAP_DAYS
    empty = int(np.searchsorted(gone, left))
    before = gone[empty] - ahead[empty]
    share = (left - before) / max(ahead[empty], 1e-9)
    return min(day + 1 + empty + WORK_FROM + share * (WORK_TO - WORK_FROM) - moment, CAP_DAYS)
