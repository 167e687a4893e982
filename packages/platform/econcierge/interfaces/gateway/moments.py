"""Moments that assistants send: made UTC, and refused where they cannot be meant."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.http import parse_http_date_safe

from econcierge.fleet import rules
from econcierge.interfaces.gateway import bodies


def own_clock(request: HttpRequest) -> datetime | None:
    """What the computer's clock showed as it sent this (`Date`, RFC 9110 section 6.6.1); None: nothing legible."""
    unix_s = parse_http_date_safe(request.headers.get("Date", ""))
    return None if unix_s is None else datetime.fromtimestamp(unix_s, UTC)


def as_utc(moment: datetime | None, *, field: str) -> datetime | None:
    """Without a zone it is UTC already. Raises `Refused` (400) for what no calendar in UTC has."""
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment is not None else None
    except (OverflowError, ValueError):
        raise bodies.Refused(400, field, "is not a moment that can be kept") from None


def plausible(moment: datetime | None, *, field: str, now: datetime) -> datetime | None:
    """Raises `Refused` (400) for a moment before the year 2000 or more than a year ahead."""
    if moment is not None and not rules.is_plausible(moment=moment, now=now):
        raise bodies.Refused(400, field, "lies before the year 2000 or more than a year ahead")
    return moment
