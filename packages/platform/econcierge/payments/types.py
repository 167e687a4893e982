"""Accounts of the ledger, and what a customer may still buy on account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RECEIVABLE = "receivable"
SALES = "sales"
SHIPPING = "shipping"
TAX_PREFIX = "tax:"


class TransactionKind(StrEnum):
    ORDER_ON_ACCOUNT = "order_on_account"
    ORDER_CANCELLED = "order_cancelled"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an order comes to, in minor units of one currency; taxes by code."""

    goods_minor: int
    shipping_minor: int
    taxes: tuple[tuple[str, int], ...]

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.shipping_minor + sum(amount for _code, amount in self.taxes)


@dataclass(frozen=True, slots=True)
class Credit:
    """`left_minor` None: no limit was agreed; negative: more is owed than the limit."""

    limit_minor: int | None
    owed_minor: int
    currency: str

    @property
    def left_minor(self) -> int | None:
        return None if self.limit_minor is None else self.limit_minor - self.owed_minor
