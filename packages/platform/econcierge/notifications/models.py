"""The delivery log and what people chose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from econcierge.accounts.models import Customer


class Delivery(models.Model):
    """One message to one person, written with the change it tells; taken to the mail server by a leased job.

    `context` holds what the template needs, plain values only; `key` makes it once (kind, subject and person).
    """

    class State(models.TextChoices):
        PENDING = "pending"
        SENT = "sent"
        FAILED = "failed"
        WAITING = "waiting"  # for the one mail a day that its reader asked for
        GATHERED = "gathered"  # told in that mail
        ASIDE = "aside"  # mail to this address came back, so none is sent until somebody tries again

    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)  # supply_low, order_confirmed ... (notifications.types.Kind)
    language = models.CharField(max_length=5)
    address = models.EmailField()
    context = models.JSONField()
    key = models.CharField(max_length=200)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    gathered_in = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="gathered")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["customer", "user", "key"], nulls_distinct=False),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="delivery_to_gather"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}: {self.state}"


class Preference(models.Model):
    """A person's wish about one kind of message; no row: they get it. Messages about orders cannot be refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(name="preference_once", fields=["user", "kind"])]

    def __str__(self) -> str:
        return f"{self.user} {self.kind}: {self.wanted}"


class Habit(models.Model):
    """How a person wants what can wait: at once or in one mail a day, not at night, not about every site.

    Times are of `time_zone`. Sites are named by what is not wanted, so that a new site is heard of.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="habit")
    time_zone = models.CharField(max_length=40, default="America/Toronto")
    daily_at = models.TimeField(null=True)  # None: at once
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    muted_site_ids = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="habit_quiet_both",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {'at once' if self.daily_at is None else self.daily_at}"


class SetAside(models.Model):
    """An address from which mail came back for good; nothing is sent there until somebody tries again."""

    address = models.EmailField(unique=True)  # in small letters
    since = models.DateTimeField()
    said = models.CharField(max_length=500)  # the mail server's words

    def __str__(self) -> str:
        return f"{self.address} since {self.since:%Y-%m-%d}"
