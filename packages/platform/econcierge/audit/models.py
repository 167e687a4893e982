"""The record itself."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """Who did what to which thing. `actor_id` null: the platform itself. Never changed, never deleted."""

    at = models.DateTimeField()
    customer_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=60)  # "order.placed"
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["customer_id", "subject_type", "subject_id", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
