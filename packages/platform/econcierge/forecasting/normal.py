"""The normal distribution for arrays, which numpy has not (Abramowitz and Stegun 7.1.26: good to 1e-7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TEN_PERCENT = 1.2815515655446004  # standard deviations from the median to the 10 and 90 % marks
_P = 0.3275911
_A = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


def density(score: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * np.minimum(score * score, 1400.0)) / np.sqrt(2 * np.pi))


def below(score: Floats) -> Floats:
    """How much of a normal distribution lies below so many standard deviations."""
    apart = np.minimum(np.abs(score), 37.0) / np.sqrt(2.0)
    t = 1.0 / (1.0 + _P * apart)
    tail = ((((_A[4] * t + _A[3]) * t + _A[2]) * t + _A[1]) * t + _A[0]) * t * np.exp(-apart * apart)
    return np.asarray(np.where(score >= 0, 1.0 - 0.5 * tail, 0.5 * tail))


def between(mean: Floats, deviation: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Mean and deviation of a normal value that is known to lie between two bounds."""
    deviation = np.maximum(deviation, 1e-6)
    a, b = (low - mean) / deviation, (high - mean) / deviation
    inside = below(b) - below(a)
    is_thin = inside < 1e-4
    inside = np.where(is_thin, 1.0, inside)
    shift = (density(a) - density(b)) / inside
    shrink = 1 + (a * density(a) - b * density(b)) / inside - shift * shift
    near = np.where(mean < low, low + 0.1 * (high - low), high - 0.1 * (high - low))
    found = np.where(is_thin, near, mean + deviation * shift)
    width = np.where(is_thin, 0.1 * (high - low), deviation * np.sqrt(np.maximum(shrink, 1e-4)))
    return np.clip(found, low, high), width
