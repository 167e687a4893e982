"""`python -m bench.fit_forecasts [--fleets N] [--out FILE]`: fits the weights of forecasts on fleets for tuning.

Writes `forecasting/weights.json`; takes some minutes. The marks of each forecast are shifted and widened by a small
network of what is known of it, fitted by gradient descent (Adam) on the pinball loss in days; long-lived cartridges
weigh less, so that they do not drown the short ones. Then ranges are widened by what other fleets need. The fleets are
those for tuning and others drawn at random; those kept aside are never read here.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy import ordering
from bench.fleets import generate, random_regimes, regimes
from bench.fleets.types import Fleet, Random, Regime, Truth
from econcierge.forecasting import ahead, evidence, features, histories, learning, outlook
from econcierge.forecasting.histories import Floats, Integers
from econcierge.forecasting.outlook import Weights

GRID = np.linspace(-4, 4, 97)  # logarithms of how much later than expected
SPACE = float(GRID[1] - GRID[0])
EPOCHS, BATCH, UNITS, PULL = 40, 1_024, 24, 5e-4
PACE = 4e-3
TAUS = (0.1, 0.5, 0.9)
SEED, PRINTERS = 424_242, 120
LOW_POINTS = 35.0  # half of the fleets are asked when so little is left


@dataclass(frozen=True, slots=True)
class Examples:
    """`days` (rows, grid): days at each shift of the grid; `truth` the days it took; `weight` of each row."""

    features: Floats
    days: Floats
    truth: Floats
    weight: Floats


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fit_forecasts", description=__doc__)
    parser.add_argument("--fleets", type=int, default=1_400, help="drawn at random; a seventh more to calibrate")
    parser.add_argument("--out", type=Path, default=outlook.WEIGHTS)
    options = parser.parse_args()
    fleets = [*regimes.TUNING, *random_regimes.drawn(count=options.fleets, seed=SEED, printers=PRINTERS)]
    fitted = fit(_examples(fleets))
    others = random_regimes.drawn(count=options.fleets // 7, seed=2 * SEED, printers=PRINTERS)
    fitted = calibrated(fitted, _examples(others))
    rows = {name: np.round(getattr(fitted, name), 4).tolist() for name in outlook.NAMES}
    options.out.write_text(json.dumps(rows) + "\n")
    return 0


def _examples(fleets: list[Regime]) -> Examples:
    return joined([examples(regime, is_low=nth % 2 == 1) for nth, regime in enumerate(fleets)])


def examples(regime: Regime, *, is_low: bool) -> Examples:
    fleet = observed(regime, is_low=is_low)
    cleaned = histories.clean(ordering.columns(fleet))
    experience = learning.learn(cleaned)
    found = evidence.gather(cleaned, experience)
    weeks = ahead.usual_weeks(found)
    return Examples(
        features=features.described(found, experience),
        days=ahead.in_days(found, weeks[:, None] * np.exp(GRID)).astype(np.float32),
        truth=np.minimum(fleet.days_left, ahead.MAXIMUM_DAYS),
        weight=1 / (3 + 7 * np.clip(weeks, 0, 100)) ** 0.75,
    )


def observed(regime: Regime, *, is_low: bool) -> Fleet:
    """At any moment, or at one at which little is left."""
    random = np.random.default_rng(regime.seed)
    world = generate.truth(regime, random)
    return generate.observe(regime, world, random, last_day=_low_days(world, random) if is_low else None)


def _low_days(world: Truth, random: Random) -> Integers:
    """Of each printer, one of its days with little left; by what is left, never by how long that lasted."""
    first, last = generate.ASKED
    left = world.left[:, first:last]
    chance = np.where((left > 0) & (left <= LOW_POINTS), random.random(left.shape), 0.0)
    return first + np.argmax(chance, axis=1)


def joined(parts: list[Examples]) -> Examples:
    names = ("features", "days", "truth", "weight")
    return Examples(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def fit(many: Examples) -> Weights:
    random = np.random.default_rng(SEED)
    mean, scale = many.features.mean(axis=0), many.features.std(axis=0) + 1e-6
    mean[0], scale[0] = 0.0, 1.0
    width = many.features.shape[1]
    straight = np.zeros((width, 3))
    straight[1, 1:], straight[0, 1:] = scale[1], 0.2 + mean[1]  # the width that arithmetic gives, to begin with
    hidden = random.normal(0, 1 / np.sqrt(width), (width, UNITS))
    weights = Weights(mean, scale, hidden, straight, np.zeros((UNITS, 3)))
    moved = ("hidden", "straight", "output")
    first = {name: np.zeros_like(getattr(weights, name)) for name in moved}
    second = {name: np.zeros_like(getattr(weights, name)) for name in moved}
    turns = EPOCHS * (len(many.truth) // BATCH)
    for turn in range(turns):
        rows = random.integers(0, len(many.truth), BATCH)
        batch = Examples(many.features[rows], many.days[rows], many.truth[rows], many.weight[rows])
        pace = PACE * (0.5 + 0.5 * np.cos(np.pi * turn / turns)) + 1e-5
        for name, slope in _slopes(batch, weights).items():
            first[name] = 0.9 * first[name] + 0.1 * slope
            second[name] = 0.999 * second[name] + 0.001 * slope**2
            step = first[name] / (1 - 0.9 ** (turn + 1)) / (np.sqrt(second[name] / (1 - 0.999 ** (turn + 1))) + 1e-6)
            weights = replace(weights, **{name: getattr(weights, name) - pace * step})
    return weights


def _slopes(many: Examples, weights: Weights) -> dict[str, Floats]:
    """Of the loss, by each weight."""
    scaled = outlook.scaled(many.features, weights)
    units = np.tanh(scaled @ weights.hidden)
    raw = scaled @ weights.straight + units @ weights.output
    middle, below, above = outlook.log_marks(many.features, weights)
    moves = np.stack(
        [np.abs(raw[:, 0]) < 1.5, (raw[:, 1] > -4) & (raw[:, 1] < 1.2), (raw[:, 2] > -4) & (raw[:, 2] < 1.2)], axis=1
    )
    early, half, late = (
        pull(many, tau, shift) for tau, shift in zip(TAUS, (middle - below, middle, middle + above), strict=True)
    )
    by_raw = np.stack([early + half + late, -early * below, late * above], axis=1) * moves / len(many.truth)
    return {
        "hidden": scaled.T @ ((by_raw @ weights.output.T) * (1 - units**2)) + PULL * weights.hidden,
        "straight": scaled.T @ by_raw,
        "output": units.T @ by_raw + PULL * weights.output,
    }


def calibrated(weights: Weights, others: Examples) -> Weights:
    """Ranges as wide as fleets need that were not fitted on: each outer mark's distance times a factor (conformal)."""
    middle, below, above = outlook.log_marks(others.features, weights)
    off = shift_of_truth(others) - middle
    early, late = np.quantile(-off / below, 1 - TAUS[0]), np.quantile(off / above, TAUS[2])
    straight = weights.straight.copy()
    straight[0, 1:] += np.log(np.maximum([early, late], 1.0))
    return replace(weights, straight=straight)


def shift_of_truth(many: Examples) -> Floats:
    """Where on the grid the truth lies."""
    after = np.clip((many.days < many.truth[:, None]).sum(axis=1), 1, len(GRID) - 1)
    low, high = (np.take_along_axis(many.days, at[:, None], axis=1)[:, 0] for at in (after - 1, after))
    part = np.clip((many.truth - low) / np.maximum(high - low, 1e-6), 0.0, 1.0)
    return np.asarray(GRID[after - 1] + SPACE * part)


def pull(many: Examples, tau: float, shift: Floats) -> Floats:
    """How the pinball loss of a mark changes with its shift; smooth within some hours of the truth."""
    place = np.clip((shift - GRID[0]) / SPACE, 0, len(GRID) - 1.001)
    before = place.astype(np.int64)
    low = np.take_along_axis(many.days, before[:, None], axis=1)[:, 0].astype(np.float64)
    high = np.take_along_axis(many.days, before[:, None] + 1, axis=1)[:, 0].astype(np.float64)
    off = many.truth - (low + (high - low) * (place - before))
    side = np.where(off > 0, -tau, 1 - tau) * np.minimum(np.abs(off) / 0.1, 1)
    return np.asarray(side * np.maximum(high - low, 0.02) / SPACE * many.weight)


if __name__ == "__main__":
    sys.exit(main())
