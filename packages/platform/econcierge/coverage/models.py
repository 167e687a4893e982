"""Terms, enrolments, verdicts, decisions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from econcierge.accounts.models import Customer
from econcierge.fleet.models import Printer
from econcierge.supplies.models import Cartridge


class TermsVersion(models.Model):
    """The programme's terms as dated data: values and the statement each comes from. A version is never changed."""

    programme = models.CharField(max_length=40)  # standard-ca
    version = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    values = models.JSONField()
    sources = models.JSONField()  # {"activation_quantity": "R28"}

    class Meta:
        constraints = [
            models.UniqueConstraint(name="terms_version_once", fields=["programme", "version"]),
            models.CheckConstraint(
                name="terms_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"


class Enrolment(models.Model):
    """A printer takes part in the programme."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    printer = models.OneToOneField(Printer, on_delete=models.CASCADE, related_name="enrolment")
    programme = models.CharField(max_length=40, default="standard-ca")
    enrolled_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    outside_supply_decided_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.printer} since {self.enrolled_on}"


class ReplacementVerdict(models.Model):
    """What the evidence says about a cartridge that came; a later row for the same cartridge supersedes."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    cartridge = models.ForeignKey(Cartridge, on_delete=models.CASCADE, related_name="verdicts")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=14)  # consistent | unknown | contradicted | excused
    evidence = models.JSONField(default=dict)
    decided_by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.cartridge_id}: {self.verdict}"


class Decision(models.Model):
    """A changed decision about one printer, with the facts it rests on; replayable. Added, never changed."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="coverage_decisions")
    decided_at = models.DateTimeField()
    on = models.DateField()
    status = models.CharField(max_length=14)  # coverage.types.Status
    reasons = models.JSONField()
    qualifying = models.PositiveIntegerField()
    required = models.PositiveIntegerField()
    active_from = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    next_step = models.CharField(max_length=24)
    terms_version = models.CharField(max_length=60)
    facts = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["customer", "printer", "-id"])]

    def __str__(self) -> str:
        return f"{self.printer_id}: {self.status} on {self.on}"


class Explanation(models.Model):
    """What a customer says about a cartridge that the programme did not deliver, or against a decision."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    cartridge = models.ForeignKey(Cartridge, on_delete=models.CASCADE, related_name="explanations")
    kind = models.CharField(max_length=10)  # coverage.types.ExplanationKind
    reason = models.CharField(max_length=20)  # coverage.types.ExplanationReason; "" of a contest
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            # A decision can be contested once.
            models.UniqueConstraint(
                name="contested_once", fields=["customer", "cartridge"], condition=Q(kind="contest")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cartridge_id}: {self.kind} {self.reason}"
