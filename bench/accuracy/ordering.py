"""G17: printers lived day by day, ordered for by advice and by older habits; who runs out, and how much is thrown away.

Each printer gets a new cartridge, is looked at every day, and has its next one ordered once. A delivery takes 2 to 6
days. When it comes the old cartridge is replaced, whatever is in it; when it comes too late the printer stood still.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bench.fleets import generate
from bench.fleets.types import Booleans, Fleet, Floats, Integers, Random, Regime, Truth
from econcierge.forecasting import rules as forecasting
from econcierge.forecasting.histories import Histories
from econcierge.replenishment import rules
from econcierge.replenishment import types as t

FIRST_DAY, LONGEST_DAYS = 640, 260
DELIVERY = t.Range(2.0, 3.0, 5.0)
DELIVERY_DAYS, DELIVERY_SHARES = (2, 3, 4, 5, 6), (0.25, 0.35, 0.2, 0.13, 0.07)
FAR_DAYS = 45.0  # nobody orders when even the early mark is farther than this
MARKS = (20.0, 30.0)
EXPECTING_RISKS = (0.01, 0.015, 0.02, 0.03)
CHANCES = 300
ON = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Ordered:
    """One way to order: how many cartridges, how many printers stood still, percent left when the new one came."""

    way: str
    cartridges: int
    stock_outs_percent: float
    left_percent: float


@dataclass(frozen=True, slots=True)
class Lives:
    """Cartridges that were lived to their end: printer, first day, day on which it is empty; forecasts of each day."""

    world: Truth
    gauge: Integers
    printer: Integers
    came: Integers
    empty: Integers
    marks: Floats  # (life, day, mark), NaN where not forecast
    shown: Floats  # (life, day): what the gauge says


def simulate(regime: Regime, *, printers: int, risks: tuple[float, ...]) -> list[Ordered]:
    """`risks`: one result for each risk of a stock-out that advice may take; then the older ways."""
    lives = live(replace(regime, printers=printers, premature=0.0, history_days=(500, 640)), is_forecast=bool(risks))
    takes = np.random.default_rng(regime.seed + 7).choice(DELIVERY_DAYS, len(lives.printer), p=DELIVERY_SHARES)
    found = [_outcome(f"by advice, risk {risk:.1%}", lives, advised(lives, risk), takes) for risk in risks]
    found += [_outcome(f"at {mark:.0f} % left", lives, _at_mark(lives, mark), takes) for mark in MARKS]
    if risks:
        expecting = _risk_by_expectation(regime, lives, np.random.default_rng(regime.seed + 9))
        found += [_outcome(f"knowing what to expect, risk {risk:.1%}", lives, _first(expecting > risk), takes)
                  for risk in EXPECTING_RISKS]  # fmt: skip
    return [*found, _outcome("an oracle", lives, lives.empty - lives.came - takes, takes)]


def live(regime: Regime, *, is_forecast: bool = True) -> Lives:
    random = np.random.default_rng(regime.seed + 5)
    world = generate.truth(regime, random)
    printer, came, empty = _chosen(regime, world)
    days = int((empty - came).max()) + 1
    marks, shown = np.full((len(printer), days, 3), np.nan), np.full((len(printer), days), np.nan)
    whole = generate.observe(regime, world, random, last_day=_last_days(regime, world, printer, empty))
    experience = forecasting.learn(columns(_until(whole, world.day0 + FIRST_DAY))) if is_forecast else None
    for day in range(days):
        alive = np.flatnonzero(came + day <= empty)
        part = _as_of(whole, alive, printer[alive], world.day0 + came[alive] + day + 0.5)
        last = np.searchsorted(part.series, np.arange(len(alive)), side="right") - 1
        is_new = part.at[last] >= world.day0 + came[alive]  # else the old cartridge is the last that was read
        now = world.day0 + came[alive] + day + 0.5
        shown[alive, day] = np.where(is_new, part.percent[last], np.nan)
        if experience is None:
            continue
        gone = now - part.at[last]  # days since the reading that a forecast is as of
        made = forecasting.forecast_many(columns(part), experience=experience).marks
        marks[alive, day] = np.maximum(made - gone[:, None], 0.0)
        marks[alive[~is_new], day] = np.nan
    return Lives(world, world.gauge[printer], printer, came, empty, marks, shown)


def _chosen(regime: Regime, world: Truth) -> tuple[Integers, Integers, Integers]:
    """Of each printer with a measured gauge, the first cartridge that came and was used up in the time looked at."""
    rows = []
    for one in range(regime.printers):
        number = world.cartridge[one]
        came = FIRST_DAY + np.flatnonzero(np.diff(number[FIRST_DAY:])) + 1
        if not len(came) or not regime.gauges[world.gauge[one]].step:
            continue
        first = int(came[0])
        gone = np.flatnonzero(
            world.left[one][first : first + LONGEST_DAYS] - world.used[one][first : first + LONGEST_DAYS] <= 0
        )
        if len(gone) and gone[0] >= 8:
            rows.append((one, first, first + int(gone[0])))
    return tuple(np.array(rows, dtype=np.int64).T)  # type: ignore[return-value]


def _last_days(regime: Regime, world: Truth, printer: Integers, empty: Integers) -> Integers:
    """Until the day before it is empty, as a printer that is empty says nothing here."""
    last = np.full(regime.printers, FIRST_DAY)
    last[printer] = empty - 1
    return last


def columns(fleet: Fleet) -> Histories:
    count = int(fleet.series[-1]) + 1
    return Histories(count, fleet.series, fleet.at, fleet.percent, fleet.step, fleet.pages, fleet.serial)


def _until(fleet: Fleet, at: float) -> Fleet:
    return _rows(fleet, np.flatnonzero(fleet.at < at))


def _rows(fleet: Fleet, rows: Integers) -> Fleet:
    _, series = np.unique(fleet.series[rows], return_inverse=True)
    return replace(
        fleet, series=series, at=fleet.at[rows], percent=fleet.percent[rows], step=fleet.step[rows],
        pages=fleet.pages[rows], serial=fleet.serial[rows],
    )  # fmt: skip


def _as_of(whole: Fleet, alive: Integers, printer: Integers, until: Floats) -> Fleet:
    """Of the living printers, what was read by then; the last thing said stands for the moment itself."""
    limit = np.full(int(whole.series[-1]) + 1, -np.inf)
    limit[np.searchsorted(whole.printer, printer)] = until
    return _rows(whole, np.flatnonzero(whole.at <= limit[whole.series]))


def advised(lives: Lives, risk: float) -> Integers:
    """Day after the cartridge came on which advice first says to order now."""
    policy = t.Policy(stock_out_risk=risk)
    return np.array([_first_day(lives.marks[life], policy) for life in range(len(lives.printer))])


def _first_day(marks: Floats, policy: t.Policy) -> int:
    for day, (p10, p50, p90) in enumerate(marks):
        if np.isnan(p10) or p10 > FAR_DAYS:
            continue
        lasts = t.Range(p10, p50, p90)
        if rules.stock_out_risk(lasts, delivery=DELIVERY, ordered_in_days=1.0) <= policy.stock_out_risk:
            continue  # it is fine to wait for tomorrow's look: advice would say so, at more length
        slot = t.SlotOutlook(1, lasts)
        advice = rules.advise(facts=t.ReplenishmentFacts(slot, DELIVERY), policy=policy, on=ON)
        if advice.action is t.Action.ORDER_NOW:
            return day
    return len(marks)


def _at_mark(lives: Lives, mark: float) -> Integers:
    """The first day on which the gauge shows the mark or less."""
    return _first(lives.shown <= mark)


def _first(is_due: Booleans) -> Integers:
    return np.where(is_due.any(axis=1), np.argmax(is_due, axis=1), is_due.shape[1])


def _risk_by_expectation(regime: Regime, lives: Lives, random: Random) -> Floats:
    """Of being ordered tomorrow (life, day), for who knows what is left tonight, how delivery varies, and for each day
    how much is to be expected (holidays, bursts and absences included), but not what chance makes of it."""
    days = lives.shown.shape[1]
    ahead = lives.came[:, None] + np.arange(days + 1 + DELIVERY_DAYS[-1])
    expected = np.take_along_axis(lives.world.expected[lives.printer], ahead, axis=1)
    left = np.take_along_axis(lives.world.left[lives.printer], ahead[:, 1 : days + 1], axis=1)
    risk = np.zeros((len(lives.printer), days))
    for _ in range(CHANCES):
        sheets = generate.PROCESSES[regime.process](regime, expected, random)
        gone = np.cumsum(sheets * lives.world.points_a_sheet[lives.printer, None], axis=1)
        for takes, share in zip(DELIVERY_DAYS, DELIVERY_SHARES, strict=True):
            risk += share * (gone[:, takes : takes + days] - gone[:, :days] >= left)
    return risk / CHANCES


def _outcome(way: str, lives: Lives, ordered: Integers, takes: Integers) -> Ordered:
    arrives = lives.came + np.maximum(ordered, 0) + takes
    out = arrives > lives.empty
    left = np.where(out, 0.0, lives.world.left[lives.printer, np.minimum(arrives, lives.empty)])
    return Ordered(way, len(out), 100.0 * float(out.mean()), float(left.mean()))
