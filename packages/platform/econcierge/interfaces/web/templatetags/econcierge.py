"""Words, numbers, moments and bars for templates; each a thin door to its module."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from econcierge.accounts import rules as accounts
from econcierge.accounts.types import Actor, Permission
from econcierge.core import clock
from econcierge.core.money import Money
from econcierge.interfaces.shared import moments, numbers, wording
from econcierge.interfaces.web import bars
from econcierge.orders.models import OrderLine

register = template.Library()


@register.simple_tag
def supply_bar(bar: bars.Bar) -> SafeString:
    return bars.wide(bar)


@register.simple_tag
def small_bar(bar: bars.Bar) -> SafeString:
    return bars.narrow(bar)


@register.simple_tag
def supplies_in_table(supplies: Iterable[bars.Bar], others: Iterable[bars.Bar]) -> SafeString:
    return bars.in_table(supplies, others)


@register.filter
def word(code: str, table: str) -> str:
    return wording.word(table, code)


@register.filter
def sentence(text: str) -> str:
    return wording.sentence(str(text))


@register.filter
def money(value: Money) -> str:
    return numbers.money(value)


@register.filter
def minor(amount: int, currency: str = "CAD") -> str:
    """Whole minor units of a currency."""
    return numbers.money(Money(amount, currency))


@register.filter
def cents(value: Decimal) -> str:
    return numbers.cents(value)


@register.filter
def percent(value: float) -> str:
    return numbers.percent(value)


@register.filter
def whole(value: int) -> str:
    return numbers.whole(value)


@register.filter
def rate(ppm: int) -> str:
    return numbers.rate(ppm)


@register.filter
def ago(value: datetime, now: datetime) -> str:
    return moments.ago(value, now=now)


@register.filter
def moment(value: datetime, now: datetime) -> str:
    return moments.moment(value, now=now)


@register.filter
def date_of(value: date | datetime, now: datetime | None = None) -> str:
    """A date in full; without its year when that is near the present moment."""
    day = clock.day_of(value) if isinstance(value, datetime) else value
    return moments.date_of(day, on=clock.day_of(now) if now else None)


@register.filter
def day(value: date | datetime, now: datetime) -> str:
    on = clock.day_of(value) if isinstance(value, datetime) else value
    return moments.day(on, on=clock.day_of(now))


@register.filter
def since(value: date, now: datetime) -> str:
    return moments.since(value, on=clock.day_of(now))


@register.filter
def around(value: date, now: datetime) -> str:
    return moments.around(value, on=clock.day_of(now))


@register.filter
def long(days: float) -> str:
    return moments.about_so_long(days)


@register.filter
def may(actor: Actor | None, permission: str) -> bool:
    """Whether a person's role carries a permission (by its code)."""
    return actor is not None and actor.role is not None and accounts.may(actor.role, Permission(permission))


@register.filter
def clock_time(value: datetime) -> str:
    return moments.time_of_day(value)


@register.simple_tag
def supply_name(kind: str, colour: str = "") -> str:
    return wording.sentence(wording.supply(kind, colour))


@register.simple_tag
def line_amount(line: OrderLine, currency: str) -> str:
    return numbers.money(Money(line.unit_price_minor * line.quantity, currency))
