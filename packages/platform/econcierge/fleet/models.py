"""Sites, printers, assistants."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from econcierge.accounts.models import Customer
from econcierge.catalogue.models import PrinterModel
from econcierge.fleet import rules


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
    paired_at = models.DateTimeField()
    last_report_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


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
    retired_at = models.DateTimeField(null=True)

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
