"""Writing the ledger. Every transaction balances, and its key makes it once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from econcierge.accounts.types import Scope
from econcierge.orders.models import Order
from econcierge.payments import queries, rules
from econcierge.payments import types as t
from econcierge.payments.models import AccountAgreement, LedgerEntry, LedgerTransaction


def lock_agreement(scope: Scope, *, customer_id: int, on: date) -> AccountAgreement | None:
    """The customer's agreement, locked: its orders on account are placed one after the other."""
    return queries.agreements(scope, customer_id=customer_id, on=on).select_for_update().first()


def charge_on_account(*, order: Order, now: datetime) -> LedgerTransaction | None:
    """Books a placed order: the customer owes its total."""
    taxes = tuple((tax["code"], tax["amount_minor"]) for tax in order.taxes)
    amounts = t.Amounts(order.goods_minor, order.shipping_minor, taxes)
    return _book(
        order=order,
        kind=t.TransactionKind.ORDER_ON_ACCOUNT,
        key=f"order-{order.pk}",
        entries=rules.entries_for(amounts),
        now=now,
    )


def credit_undone(*, order: Order, amounts: t.Amounts, key: str, now: datetime) -> LedgerTransaction | None:
    """Brings an order's books down to `amounts`, what is left of it after lines were refused or cancelled."""
    changes = rules.difference(booked=queries.booked(order_id=order.pk), wanted=rules.entries_for(amounts))
    return _book(order=order, kind=t.TransactionKind.ORDER_CANCELLED, key=key, entries=changes, now=now)


def _book(
    *, order: Order, kind: t.TransactionKind, key: str, entries: Mapping[str, int], now: datetime
) -> LedgerTransaction | None:
    """None when there is nothing to book, or this key was booked before."""
    if not entries:
        return None
    transaction, is_new = LedgerTransaction.objects.get_or_create(
        customer_id=order.customer_id, key=key, defaults={"order": order, "at": now, "kind": kind}
    )
    if not is_new:
        return None
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            customer_id=order.customer_id,
            transaction=transaction,
            account=account,
            amount_minor=amount,
            currency=order.currency,
        )
        for account, amount in entries.items()
    )
    return transaction
