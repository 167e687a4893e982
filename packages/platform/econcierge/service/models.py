"""Repair requests."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from econcierge.accounts.models import Customer, Provider
from econcierge.fleet.models import Printer


class ServiceRequest(models.Model):
    """A repair asked for, with the coverage of that moment kept beside it (R34).

    What the provider needs (which machine, where, whom to ask for) is copied, so that it sees no more than that.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    printer = models.ForeignKey(Printer, on_delete=models.PROTECT, related_name="service_requests")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT)
    number = models.CharField(max_length=30, unique=True)
    submission_key = models.UUIDField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    opened_at = models.DateTimeField()
    problem = models.TextField(max_length=2000)
    contact_name = models.CharField(max_length=120)
    contact_phone = models.CharField(max_length=40, blank=True)
    covered = models.BooleanField()
    coverage = models.JSONField()  # the decision of that moment
    machine = models.JSONField()  # {"name", "model", "serial", "place", "pages_total"}
    place = models.JSONField()  # address
    state = models.CharField(max_length=12)  # service.types.State
    visit_on = models.DateField(null=True)
    work_done = models.TextField(max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="service_request_submission", fields=["customer", "submission_key"]),
        ]
        indexes = [
            models.Index(fields=["customer", "-opened_at"]),
            models.Index(fields=["provider", "-opened_at"]),
        ]

    def __str__(self) -> str:
        return self.number


class ServiceEvent(models.Model):
    """Each step of a request: from, to, what was said, when. Added, never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="events")
    provider_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    note = models.TextField(max_length=2000, blank=True)
    actor_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.request_id}: {self.to_state}"
