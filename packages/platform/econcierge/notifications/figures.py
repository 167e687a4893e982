"""Days, moments, money and percentages of a message's plain values, as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.formats import number_format
from django.utils.translation import get_language

from econcierge.core.money import Money

NO_BREAK = "\u00a0"


def day(value: str | None) -> str:
    """ "November 23, 2026", « 23 novembre 2026 » of an ISO day or moment; "" of nothing."""
    if not value:
        return ""
    parsed = _day(value)
    if not _in_french():
        return formatted(parsed, "F j, Y").replace(" ", NO_BREAK, 1)
    number = "1er" if parsed.day == 1 else str(parsed.day)
    return NO_BREAK.join((number, formatted(parsed, "F"), str(parsed.year)))


def month(value: str) -> str:
    """ "October 2026", « octobre 2026 » of an ISO day."""
    return formatted(_day(value), "F Y").replace(" ", NO_BREAK)


def moment(value: str | None) -> str:
    """ "November 23, 2026, 14:30", « 23 novembre 2026, 14 h 30 » of an ISO moment; "" of nothing."""
    if not value:
        return ""
    local = timezone.localtime(datetime.fromisoformat(value))
    if not _in_french():
        return f"{day(value)}, {local:%H:%M}"
    minutes = f"{NO_BREAK}{local.minute:02}" if local.minute else ""
    return f"{day(value)}, {local.hour}{NO_BREAK}h{minutes}"


def money(amount_minor: int, currency: str = "CAD") -> str:
    """ "$1,234.50", « 1 234,50 $ »."""
    return Money(int(amount_minor), currency).formatted(get_language() or "en-ca")


def percent(value: float | str) -> str:
    """Whole points, as gauges are no better; with a space that does not break, as Canadian offices write it."""
    return f"{round(float(value))}{NO_BREAK}%"


def rate(ppm: int) -> str:
    """A tax rate from parts per million: "9.975 %"."""
    value = (Decimal(ppm) / 10_000).normalize()
    places = max(0, -int(value.as_tuple().exponent))
    return f"{number_format(value, decimal_pos=places, use_l10n=True)}{NO_BREAK}%"


def _day(value: str) -> date:
    if len(value) <= 10:
        return date.fromisoformat(value)
    return timezone.localtime(datetime.fromisoformat(value)).date()


def _in_french() -> bool:
    return (get_language() or "").startswith("fr")
