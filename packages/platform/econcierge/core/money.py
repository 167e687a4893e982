"""Money: whole minor units (cents) with a currency; fractions exist only while prices per page are compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from moneyed import Money as MoneyedMoney
from moneyed.l10n import format_money


@dataclass(frozen=True, slots=True)
class Money:
    amount_minor: int
    currency: str = "CAD"

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.amount_minor * quantity, self.currency)

    def formatted(self, language: str) -> str:
        """As people write it: "1 234,50 $" for `fr-ca`, "$1,234.50" for `en-ca`."""
        locale = "fr_CA" if language.startswith("fr") else "en_CA"
        return format_money(MoneyedMoney(Decimal(self.amount_minor) / 100, self.currency), locale=locale)
