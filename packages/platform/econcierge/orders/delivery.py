"""How orders travel: the delivery choices of a day, read from `data/delivery_terms.csv` (R23)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources

from econcierge.core.errors import Invalid
from econcierge.orders import types as t

Dated = tuple[date, date | None, t.DeliveryTerms]


def terms_on(on: date) -> tuple[t.DeliveryTerms, ...]:
    """The choices of a day, the standard one first."""
    return tuple(terms for start, end, terms in _terms() if start <= on and (end is None or on < end))


def chosen(*, kind: str, options: Sequence[t.DeliveryOption]) -> t.DeliveryOption:
    """One of the options; raises `Invalid` for a kind that is not offered."""
    for option in options:
        if option.kind == kind:
            return option
    raise Invalid(f"delivery {kind!r} is not offered", fields=("delivery",))


@cache
def _terms() -> tuple[Dated, ...]:
    file = resources.files("econcierge.orders") / "data" / "delivery_terms.csv"
    with file.open(encoding="utf-8") as text:
        return tuple(_row(row) for row in csv.DictReader(text))


def _row(row: dict[str, str]) -> Dated:
    terms = t.DeliveryTerms(
        kind=t.DeliveryKind(row["kind"]),
        transit_business_days=int(row["transit_business_days"]),
        price_minor=int(row["price_minor"]),
    )
    end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    return date.fromisoformat(row["valid_from"]), end, terms
