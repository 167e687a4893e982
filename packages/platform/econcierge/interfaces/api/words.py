"""Small shapes and words that several answers share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page
from django.urls import reverse

from econcierge.core.money import Money
from econcierge.interfaces.shared import numbers


def money(value: Money) -> dict[str, Any]:
    return {"amount_minor": value.amount_minor, "currency": value.currency, "text": numbers.money(value)}


def money_or_none(value: Money | None) -> dict[str, Any] | None:
    return None if value is None else money(value)


def portal(name: str, *arguments: object, **query: object) -> str:
    """The address of a page of the portal."""
    address = settings.PUBLIC_URL + reverse(name, args=arguments)
    return f"{address}?{urlencode(query)}" if query else address


def next_page(path: str, page: Page, **query: object) -> str | None:
    """The address of the next page of a list; empty filters are left out."""
    if not page.has_next():
        return None
    asked = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{settings.PUBLIC_URL}{path}?{urlencode({**asked, 'page': page.next_page_number()})}"
