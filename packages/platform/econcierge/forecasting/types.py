"""Levels of one cartridge in, days left with a range out (the face "Forecast result")."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Basis(StrEnum):
    """What a forecast rests on; NONE says nothing about days, FLEET what such supplies usually do: wide."""

    LEVELS = "levels"
    PAGES = "pages"
    FLEET = "fleet"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """What a supply said from this moment (UTC) on, until the next point.

    `percent` left, 0 to 100, None where not measured; `pages` the printer's life count then; `cartridge` any name of
    the cartridge that sat there.
    """

    at: datetime
    percent: float | None
    pages: int | None = None
    cartridge: Hashable = None


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one slot, oldest first, at least a point; `as_of` its last reading, `pages_now` the life
    count then."""

    slot_id: int
    points: tuple[LevelPoint, ...]
    as_of: datetime
    gauge_step: float | None = None
    pages_now: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days from `at` until empty: 10, 50 and 90 of 100 such supplies are empty by then. All None without a basis."""

    at: datetime
    p10_days: float | None
    p50_days: float | None
    p90_days: float | None
    p_empty_7d: float | None
    p_empty_14d: float | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Of many series: `at` in days since 1970, `marks` (series, 3) days at 10, 50 and 90 %; NaN without a basis."""

    at: NDArray[np.float64]
    marks: NDArray[np.float64]
    p_empty_7d: NDArray[np.float64]
    p_empty_14d: NDArray[np.float64]
    basis: NDArray[np.str_]

    def one(self, row: int, *, at: datetime) -> Forecast:
        basis = Basis(str(self.basis[row]))
        if basis is Basis.NONE:
            return Forecast(at, None, None, None, None, None, basis)
        p10, p50, p90 = (float(mark) for mark in self.marks[row])
        return Forecast(at, p10, p50, p90, float(self.p_empty_7d[row]), float(self.p_empty_14d[row]), basis)
