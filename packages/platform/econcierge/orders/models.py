"""Orders, lines, taxes, events."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from econcierge.accounts.models import Customer, Dealer
from econcierge.catalogue.models import Part
from econcierge.fleet.models import Printer, Site


class NumberSeries(models.Model):
    """The last order number given by a dealer; locked while the next is taken."""

    dealer = models.OneToOneField(Dealer, on_delete=models.CASCADE)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.dealer}: {self.last}"


class TaxRate(models.Model):
    """A sales tax where goods are delivered, for a half-open period. Rates are parts per million (5 % = 50,000)."""

    region = models.CharField(max_length=3)  # province or territory of delivery
    code = models.CharField(max_length=4)  # GST | HST | QST | PST
    rate_ppm = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tax_rate_once", fields=["region", "code", "valid_from"]),
            models.CheckConstraint(
                name="tax_rate_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.code} {self.rate_ppm / 10_000} %"


class Order(models.Model):
    """What a customer ordered from its dealer. `submission_key` makes a double click one order.

    Its state follows from its lines (orders.rules); money is in minor units of `currency`.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    number = models.CharField(max_length=30)
    submission_key = models.UUIDField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    placed_at = models.DateTimeField()
    state = models.CharField(max_length=20)  # orders.types.OrderState
    payment = models.CharField(max_length=12, default="on_account")
    customer_reference = models.CharField(max_length=60, blank=True)  # the customer's own purchase order number
    delivery = models.CharField(max_length=12, default="ground")  # ground | express
    ship_to = models.JSONField()
    ships_by_at = models.DateTimeField()  # the 24-hour promise (R22)
    expected_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, default="CAD")
    goods_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField(default=0)
    taxes = models.JSONField(default=list)  # [{"code": "GST", "rate_ppm": 50000, "amount_minor": 645}]
    total_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="order_submission", fields=["customer", "submission_key"]),
            models.UniqueConstraint(name="order_number", fields=["dealer", "number"]),
            models.CheckConstraint(name="order_total", condition=Q(total_minor__gte=0)),
        ]
        indexes = [
            models.Index(fields=["customer", "-placed_at"]),
            models.Index(fields=["dealer", "-placed_at"]),
            models.Index(
                name="order_not_shipped",
                fields=["ships_by_at"],
                condition=Q(state__in=["placed", "accepted", "back_ordered"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """So many of one part, for one printer, and how far they have come."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    part = models.ForeignKey(Part, on_delete=models.PROTECT)
    printer = models.ForeignKey(Printer, null=True, on_delete=models.SET_NULL, related_name="order_lines")
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    eligible = models.BooleanField()
    state = models.CharField(max_length=20)  # orders.types.LineState
    quantity_shipped = models.PositiveIntegerField(default=0)
    quantity_delivered = models.PositiveIntegerField(default=0)
    delivered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="order_line_position", fields=["customer", "order", "position"]),
            models.CheckConstraint(name="order_line_quantity", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="order_line_never_too_many",
                condition=Q(quantity_shipped__lte=F("quantity"), quantity_delivered__lte=F("quantity_shipped")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class BasketLine(models.Model):
    """What a person put aside to order: so many of a part for a printer, at the price before taxes that they saw.

    `put_at` is when they last said that they want it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="basket_lines")
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="basket_lines")
    part = models.ForeignKey(Part, on_delete=models.CASCADE)
    quantity = models.PositiveSmallIntegerField()
    put_at = models.DateTimeField()
    seen_price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CAD")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="basket_line_once", fields=["user", "printer", "part"]),
            models.CheckConstraint(name="basket_line_quantity", condition=Q(quantity__gte=1, quantity__lte=99)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.part_id} for {self.printer_id}"


class OrderEvent(models.Model):
    """Each change of an order or a line: from, to, why, when. Added, never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    line = models.ForeignKey(OrderLine, null=True, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "order", "at"])]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.from_state} -> {self.to_state}"
