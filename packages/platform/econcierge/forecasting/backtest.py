"""History replayed: forecasts as they would have been made, beside what happened (no system of the field says this).

Figures, in days: the pinball loss is the mean over the 10, 50 and 90 % marks; the error near empty is the mean distance
of the median where at most ten days were left; the range holds when the truth lies between the outer marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from econcierge.forecasting import hindsight, histories, rules
from econcierge.forecasting.histories import Floats, Histories

NEAR_DAYS = 10.0
CAP_DAYS = 730.0
TAUS = np.array([0.1, 0.5, 0.9])
EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Score:
    """How forecasts of one group did. `near_error_days` None where none was near empty; `held` in percent."""

    group: str
    forecasts: int
    pinball_days: float
    error_days: float
    near: int
    near_error_days: float | None
    held_percent: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def score(marks: Floats, days: Floats, *, group: str = EVERYTHING) -> Score:
    """`marks` (rows, 3) beside the days that it really took."""
    days = np.minimum(days, CAP_DAYS)
    off = days[:, None] - marks
    near = days <= NEAR_DAYS
    return Score(
        group=group,
        forecasts=len(days),
        pinball_days=float(np.maximum(TAUS * off, (TAUS - 1) * off).mean()),
        error_days=float(np.abs(off[:, 1]).mean()),
        near=int(near.sum()),
        near_error_days=float(np.abs(off[near, 1]).mean()) if near.any() else None,
        held_percent=100.0 * float(hindsight.is_held(marks, days).mean()),
    )


def backtest(many: Histories, *, groups: Sequence[str] | None) -> list[Score]:
    """Cartridges whose end was seen, each forecast at three moments of its life from what was known then.

    `groups`: a name for each series (its model). What the fleet has in common is learnt from all of it, the replayed
    time included; a single history says too little of that to matter.
    """
    past = hindsight.replay(histories.clean(many), cartridges=1_000)
    if past is None:
        return []
    marks = rules.forecast_many(past.histories, experience=rules.learn(many)).marks
    scores = [score(marks, past.days)]
    if groups is not None:
        names = np.array(groups)[past.source]
        scores += [score(marks[names == name], past.days[names == name], group=str(name)) for name in np.unique(names)]
    return scores


def as_text(scores: Sequence[Score]) -> str:
    width = max(len(one.group) for one in scores)
    head = f"{'':{width}}  forecasts  pinball  error  near empty  error there  range held"
    return "\n".join([head, *(_line(one, width) for one in scores)])


def _line(one: Score, width: int) -> str:
    near = "-" if one.near_error_days is None else f"{one.near_error_days:.1f} d"
    return (
        f"{one.group:{width}}  {one.forecasts:>9,}  {one.pinball_days:>5.2f} d  {one.error_days:>3.1f} d"
        f"  {one.near:>10,}  {near:>11}  {one.held_percent:>8.1f} %"
    )
