"""Agreements on account and the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from econcierge.accounts.models import Customer
from econcierge.orders.models import Order


class AccountAgreement(models.Model):
    """A customer may buy on account, agreed with its dealer (R26)."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="account_agreement")
    credit_limit_minor = models.BigIntegerField(null=True)  # null: no limit agreed
    currency = models.CharField(max_length=3, default="CAD")
    payment_days = models.PositiveSmallIntegerField(default=30)
    agreed_on = models.DateField()
    ended_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.customer}: {self.payment_days} days"


class LedgerTransaction(models.Model):
    """One business fact in the books. `key` makes it once. Its entries sum to zero, checked at commit."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)  # order_on_account | order_cancelled
    key = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(name="ledger_once", fields=["customer", "key"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class LedgerEntry(models.Model):
    """A debit (positive) or credit (negative) to one account: receivable, sales, shipping, tax:GST ..."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    account = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CAD")

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_entry_not_zero", condition=~Q(amount_minor=0))]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor}"
