"""The time, read only by interfaces and passed on as `now` and `on`."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache

from django.utils import timezone

from econcierge_printers import clock as printers_clock


@cache
def _clock() -> printers_clock.Clock:
    return printers_clock.clock_from_environment()


def now() -> datetime:
    """This moment, UTC (the demo's own while a demo runs)."""
    return _clock()()


def wall() -> datetime:
    """This moment in the world where people sit, also in a demo: for what waits for a person or a programme's answer
    (codes, links and tokens that end), not for the office's days."""
    return timezone.now()


def speed() -> float | None:
    """How many seconds pass in a real one; None outside a demo."""
    clock = _clock()
    return clock.speed if isinstance(clock, printers_clock.DemoClock) else None


def day_of(moment: datetime) -> date:
    """The calendar day of a moment where the programme runs (settings `TIME_ZONE`)."""
    return timezone.localtime(moment).date()


def start_of(day: date) -> datetime:
    """Midnight of a day where the programme runs."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
