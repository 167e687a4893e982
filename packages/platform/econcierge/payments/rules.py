"""Which ledger entries an order makes, and whether it may still be bought on account."""

from __future__ import annotations

from collections.abc import Mapping

from econcierge.payments import types as t


def entries_for(amounts: t.Amounts) -> dict[str, int]:
    """The balanced entries of an order: the customer owes (debit, positive), sales and taxes are credited."""
    entries = {
        t.RECEIVABLE: amounts.total_minor,
        t.SALES: -amounts.goods_minor,
        t.SHIPPING: -amounts.shipping_minor,
    }
    for code, amount in amounts.taxes:
        entries[t.TAX_PREFIX + code] = entries.get(t.TAX_PREFIX + code, 0) - amount
    return {account: amount for account, amount in entries.items() if amount}


def difference(*, booked: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """The entries that bring what is booked to what is wanted; balanced when both are."""
    accounts = sorted(set(booked) | set(wanted))
    changes = {account: wanted.get(account, 0) - booked.get(account, 0) for account in accounts}
    return {account: amount for account, amount in changes.items() if amount}


def may_owe(*, credit: t.Credit, more_minor: int) -> bool:
    """Whether so much more stays within the credit limit."""
    return credit.left_minor is None or more_minor <= credit.left_minor
