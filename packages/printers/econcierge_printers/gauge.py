"""How coarse a supply's gauge is: from what it has shown, and from what it can show (P11). Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

_LEAST_LEVELS = 3  # two levels may be a cartridge and its replacement


def step(*, percents: Iterable[float]) -> float | None:
    """The step in points learnt from a history: the smallest distance between levels seen; None below three levels."""
    levels = sorted(set(percents))
    if len(levels) < _LEAST_LEVELS:
        return None
    return min(round(after - before, 1) for before, after in itertools.pairwise(levels))


def finest_step(*, raw_capacity: int | None) -> float | None:
    """The step in points that a capacity allows: a gauge of 20 parts moves by 5; None when it is not known."""
    return None if raw_capacity is None or raw_capacity <= 0 else round(100 / raw_capacity, 4)
