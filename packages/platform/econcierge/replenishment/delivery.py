"""How long a delivery takes, as a range of days: what was measured here, leaning on what is usual while that is little.

Pure: what is usual counts as five deliveries, so the first of one's own already move the range and ten outweigh it.
"""

from __future__ import annotations

from collections.abc import Sequence

from econcierge.replenishment.types import Range

MOST_MEASURED = 50
BUSINESS_DAYS_A_WEEK = 5
DAYS_A_WEEK = 7
USUAL_EARLY, USUAL_LATE = 0.8, 1.6  # of the usual time: 10 of 100 come before, 90 of 100 by then
LEAST_LATE_DAYS = 0.5  # the slow end is never closer to the middle than half a day


def usual(*, business_days: int) -> Range:
    """What the terms of delivery say, in calendar days, with room for a parcel that is late."""
    middle = max(business_days, 1) * DAYS_A_WEEK / BUSINESS_DAYS_A_WEEK
    return Range(middle * USUAL_EARLY, middle, middle * USUAL_LATE)


def expected(*, days_taken: Sequence[float], usual: Range) -> Range:
    """From how many days past deliveries took, the latest first; only the last `MOST_MEASURED` count."""
    known = [
        *days_taken[:MOST_MEASURED],
        usual.p10_days,
        usual.p50_days,
        usual.p50_days,
        usual.p50_days,
        usual.p90_days,
    ]
    days = sorted(known)
    middle = _quantile(days, 0.5)
    return Range(_quantile(days, 0.1), middle, max(_quantile(days, 0.9), middle + LEAST_LATE_DAYS))


def later(delivery: Range, *, days: float) -> Range:
    """The same when the order waits so long before it is placed (an automatic order's notice)."""
    return Range(delivery.p10_days + days, delivery.p50_days + days, delivery.p90_days + days)


def _quantile(days: Sequence[float], share: float) -> float:
    """Between the two nearest of sorted days."""
    at = share * (len(days) - 1)
    low = int(at)
    high = min(low + 1, len(days) - 1)
    return days[low] + (at - low) * (days[high] - days[low])
