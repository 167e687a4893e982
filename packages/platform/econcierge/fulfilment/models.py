"""Distributors, stock, purchase orders, shipments."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from econcierge.accounts.models import Customer, Dealer
from econcierge.catalogue.models import Part
from econcierge.orders.models import Order, OrderLine


class Distributor(models.Model):
    """Who ships. `kind` names the adapter in `distributors/`; the secret stands in the environment variable named."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)  # sandbox
    base_url = models.URLField()
    secret_variable = models.CharField(max_length=60)
    stock_asked_at = models.DateTimeField(null=True, blank=True)  # when a job last went to ask what it holds

    def __str__(self) -> str:
        return self.name


class DealerDistributor(models.Model):
    """A dealer's account at a distributor, in order of preference."""

    dealer = models.ForeignKey(Dealer, on_delete=models.CASCADE, related_name="distributors")
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT)
    account_number = models.CharField(max_length=40)
    preference = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dealer_distributor_once", fields=["dealer", "distributor"]),
            models.UniqueConstraint(name="dealer_distributor_preference", fields=["dealer", "preference"]),
        ]

    def __str__(self) -> str:
        return f"{self.dealer} at {self.distributor}"


class Stock(models.Model):
    """What a distributor last said it holds (R21)."""

    distributor = models.ForeignKey(Distributor, on_delete=models.CASCADE)
    part = models.ForeignKey(Part, on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()
    cost_minor = models.BigIntegerField(null=True)
    lead_days = models.PositiveSmallIntegerField(default=1)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="stock_once", fields=["distributor", "part"])]

    def __str__(self) -> str:
        return f"{self.part}: {self.quantity}"


class PurchaseOrder(models.Model):
    """What a distributor is asked to ship for one order. `number` is the key of every request about it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="purchase_orders")
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT)
    account_number = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=20)  # fulfilment.types.PurchaseOrderState
    their_number = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="purchase_order_number", fields=["distributor", "number"]),
            models.UniqueConstraint(name="purchase_order_once", fields=["customer", "order", "distributor"]),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(closed_at__isnull=True), name="purchase_order_due")
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT)
    line = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=20)  # fulfilment.types.PurchaseOrderLineState
    expected_ship_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="purchase_order_line", fields=["customer", "purchase_order", "line"])
        ]

    def __str__(self) -> str:
        return f"{self.purchase_order_id}/{self.line}"


class Shipment(models.Model):
    """A parcel on its way; the distributor's own id makes its notice once."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="shipments")
    their_id = models.CharField(max_length=60)
    carrier = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=80)
    tracking_url = models.URLField(max_length=300, blank=True)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shipment_once", fields=["customer", "purchase_order", "their_id"]),
            models.CheckConstraint(
                name="shipment_order_of_time",
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("shipped_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number


class ShipmentLine(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField()
    serials = models.JSONField(default=list)  # of the cartridges in the box, as far as told

    class Meta:
        constraints = [models.UniqueConstraint(name="shipment_line", fields=["customer", "shipment", "order_line"])]

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.quantity}"
