"""Xerox: supplies are good in the standard table, part and serial number stand in the description (`mib.labels`)."""

from __future__ import annotations

import dataclasses

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, private
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid

# xcmHrGeneral counters: whole device, by what was printed
_TOTAL: Oid = private(253, 8, 53, 13, 2, 1, 6, 1, 20, 1)
_COLOUR: Oid = private(253, 8, 53, 13, 2, 1, 6, 1, 20, 33)
_BLACK: Oid = private(253, 8, 53, 13, 2, 1, 6, 1, 20, 34)


def refine(reading: Reading, objects: Objects) -> Reading:
    """The panel shows Xerox's own counters; the standard life count stays the total where they are missing."""
    counters = reading.counters
    total, colour, black = (objects.number(oid) for oid in (_TOTAL, _COLOUR, _BLACK))
    if total is not None:
        counters = dataclasses.replace(counters, total=total, unit="impressions")
    counters = dataclasses.replace(counters, colour=colour, black=black)
    return dataclasses.replace(reading, counters=counters)


VENDOR = Vendor(
    name="Xerox",
    enterprise=253,
    serials=(private(253, 8, 53, 3, 2, 1, 3, 1),),
    ieee1284=(private(253, 8, 51, 1, 2, 1, 20, 1),),
    counters=(_TOTAL, _COLOUR, _BLACK),
    refine=refine,
)
