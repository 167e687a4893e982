"""Which messages may be refused, and when one is tried again."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from econcierge.notifications.types import Due, Habit, Kind

# A person may refuse what is only good to know; what they ordered or asked for is always told (CASL: transactional).
REFUSABLE = frozenset(
    {
        Kind.SUPPLY_LOW,
        Kind.SUPPLY_ALMOST_EMPTY,
        Kind.DEALER_SUPPLY_EARLY,
        Kind.COVERAGE_ACTIVE,
        Kind.COVERAGE_CHANGED,
        Kind.MONTHLY_REPORT,
    }
)
NOT_GATHERED = frozenset({Kind.SUPPLY_ALMOST_EMPTY})  # too late tomorrow
# Enhanced status codes (RFC 3463) that speak of the message or the day, not of the address: policy, full, too big.
NOT_THE_ADDRESS = re.compile(r"\b5\.(?:2\.[23]|3\.\d|4\.\d|6\.\d|7\.\d)\b")
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


def due(*, kind: Kind, habit: Habit | None, now: datetime) -> Due:
    """When a message goes out: what people ordered or asked for at once, what can wait as its reader likes it."""
    if habit is None or not may_refuse(kind):
        return Due(now)
    zone = ZoneInfo(habit.time_zone)
    if habit.daily_at is not None and kind not in NOT_GATHERED:
        return Due(_next(habit.daily_at, after=now, zone=zone), is_gathered=True)
    if habit.quiet_from is None or habit.quiet_to is None:
        return Due(now)
    is_quiet = _is_between(now.astimezone(zone).time(), habit.quiet_from, habit.quiet_to)
    return Due(_next(habit.quiet_to, after=now, zone=zone) if is_quiet else now)


def is_address_at_fault(*, said: str) -> bool:
    """Whether a server's refusal for good means that there is no such address, rather than its policy or its day."""
    return NOT_THE_ADDRESS.search(said) is None


def _is_between(at: time, start: time, end: time) -> bool:
    """Half-open, over midnight too; the same time twice is never."""
    return start <= at < end if start <= end else at >= start or at < end


def _next(at: time, *, after: datetime, zone: ZoneInfo) -> datetime:
    local = after.astimezone(zone)
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return datetime.combine(day, at, tzinfo=zone)
