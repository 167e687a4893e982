"""Standing orders, what was proposed under them, every move of both, and what a customer chose for its reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from econcierge.accounts.models import Customer
from econcierge.catalogue.models import Part
from econcierge.fleet.models import Printer, Site
from econcierge.orders.models import Order
from econcierge.supplies.models import Cartridge, Slot


class StandingOrder(models.Model):
    """A customer lets a printer's supplies, or one of them (`slot`), be ordered by themselves, within limits (R27).

    `site` is where the printer stood when a person last confirmed, and prices of `confirmed_on` are what they saw:
    a printer that moved or a price that jumped since then stops it. Limits are totals with delivery and taxes.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="standing_orders")
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="standing_orders")
    slot = models.ForeignKey(Slot, null=True, on_delete=models.CASCADE, related_name="standing_orders")
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    state = models.CharField(max_length=8)  # replenishment.standing_types.StandingState
    stop_reason = models.CharField(max_length=20, blank=True)  # standing_types.StopReason, while it is stopped
    choice = models.CharField(max_length=12)  # standing_types.Choice
    part = models.ForeignKey(Part, null=True, on_delete=models.PROTECT)  # choice "part"
    per_order_minor = models.BigIntegerField()
    per_month_minor = models.BigIntegerField()
    approve_above_minor = models.BigIntegerField(null=True)
    approver = models.CharField(max_length=24)  # accounts.types.Role
    price_jump_percent = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3, default="CAD")
    confirmed_on = models.DateField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="standing_order_once", fields=["customer", "printer", "slot"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="standing_order_limits",
                condition=Q(per_order_minor__gt=0) & Q(per_month_minor__gte=F("per_order_minor")),
            ),
            models.CheckConstraint(
                name="standing_order_part",
                condition=Q(choice="part", part__isnull=False, slot__isnull=False)
                | (~Q(choice="part") & Q(part__isnull=True)),
            ),
        ]
        indexes = [models.Index(name="standing_order_on", fields=["customer"], condition=Q(state="on"))]

    def __str__(self) -> str:
        return f"{self.printer_id}/{self.slot_id or 'all'}: {self.state}"


class StandingOrderEvent(models.Model):
    """Each change of a standing order: from, to, why, with which limits, by whom. Added, never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    standing_order = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=8, blank=True)
    to_state = models.CharField(max_length=8)
    reason = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(name="standing_event_story", fields=["customer", "standing_order", "at"])]

    def __str__(self) -> str:
        return f"{self.standing_order_id}: {self.from_state} -> {self.to_state}"


class ProposedOrder(models.Model):
    """One order that a standing order wants to place. `submission_key` follows from its id: it is one order for ever.

    Of one standing order at most one is open. `expires_at` None: nobody has to approve it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    standing_order = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=10)  # standing_types.ProposalState
    reason = models.CharField(max_length=20, blank=True)  # why it was stopped: standing_types.StopReason | Held
    proposed_at = models.DateTimeField()
    places_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    needs_approval = models.BooleanField(default=False)
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CAD")
    expected_on = models.DateField(null=True)
    submission_key = models.UUIDField(null=True, unique=True)
    order = models.OneToOneField(Order, null=True, on_delete=models.PROTECT, related_name="proposal")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="proposed_order_one_open",
                fields=["customer", "standing_order"],
                condition=Q(state__in=["proposed", "announced", "approved"]),
            ),
            models.CheckConstraint(
                name="proposed_order_placed", condition=Q(state="placed", order__isnull=False) | ~Q(state="placed")
            ),
        ]
        indexes = [
            models.Index(
                name="proposed_order_due", fields=["places_at"], condition=Q(state__in=["announced", "approved"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.standing_order_id} {self.proposed_at:%Y-%m-%d}: {self.state}"


class ProposedOrderLine(models.Model):
    """So many of one part for one slot, for the cartridge that sat in it then, and what the forecast said."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    proposed_order = models.ForeignKey(ProposedOrder, on_delete=models.CASCADE, related_name="lines")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="proposed_lines")
    cartridge = models.ForeignKey(Cartridge, null=True, on_delete=models.SET_NULL, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.PROTECT)
    quantity = models.PositiveSmallIntegerField()
    unit_price_minor = models.BigIntegerField()
    order_by_on = models.DateField(null=True)
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    p10_on = models.DateField(null=True)
    p90_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposed_line_once", fields=["customer", "proposed_order", "slot"]),
            models.CheckConstraint(name="proposed_line_quantity", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.proposed_order_id}: {self.quantity} × {self.part_id}"


class ProposedOrderMove(models.Model):
    """Each move of a proposed order: from, to, why, by whom. Added, never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    proposed_order = models.ForeignKey(ProposedOrder, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(name="proposed_move_story", fields=["customer", "proposed_order", "at"])]

    def __str__(self) -> str:
        return f"{self.proposed_order_id}: {self.from_state} -> {self.to_state}"


class ReportChoice(models.Model):
    """What a customer says for its monthly report: how long a printer used to take a week; None: no hours are shown."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="report_choice")
    minutes_a_week = models.DecimalField(max_digits=4, decimal_places=1, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_minutes", condition=Q(minutes_a_week__isnull=True) | Q(minutes_a_week__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.minutes_a_week} min"


class MonthlyReport(models.Model):
    """A month that was told to a customer's people, with its figures as they were; told once."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    month = models.DateField()  # its first day
    made_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="monthly_report_once", fields=["customer", "month"]),
            models.CheckConstraint(name="monthly_report_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m}"
