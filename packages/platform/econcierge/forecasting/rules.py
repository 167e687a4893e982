"""When supplies will be empty: many histories in, days left with a range out (R16).

Three steps: `histories` cleans and splits into cartridges, `evidence` says what each history tells, `outlook` makes
days of it. `learning` finds what a fleet has in common, so that a new printer is not a blank page. How, and how well:
docs/explanation/forecasts.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from econcierge.forecasting import evidence, histories, learning, outlook
from econcierge.forecasting import types as t
from econcierge.forecasting.evidence import Evidence
from econcierge.forecasting.experience import Experience
from econcierge.forecasting.gauges import FINE_STEP
from econcierge.forecasting.histories import Booleans, Histories, Integers
from econcierge.supplies import rules as supplies

AT_ONCE = 8_192  # series; more would only need memory
LEARNT_FROM = 4_000  # series that stand for a fleet
SECONDS_PER_DAY = 86_400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def learn(many: Histories) -> Experience:
    """What a fleet has in common, from a share of it where it is large. Every series must have a row."""
    every = max(1, many.count // LEARNT_FROM)
    some = chosen(many, np.arange(0, many.count, every))
    cleaned = histories.clean(some)
    return learning.with_ranges(cleaned, learning.learn(cleaned), outlook.fitted())


def forecast_many(many: Histories, *, experience: Experience | None = None) -> t.Forecasts:
    """As of each series' last reading. `experience` of the fleet; what made-up fleets do without. Any order of rows."""
    many = in_order(many)
    known = experience or Experience()
    found = [_forecast(part, known, is_fleet=experience is not None) for part in parts(many)]
    return t.Forecasts(
        at=np.concatenate([part.at for part in found]),
        marks=np.concatenate([part.marks for part in found]),
        p_empty_7d=np.concatenate([part.p_empty_7d for part in found]),
        p_empty_14d=np.concatenate([part.p_empty_14d for part in found]),
        basis=np.concatenate([part.basis for part in found]),
    )


def forecast_supply(
    *, points: Sequence[t.LevelPoint], as_of: datetime, gauge_step: float | None = None,
    experience: Experience | None = None,
) -> t.Forecast:  # fmt: skip
    """One supply at `as_of`, the moment of its last reading; `points` are what it said before, changes only."""
    seen = [point for point in points if point.at <= as_of]
    if not seen:
        return t.Forecast(as_of, None, None, None, None, None, t.Basis.NONE)
    many = histories_of([t.History(0, tuple(seen), as_of, gauge_step)])
    return forecast_many(many, experience=experience).one(0, at=as_of)


def histories_of(found: Sequence[t.History]) -> Histories:
    """Points as columns; what was said last is said again at the last reading. Serials are any hashable."""
    rows = [(n, point, one) for n, one in enumerate(found) for point in (*one.points, _again(one))]
    codes: dict[object, int] = {None: -1}
    serial = [codes.setdefault(point.cartridge, len(codes) - 1) for _, point, _ in rows]
    return Histories(
        count=len(found),
        series=np.array([n for n, _, _ in rows], dtype=np.int64),
        at=np.array([days_of(point.at) for _, point, _ in rows]),
        percent=np.array([np.nan if point.percent is None else point.percent for _, point, _ in rows]),
        step=np.array([one.gauge_step or np.nan for _, _, one in rows]),
        pages=np.array([np.nan if point.pages is None else point.pages for _, point, _ in rows], dtype=float),
        serial=np.array(serial, dtype=np.int64),
    )


def days_of(moment: datetime) -> float:
    """Days since 1970 (UTC), as columns carry moments."""
    return (moment - _EPOCH).total_seconds() / SECONDS_PER_DAY


def step_of(levels_seen: Sequence[float]) -> float:
    """The gauge's step as the platform knows it, in points; NaN while it does not."""
    step = supplies.gauge_step(percents=levels_seen)
    return np.nan if step is None else step


def _again(one: t.History) -> t.LevelPoint:
    last = one.points[-1]
    pages = one.pages_now if one.pages_now is not None else last.pages
    return t.LevelPoint(max(one.as_of, last.at), last.percent, pages, last.cartridge)


def in_order(many: Histories) -> Histories:
    """The rows of each series together, in the order of their numbers."""
    if np.all(many.series[1:] >= many.series[:-1]):
        return many
    return _rows(many, np.argsort(many.series, kind="stable"), many.series, many.count)


def parts(many: Histories) -> list[Histories]:
    """Of histories in order, some thousand series each."""
    edges = range(0, many.count, AT_ONCE)
    return [chosen(many, np.arange(start, min(start + AT_ONCE, many.count))) for start in edges]


def chosen(many: Histories, series: Integers) -> Histories:
    """Some series, numbered anew in the order given (which must rise)."""
    number = np.full(many.count, -1)
    number[series] = np.arange(len(series))
    if len(series) and series[-1] - series[0] + 1 == len(series) and np.all(many.series[1:] >= many.series[:-1]):
        rows: slice | NDArray[np.int64] = slice(*np.searchsorted(many.series, [series[0], series[-1] + 1]))
    else:
        rows = np.flatnonzero(number[many.series] >= 0)
    return _rows(many, rows, number, len(series))


def _rows(many: Histories, rows: slice | Integers, number: Integers, count: int) -> Histories:
    series = many.series[rows] if number is many.series else number[many.series[rows]]
    return Histories(
        count, series, many.at[rows], many.percent[rows], many.step[rows], many.pages[rows], many.serial[rows]
    )


def _forecast(part: Histories, experience: Experience, *, is_fleet: bool) -> t.Forecasts:
    cleaned = histories.clean(part)
    found = evidence.gather(cleaned, experience)
    marks = outlook.outlook(found, experience, outlook.fitted()).marks
    basis = _basis(found, is_fleet=is_fleet)
    marks[basis == t.Basis.NONE.value] = np.nan
    return t.Forecasts(
        at=cleaned.at[cleaned.end - 1],
        marks=marks,
        p_empty_7d=outlook.probability(marks, 7.0),
        p_empty_14d=outlook.probability(marks, 14.0),
        basis=basis,
    )


def _basis(found: Evidence, *, is_fleet: bool) -> NDArray[np.str_]:
    """What carries a forecast most. Without a fleet nothing is said of a supply that tells too little of itself."""
    is_own = ~outlook.is_little(found)
    by_pages = found.has_pages & (~found.is_measured | (found.step > FINE_STEP))
    by_levels: Booleans = found.is_measured & ~by_pages
    little = t.Basis.FLEET if is_fleet else t.Basis.NONE
    own = np.where(by_pages, t.Basis.PAGES.value, np.where(by_levels, t.Basis.LEVELS.value, little.value))
    return np.where(is_own | found.is_empty, own, little.value)
