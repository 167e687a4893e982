"""Models, parts, fits, thresholds, prices."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from econcierge.accounts.models import Dealer


class PrinterModel(models.Model):
    """A model of printer. Listed (half-open period): eligible for the free service (R07, R10)."""

    name = models.CharField(max_length=120, unique=True)  # "VersaLink C405"
    manufacturer = models.CharField(max_length=60, default="Xerox")
    family = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, blank=True)  # printer | multifunction
    colour = models.CharField(max_length=10, blank=True)  # mono | colour
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # other names devices give
    listed_from = models.DateField(null=True, blank=True)
    listed_to = models.DateField(null=True, blank=True)
    support_ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="model_listed_period",
                condition=Q(listed_to__isnull=True) | Q(listed_from__isnull=False, listed_to__gt=F("listed_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ModelThreshold(models.Model):
    """What "low" means for a kind of supply in a model, as its manufacturer sets it (R14), in percent left."""

    model = models.ForeignKey(PrinterModel, on_delete=models.CASCADE, related_name="thresholds")
    supply_kind = models.CharField(max_length=20)
    low_percent = models.PositiveSmallIntegerField()
    almost_empty_percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="threshold_once", fields=["model", "supply_kind"]),
            models.CheckConstraint(
                name="threshold_order",
                condition=Q(almost_empty_percent__lt=F("low_percent"), low_percent__lt=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.supply_kind}: {self.low_percent} %, {self.almost_empty_percent} %"


class Part(models.Model):
    """A supply as it is sold, by the manufacturer's part number. `sold`: only `retail` is ever offered."""

    part_number = models.CharField(max_length=40, unique=True)
    manufacturer = models.CharField(max_length=60, default="Xerox")
    kind = models.CharField(max_length=20)  # econcierge_printers.model.SupplyKind
    colour = models.CharField(max_length=20, blank=True)
    capacity_class = models.CharField(max_length=20, blank=True)  # standard | high | extra_high | only
    sold = models.CharField(max_length=12, default="unknown")  # retail | contract | disputed | unknown
    yield_pages = models.PositiveIntegerField(null=True, blank=True)
    yield_method = models.CharField(max_length=40, blank=True)  # "ISO/IEC 19798"
    regions = ArrayField(models.CharField(max_length=4), default=list, blank=True)  # NA EU DMO WW
    eligible = models.BooleanField(default=True)  # counts for coverage (R28)
    gtin = models.CharField(max_length=14, blank=True)
    unspsc = models.CharField(max_length=8, blank=True)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.part_number


class Fit(models.Model):
    """This part fits that model."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="fits")
    model = models.ForeignKey(PrinterModel, on_delete=models.CASCADE, related_name="fits")
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="fit_once", fields=["part", "model"])]

    def __str__(self) -> str:
        return f"{self.part} in {self.model}"


class Price(models.Model):
    """A dealer's price of a part before taxes, for a half-open period; periods of one part never overlap."""

    dealer = models.ForeignKey(Dealer, on_delete=models.CASCADE)
    part = models.ForeignKey(Part, on_delete=models.PROTECT)
    unit_price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CAD")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_positive", condition=Q(unit_price_minor__gt=0)),
            models.CheckConstraint(
                name="price_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]
        indexes = [models.Index(fields=["dealer", "part", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.part} {self.unit_price_minor} {self.currency}"
