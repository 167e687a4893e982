"""One device's objects to one `Reading`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from econcierge_printers.mib import alerts, device, supplies, trays, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid, Value


def reading(values: Mapping[Oid, Value], *, target: str, read_at: datetime, protocol: str) -> Reading:
    """Pure, total: any objects give a reading, what they do not say is unknown."""
    objects = Objects(values)
    vendor = vendors.of(objects)
    standard = Reading(
        read_at=read_at,
        target=target,
        protocol=protocol,
        identity=device.identity(objects, vendor),
        status=device.status(objects),
        counters=device.counters(objects),
        supplies=supplies.supplies(objects),
        alerts=alerts.alerts(objects),
        trays=trays.trays(objects),
    )
    return vendor.refine(standard, objects)
