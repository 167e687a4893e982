"""Slots, cartridges, levels, reports."""

from __future__ import annotations

from django.db import models

from econcierge.accounts.models import Customer
from econcierge.catalogue.models import Part
from econcierge.fleet.models import Assistant, Printer, Site


class Report(models.Model):
    """A message of an assistant that was taken in; its id makes a repeat harmless."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE)
    message_id = models.UUIDField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    readings = models.PositiveSmallIntegerField()  # used
    refused = models.JSONField(default=list)  # not used: [{"reading": 3, "target": "…", "reason": "too_old"}]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="report_once", fields=["customer", "assistant", "message_id"]),
        ]
        indexes = [
            # What was refused is looked for among very many reports that had nothing to refuse.
            models.Index(name="report_refused", fields=["assistant", "-received_at"], condition=~models.Q(refused=[])),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Slot(models.Model):
    """One place of a printer for one supply, and what it last said. `index` is the printer's own."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    printer = models.ForeignKey(Printer, on_delete=models.CASCADE, related_name="slots")
    index = models.CharField(max_length=64)  # econcierge_printers.limits.MAX_WORD_CHARACTERS
    kind = models.CharField(max_length=20)
    colour = models.CharField(max_length=20, blank=True)
    supply_class = models.CharField(max_length=10)
    description = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=20, default="unknown")
    source = models.CharField(max_length=20, default="printer-mib")
    state = models.CharField(max_length=16)  # econcierge_printers.model.LevelState
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    raw_level = models.BigIntegerField(null=True)
    raw_capacity = models.BigIntegerField(null=True)
    measured_at = models.DateTimeField(null=True)  # when a percentage was last said
    read_at = models.DateTimeField()  # when it last said anything
    changed_at = models.DateTimeField()  # when it last said something new
    cartridge = models.ForeignKey("Cartridge", null=True, on_delete=models.SET_NULL, related_name="+")
    course = models.JSONField(null=True)  # what the level has been doing (supplies.types.Course, supplies.coursefile)
    levels_seen = models.JSONField(default=list)  # the first different percentages; they show the gauge's step
    gone_at = models.DateTimeField(null=True)  # the printer no longer has this row
    panel = models.CharField(
        max_length=10, blank=True, default="", db_default=""
    )  # the device's own alert: low, empty, missing ...
    panel_disagrees = models.BooleanField(default=False, db_default=False)  # it and the level cannot both be right

    class Meta:
        constraints = [models.UniqueConstraint(name="slot_index", fields=["customer", "printer", "index"])]

    def __str__(self) -> str:
        return f"{self.printer_id}/{self.index} {self.colour} {self.kind}".strip()


class Cartridge(models.Model):
    """One cartridge's stay in a slot."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="cartridges")
    sequence = models.PositiveIntegerField()
    part_number = models.CharField(max_length=40, blank=True)
    serial = models.CharField(max_length=60, blank=True)
    installed_at = models.DateTimeField()  # first seen
    removed_at = models.DateTimeField(null=True)
    start_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    end_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    end_state = models.CharField(max_length=16, blank=True)  # measured: end_percent is of shortly before it left
    end_pages = models.BigIntegerField(null=True)  # over all epochs, as start_pages
    start_pages = models.BigIntegerField(null=True)
    evidence = models.CharField(max_length=12)  # supplies.types.CartridgeEvidence
    kind = models.CharField(max_length=12, default="first")  # supplies.types.CartridgeKind
    confidence = models.FloatField(default=1.0)  # that it came; below 1 where only levels or pages tell

    class Meta:
        indexes = [models.Index(fields=["customer", "serial"], name="cartridge_serial")]
        constraints = [
            models.UniqueConstraint(name="cartridge_sequence", fields=["customer", "slot", "sequence"]),
            models.UniqueConstraint(
                name="cartridge_one_in_slot",
                fields=["customer", "slot"],
                condition=models.Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} #{self.sequence} {self.part_number}".strip()


class LevelChange(models.Model):
    """History, changes only: what a slot said, raw values included, from `at` until the next row."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="levels")
    cartridge = models.ForeignKey(Cartridge, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()
    state = models.CharField(max_length=16)
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    raw_level = models.BigIntegerField(null=True)
    raw_capacity = models.BigIntegerField(null=True)
    pages_total = models.BigIntegerField(null=True)  # over all epochs of the counter: it never goes back

    class Meta:
        constraints = [models.UniqueConstraint(name="level_change_once", fields=["customer", "slot", "at"])]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.at:%Y-%m-%d %H:%M} {self.state} {self.percent}"


class ShelfCount(models.Model):
    """What people said lies on a site's shelf of one part. A later count replaces an earlier one; none is changed."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    part = models.ForeignKey(Part, on_delete=models.PROTECT)
    quantity = models.PositiveSmallIntegerField()
    counted_at = models.DateTimeField()
    counted_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "site", "part", "-id"], name="shelf_count_latest")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.part_id} at {self.site_id}"
