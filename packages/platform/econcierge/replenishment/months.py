"""Calendar months where the programme runs: limits and reports go by them."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone


def first_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def starts_at(day: date) -> datetime:
    """Midnight of a day in the programme's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
