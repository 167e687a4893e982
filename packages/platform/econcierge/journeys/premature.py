"""Cartridges that were thrown away with much left, and what that cost (P32): the part's price times the share left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from econcierge.accounts.models import Customer
from econcierge.accounts.types import Scope
from econcierge.catalogue import queries as catalogue
from econcierge.core.money import Money
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import CartridgeLife


@dataclass(frozen=True, slots=True)
class Wasted:
    """`cost` before taxes at the dealer's price of the day, None where the part or its price is not known."""

    life: CartridgeLife
    cost: Money | None


def wasted(
    scope: Scope,
    *,
    since: datetime,
    on: date,
    until: datetime | None = None,
    printer_ids: Collection[int] | None = None,
) -> list[Wasted]:
    """The latest first; a fixed number of queries for each dealer."""
    lives = supplies.premature(scope, since=since, until=until, printer_ids=printer_ids)
    if not lives:
        return []
    parts = catalogue.parts(part_numbers={life.part_number for life in lives if life.part_number})
    dealers = dict(Customer.objects.filter(pk__in={life.customer_id for life in lives}).values_list("pk", "dealer_id"))
    ids = [part.pk for part in parts.values()]
    prices = {dealer: catalogue.price(dealer_id=dealer, part_ids=ids, on=on) for dealer in set(dealers.values())}
    return [Wasted(life, _cost(life, parts, prices.get(dealers.get(life.customer_id), {}))) for life in lives]


def _cost(life: CartridgeLife, parts: dict[str, catalogue.Part], prices: dict[int, Money]) -> Money | None:
    part = parts.get(life.part_number)
    price = None if part is None else prices.get(part.pk)
    if price is None or life.percent_when_left is None:
        return None
    return Money(round(price.amount_minor * life.percent_when_left / 100), price.currency)
