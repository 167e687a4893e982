"""Sites, printers, assistants, how these are connected and what they are told."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import Q

from econcierge.accounts.models import Customer, Membership, User
from econcierge.catalogue.models import PrinterModel
from econcierge.fleet import rules
from econcierge.fleet.types import DISCOVERY_METHODS, Client, CommandKind, PairingState


def every_method() -> list[str]:
    return list(DISCOVERY_METHODS)


class Site(models.Model):
    """A place of a customer where printers stand and parcels arrive."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sites")
    slug = models.SlugField()
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=120, blank=True)
    address_line_1 = models.CharField(max_length=120)
    address_line_2 = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=3)  # province or territory, "QC"
    postal_code = models.CharField(max_length=10)
    country = models.CharField(max_length=2, default="CA")

    class Meta:
        constraints = [models.UniqueConstraint(name="site_slug", fields=["customer", "slug"])]

    def __str__(self) -> str:
        return self.name


class Assistant(models.Model):
    """A computer with the monitoring service, paired with a site. Its token is kept only as a hash."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    token_sha256 = models.CharField(max_length=64, unique=True)
    # Given, and not used yet; null, as there is only one "" in a unique column.
    next_token_sha256 = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    paired_at = models.DateTimeField()
    last_report_at = models.DateTimeField(null=True)
    clock_skew_s = models.BigIntegerField(null=True)  # our clock less its own, as last heard; null: it did not say
    revoked_at = models.DateTimeField(null=True)
    # What its last heartbeat said.
    last_heartbeat_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    host = models.CharField(max_length=120, blank=True)
    waiting = models.PositiveIntegerField(default=0)  # reports that it could not deliver yet
    oldest_waiting_at = models.DateTimeField(null=True)
    printers_read = models.PositiveIntegerField(default=0)
    printers_silent = models.PositiveIntegerField(default=0)
    settings_version = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)  # [{"code", "text"}]

    def __str__(self) -> str:
        return self.name


class PairingRequest(models.Model):
    """A computer that asks to be connected (RFC 8628); the device code is kept only as a hash.

    Nobody's until a person has approved it, who then gives it a customer: as an assistant's, its site, as a
    desktop's, the person's own membership.
    """

    device_sha256 = models.CharField(max_length=64, unique=True)
    user_code = models.CharField(max_length=8)
    client = models.CharField(max_length=12, choices=[(client.value, client.value) for client in Client])
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in PairingState])
    computer_name = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=40, blank=True)
    invitation = models.CharField(max_length=16, blank=True)
    together_with = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    interval_s = models.PositiveSmallIntegerField(default=5)
    polled_at = models.DateTimeField(null=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, null=True, on_delete=models.CASCADE)
    membership = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.CASCADE)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pairing_code_once_alive", fields=["user_code"], condition=Q(state=PairingState.WAITING)
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} {self.computer_name}"


class WrongCode(models.Model):
    """A person typed a pairing code that nobody waits with; too many of them, and they have to wait."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "at"])]

    def __str__(self) -> str:
        return f"{self.user} {self.at}"


class SiteSettings(models.Model):
    """What the assistants of a site are told: where to look, how often, whom to leave alone. Never a secret."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="settings")
    version = models.PositiveIntegerField(default=1)
    ranges = models.JSONField(default=list)  # ["10.0.0.0/24", "10.0.1.7:161"]; empty: the networks it stands in
    deny = models.JSONField(default=list)  # addresses and MACs that are never asked
    interval_s = models.PositiveIntegerField(default=900)
    near_empty_interval_s = models.PositiveIntegerField(default=300)
    night_interval_s = models.PositiveIntegerField(default=3600)
    night_from = models.TimeField(default=time(20, 0))
    night_to = models.TimeField(default=time(6, 0))
    discover = models.BooleanField(default=True)
    discovery_at = models.TimeField(default=time(3, 0))
    methods = models.JSONField(default=every_method)
    heartbeat_h = models.PositiveSmallIntegerField(default=6)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.site} {self.version}"


class Command(models.Model):
    """Something a person asked of an assistant; repeated to it until it says that it is done."""

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="commands")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in CommandKind])
    targets = models.JSONField(null=True)  # None: all
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["assistant", "asked_at"], condition=Q(done_at=None), name="command_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"


class Printer(models.Model):
    """A printer of a customer, known by serial, then MAC, then model and host name; its address is only where it was.

    `networked` false: added by hand (R08). What it last said of itself is kept as said.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="printers")
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    model = models.ForeignKey(PrinterModel, null=True, on_delete=models.PROTECT)
    label = models.CharField(max_length=120, blank=True)  # what people call it: "Reception"
    place = models.CharField(max_length=120, blank=True)  # "2nd floor"
    manufacturer = models.CharField(max_length=60, blank=True)
    model_name = models.CharField(max_length=120, blank=True)  # as the device says it
    serial = models.CharField(max_length=60, blank=True)
    serial_key = models.CharField(max_length=60, blank=True)  # normalised
    mac = models.CharField(max_length=17, blank=True)
    hostname = models.CharField(max_length=120, blank=True)
    hostname_key = models.CharField(max_length=120, blank=True)  # without its domain, lower case
    firmware = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=120, blank=True)  # where the assistant last found it
    networked = models.BooleanField(default=True)
    managed_print = models.BooleanField(default=False)
    installed_on = models.DateField(null=True, blank=True)
    warranty_ends_on = models.DateField(null=True, blank=True)
    extension_ends_on = models.DateField(null=True, blank=True)
    first_read_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="unknown")  # econcierge_printers.model.PrinterState
    conditions = models.JSONField(default=list)
    console = models.JSONField(default=list)
    device_alerts = models.JSONField(default=list)
    pages_total = models.BigIntegerField(null=True)
    pages_unit = models.CharField(max_length=12, default="unknown")
    pages_before = models.BigIntegerField(default=0)  # what earlier epochs of the counter add (fleet.types.PageCount)
    pages_doubt = models.JSONField(null=True)  # a count that goes back and is not believed yet (fleet.types.Doubt)
    retired_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")  # it is that one
    told_apart_at = models.DateTimeField(null=True)  # a person said that another one with its serial is another one

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="printer_serial", fields=["customer", "serial_key"], condition=~Q(serial_key="")
            ),
        ]
        indexes = [models.Index(fields=["customer", "mac"]), models.Index(fields=["customer", "hostname_key"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call it, or the best that is known."""
        return rules.printer_name(
            label=self.label,
            hostname=self.hostname,
            model_name=self.model_name,
            serial=self.serial,
            printer_id=self.pk,
        )
