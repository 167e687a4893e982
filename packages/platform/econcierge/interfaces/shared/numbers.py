"""Numbers as people write them in the reader's language."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language

from econcierge.core.money import Money
from econcierge.interfaces.shared.moments import NO_BREAK, in_french


def percent(value: float | Decimal) -> str:
    """ "43 %" with a space that does not break; whole points, as gauges are no better."""
    whole = int(Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return f"{whole}{NO_BREAK}%"


def whole(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


def money(value: Money) -> str:
    """ "$129.00"; « 129,00 $ »."""
    return value.formatted(get_language() or "en-ca")


def cents(value: Decimal) -> str:
    """A price per page in cents, to a tenth: "2.1¢"; « 2,1 ¢ »."""
    text = number_format(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP), decimal_pos=1, use_l10n=True)
    return f"{text}{NO_BREAK}¢" if in_french() else f"{text}¢"


def rate(ppm: int) -> str:
    """A tax rate from parts per million: "9.975 %"."""
    value = (Decimal(ppm) / 10_000).normalize()
    places = max(0, -int(value.as_tuple().exponent))
    return f"{number_format(value, decimal_pos=places, use_l10n=True)}{NO_BREAK}%"
