"""Episodes."""

from __future__ import annotations

from django.db import models

from econcierge.accounts.models import Customer
from econcierge.supplies.models import Cartridge, Slot


class Episode(models.Model):
    """A cartridge reached a threshold: once per cartridge and threshold, whatever the gauge does afterwards."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="episodes")
    cartridge = models.ForeignKey(Cartridge, on_delete=models.CASCADE, related_name="episodes")
    threshold = models.CharField(max_length=12)  # low | almost_empty
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    because = models.CharField(max_length=12)  # device | model | programme | customer | passed
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="episode_once", fields=["customer", "cartridge", "threshold"]),
        ]
        indexes = [
            # The few that are open, beside those of every cartridge that ever was.
            models.Index(name="episode_open", fields=["customer"], condition=models.Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.cartridge_id} {self.threshold}"
