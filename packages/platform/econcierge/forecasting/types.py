"""Levels of one cartridge in, days left with a range out (the face "Forecast result")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Basis(StrEnum):
    """What a forecast rests on; NONE says nothing about days."""

    LEVELS = "levels"
    PAGES = "pages"
    FLEET = "fleet"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """A measured level from this moment (UTC) on, until the next point; percent left, 0 to 100."""

    at: datetime
    percent: float


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
