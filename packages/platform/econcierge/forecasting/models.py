"""What was forecast: the latest of each slot, what was said over time, and what the fleet has in common."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from econcierge.accounts.models import Customer
from econcierge.supplies.models import Cartridge, Slot

SOON_DAYS = 14.0


class SupplyForecast(models.Model):
    """The latest forecast of a slot, as of its reading `at`; days from then. None of the figures without a basis."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    slot = models.OneToOneField(Slot, on_delete=models.CASCADE, related_name="forecast")
    cartridge = models.ForeignKey(Cartridge, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    made_at = models.DateTimeField()
    p10_days = models.FloatField(null=True)
    p50_days = models.FloatField(null=True)
    p90_days = models.FloatField(null=True)
    p_empty_7d = models.FloatField(null=True)
    p_empty_14d = models.FloatField(null=True)
    basis = models.CharField(max_length=8)  # forecasting.types.Basis

    class Meta:
        indexes = [
            # The few that may run out soon, beside those of every slot of a fleet.
            models.Index(name="forecast_soon", fields=["customer"], condition=Q(p10_days__lte=SOON_DAYS)),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.p50_days} days from {self.at:%Y-%m-%d}"


class Said(models.Model):
    """What was said of a cartridge: a row a week, and whenever the day moved much. Never changed afterwards."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="said")
    cartridge = models.ForeignKey(Cartridge, on_delete=models.CASCADE, related_name="said")
    said_on = models.DateField()
    p10_on = models.DateField()
    p50_on = models.DateField()
    p90_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="forecast_said_once", fields=["customer", "cartridge", "said_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}: on {self.said_on}, {self.p50_on}"


class FleetExperience(models.Model):
    """What all printers of a model have in common, or all printers ("" as model's name); nobody's in particular."""

    model_name = models.CharField(max_length=200, unique=True)
    figures = models.JSONField()  # forecasting.evidence.Experience
    series = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.model_name or "all"
