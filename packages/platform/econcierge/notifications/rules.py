"""Which messages may be refused, and when one is tried again."""

from __future__ import annotations

from datetime import timedelta

from econcierge.notifications.types import Kind

# A person may refuse what is only good to know; what they ordered or asked for is always told (CASL: transactional).
REFUSABLE = frozenset(
    {
        Kind.SUPPLY_LOW,
        Kind.SUPPLY_ALMOST_EMPTY,
        Kind.COVERAGE_ACTIVE,
        Kind.COVERAGE_CHANGED,
        Kind.MONTHLY_REPORT,
    }
)
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
MOST_ATTEMPTS = 12


def may_refuse(kind: Kind) -> bool:
    return kind in REFUSABLE


def retry_after(*, attempts: int) -> timedelta | None:
    """How long to wait after this many failed attempts; None: give up (after about four days)."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
