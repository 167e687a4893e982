"""One device's objects to one `Reading`, or to several where one address stands for several printers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime

from econcierge_printers.mib import agreement, alerts, device, several, supplies, trays, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid, Value


def reading(values: Mapping[Oid, Value], *, target: str, read_at: datetime, protocol: str) -> Reading:
    """Pure, total: any objects give a reading, what they do not say is unknown. Of several printers the first."""
    return _reading(several.split(values)[0], target=target, read_at=read_at, protocol=protocol)


def readings(values: Mapping[Oid, Value], *, target: str, read_at: datetime, protocol: str) -> tuple[Reading, ...]:
    """One for each printer behind the address, at least one; the second has `#2` after its target and host name."""
    found = []
    for number, own in enumerate(several.split(values), start=1):
        mark = f"#{number}" if number > 1 else ""
        one = _reading(own, target=target + mark, read_at=read_at, protocol=protocol)
        if mark and one.identity.hostname:
            named = dataclasses.replace(one.identity, hostname=one.identity.hostname + mark)
            one = dataclasses.replace(one, identity=named)
        found.append(one)
    return tuple(found)


def _reading(objects: Objects, *, target: str, read_at: datetime, protocol: str) -> Reading:
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
    return agreement.with_panel(vendor.refine(standard, objects))
