"""What is agreed and what is owed."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet, Sum

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.payments import types as t
from econcierge.payments.models import AccountAgreement, LedgerEntry


def agreements(scope: Scope, *, customer_id: int, on: date) -> QuerySet[AccountAgreement]:
    """The agreement in force on a day, if there is one."""
    found = accounts.limit(scope, AccountAgreement.objects.all())
    in_force = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return found.filter(in_force, customer_id=customer_id, agreed_on__lte=on)


def owed_minor(*, customer_id: int, currency: str) -> int:
    """What a customer owes its dealer now."""
    entries = LedgerEntry.objects.filter(customer_id=customer_id, account=t.RECEIVABLE, currency=currency)
    return int(entries.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def credit(agreement: AccountAgreement) -> t.Credit:
    owed = owed_minor(customer_id=agreement.customer_id, currency=agreement.currency)
    return t.Credit(agreement.credit_limit_minor, owed, agreement.currency)


def booked(*, order_id: int) -> dict[str, int]:
    """What the ledger says of an order, by account."""
    entries = LedgerEntry.objects.filter(transaction__order_id=order_id).values("account")
    return {row["account"]: int(row["sum"]) for row in entries.annotate(sum=Sum("amount_minor")) if row["sum"]}
