"""What a fleet is made from, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Gauge:
    """How a slot tells its level. `step` 0: sentinels, but for `mark`.

    `rounding` floor | round | ceil; `noise` in points.
    """

    name: str
    step: float
    rounding: str = "ceil"
    noise: float = 0.0
    with_pages: bool = True
    with_serial: bool = True
    says_step: bool = True
    mark: float = 0.0  # without a step: says 3 from here on and 0 when empty


@dataclass(frozen=True, slots=True)
class Regime:
    """One fleet's nature: shares of habits and gauges, and how its printers print.

    `unevenness`: variance of a day's pages in squared mean; `wander`: yearly standard deviation of the logarithm of a
    printer's pace; `life_days`: median life of a cartridge, `life_spread` of its logarithm; `coverage_spread` of a
    day's toner a page; `missing`: share of days without a reading; `outages_a_year`: of one to five weeks;
    `spell_change`: chance a day that a spell ends, `spell_shape`: the larger the more alike spells are.
    """

    name: str
    seed: int
    habits: dict[str, float]
    gauges: tuple[Gauge, ...]
    printers: int = 400
    process: str = "gamma"  # gamma | jobs | spells
    unevenness: float = 1.0
    wander: float = 0.3
    life_days: float = 90.0
    life_spread: float = 0.6
    coverage_spread: float = 0.25
    cartridge_spread: float = 0.08
    missing: float = 0.1
    outages_a_year: float = 0.5
    history_days: tuple[int, int] = (20, 600)
    premature: float = 0.15
    changes_only: bool = False
    readings_a_day: int = 1
    weekend: float = 0.05
    southern: bool = False
    spell_change: float = 0.12
    spell_shape: float = 2.0


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happens, day by day: toner left at each day's start (percent of the present cartridge), pages so
    far, cartridge's number; a row a printer. `day0` is days since 1970."""

    day0: int
    left: Floats
    pages: Floats
    cartridge: Integers
    used: Floats  # percent used in a day
    kind: NDArray[np.str_]
    gauge: Integers
    expected: Floats  # sheets of a day, before chance
    points_a_sheet: Floats  # a printer: percent of a usual cartridge


@dataclass(frozen=True, slots=True)
class Fleet:
    """Readings as a forecaster gets them, a row a reading, series after series, and the days that were really left."""

    series: Integers
    at: Floats
    percent: Floats
    step: Floats
    pages: Floats
    serial: Integers
    kind: NDArray[np.str_]
    gauge: NDArray[np.str_]
    days_left: Floats
    printer: Integers  # of each series, its row in the truth
