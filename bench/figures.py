"""What a benchmark finds: a figure, the floor beside it, and the goal that it was meant to reach."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


class CannotMeasure(Exception):
    """Something that a benchmark needs is not there or does not work; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What the same work costs at the very least, or at a peer: measured in the same run, in the same unit."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to reach, in the unit of what is measured."""

    id: str  # "G02"
    at_most: float | None = None
    at_least: float | None = None

    def reached(self, value: float) -> bool:
        high = self.at_most is None or value <= self.at_most
        return high and (self.at_least is None or value >= self.at_least)

    def __str__(self) -> str:
        bound = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        return f"{self.id} {bound}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `more_is_better`: a rate; otherwise a duration or a size."""

    name: str
    value: float
    unit: str
    floor: Floor | None = None
    goal: Goal | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the floor this costs: above 1 it is slower, or larger, than the floor."""
        if self.floor is None or not self.value or not self.floor.value:
            return None
        return self.floor.value / self.value if self.more_is_better else self.value / self.floor.value

    @property
    def reached(self) -> bool | None:
        return None if self.goal is None else self.goal.reached(self.value)

    def to_json(self) -> dict[str, Any]:
        goal = None if self.goal is None else str(self.goal)
        return {**asdict(self), "goal": goal, "ratio": self.ratio, "reached": self.reached}


@dataclass(frozen=True, slots=True)
class Result:
    """A benchmark's figures, and sentences that belong to them."""

    figures: Sequence[Figure]
    notes: Sequence[str] = field(default=())


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent are not above; needs two values or more."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
