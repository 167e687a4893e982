"""prtInputTable (RFC 3805, 43.8.2): what paper there is."""

from __future__ import annotations

from econcierge_printers.limits import MAX_TRAYS
from econcierge_printers.mib import levels, oids
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import Tray
from econcierge_printers.snmp.values import format_oid


def trays(objects: Objects) -> tuple[Tray, ...]:
    names, descriptions = objects.texts(oids.INPUT_NAME), objects.texts(oids.INPUT_DESCRIPTION)
    capacities, current = objects.numbers(oids.INPUT_CAPACITY), objects.numbers(oids.INPUT_LEVEL)
    rows = []
    for index in sorted({*capacities, *current})[:MAX_TRAYS]:
        capacity, level = capacities.get(index), current.get(index)
        state, percent = levels.judge(capacity=capacity, level=level, unit=None)
        name = names.get(index) or descriptions.get(index) or ""
        rows.append(Tray(format_oid(index), name, capacity, level, state, percent))
    return tuple(rows)
