"""`python -m bench.fit_forecasts [--seeds N] [--out FILE]`: fits the weights of forecasts on the fleets for tuning.

Writes `forecasting/weights.json`. The marks of each forecast are shifted and widened by linear functions of what is
known of it; these are fitted by gradient descent on the pinball loss in days, weighed so that long-lived cartridges do
not drown the short ones. Fleets kept aside are never read here.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy import ordering
from bench.fleets import generate, regimes
from bench.fleets.types import Regime
from econcierge.forecasting import evidence, histories, learning, outlook
from econcierge.forecasting.histories import Floats
from econcierge.forecasting.outlook import Weights

GRID = np.linspace(-4, 4, 97)  # logarithms of how much later than expected
SPACE = float(GRID[1] - GRID[0])
ROUNDS, PULL = 1_500, 3e-3
TAUS = (0.1, 0.5, 0.9)
NAMES = ("middle", "below", "above")


@dataclass(frozen=True, slots=True)
class Examples:
    """`days` (rows, grid): days at each shift of the grid; `truth` the days it took; `weight` of each row."""

    features: Floats
    days: Floats
    truth: Floats
    weight: Floats


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fit_forecasts", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="fleets of each regime")
    parser.add_argument("--out", type=Path, default=outlook.WEIGHTS)
    options = parser.parse_args()
    fleets = [replace(one, seed=one.seed + 1_000 * n) for n in range(1, options.seeds + 1) for one in regimes.TUNING]
    fitted = fit(_joined([examples(regime) for regime in fleets]))
    rows = {name: [round(float(value), 4) for value in row] for name, row in zip(NAMES, fitted, strict=True)}
    options.out.write_text(json.dumps(rows))
    return 0


def examples(regime: Regime) -> Examples:
    fleet = generate.fleet(regime)
    cleaned = histories.clean(ordering.columns(fleet))
    experience = learning.learn(cleaned)
    found = evidence.gather(cleaned, experience)
    weeks = outlook.usual_weeks(found)
    return Examples(
        features=outlook.described(found, experience),
        days=outlook.in_days(found, weeks[:, None] * np.exp(GRID)),
        truth=np.minimum(fleet.days_left, outlook.MAXIMUM_DAYS),
        weight=1 / np.sqrt(10 + 7 * np.clip(weeks, 0, 100)),
    )


def _joined(parts: list[Examples]) -> Examples:
    names = ("features", "days", "truth", "weight")
    return Examples(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def fit(many: Examples) -> Floats:
    """Three rows of weights, of the features as they are (they are scaled only within)."""
    mean, scale = many.features.mean(axis=0), many.features.std(axis=0) + 1e-9
    mean[0], scale[0] = 0.0, 1.0
    scaled = replace(many, features=(many.features - mean) / scale)
    weights = np.zeros((3, many.features.shape[1]))
    weights[1:, 1], weights[1:, 0] = scale[1], 0.2 + mean[1]  # the width that arithmetic gives, to begin with
    start, first, second = weights.copy(), np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(ROUNDS):
        slope = _slope(scaled, weights) + PULL * (weights - start)
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        pace = 0.02 * (1 - turn / ROUNDS) + 0.0005
        mended = second / (1 - 0.99 ** (turn + 1))
        weights = weights - pace * first / (1 - 0.9 ** (turn + 1)) / (np.sqrt(mended) + 1e-4)
    found = weights / scale
    found[:, 0] = weights[:, 0] - (weights[:, 1:] * (mean / scale)[1:]).sum(axis=1)
    return found


def _slope(many: Examples, weights: Floats) -> Floats:
    """Of the loss, by each weight."""
    middle, below, above = outlook.log_marks(many.features, Weights(*weights))
    raw = many.features @ weights.T
    moves = np.abs(raw[:, 0]) < 1.5, (raw[:, 1] > -3) & (raw[:, 1] < 1.2), (raw[:, 2] > -3) & (raw[:, 2] < 1.2)
    slope = np.zeros_like(weights)
    for tau, shift in zip(TAUS, (middle - below, middle, middle + above), strict=True):
        pull = _pull(many, tau, shift)
        slope[0] += many.features.T @ (pull * moves[0])
        if tau < 0.5:
            slope[1] += many.features.T @ (-pull * below * moves[1])
        elif tau > 0.5:
            slope[2] += many.features.T @ (pull * above * moves[2])
    return slope / len(many.truth)


def _pull(many: Examples, tau: float, shift: Floats) -> Floats:
    """How the pinball loss of a mark changes with its shift; smooth within some hours of the truth."""
    place = np.clip((shift - GRID[0]) / SPACE, 0, len(GRID) - 1.001)
    before = place.astype(np.int64)
    low = np.take_along_axis(many.days, before[:, None], axis=1)[:, 0]
    high = np.take_along_axis(many.days, before[:, None] + 1, axis=1)[:, 0]
    off = many.truth - (low + (high - low) * (place - before))
    side = np.where(off > 0, -tau, 1 - tau) * np.minimum(np.abs(off) / 0.3, 1)
    return np.asarray(side * (high - low) / SPACE * many.weight)


if __name__ == "__main__":
    sys.exit(main())
