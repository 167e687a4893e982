"""HP: supplies are fine in the standard table; serial number and counters at JetDirect's own objects.

A card of HP in another maker's printer answers here too: the brand comes from the printer's own name.
"""

from __future__ import annotations

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid

_PML: Oid = private(11, 2, 3, 9, 4, 2, 1)
_TOTAL: Oid = (*_PML, 4, 1, 2, 5, 0)
_BLACK: Oid = (*_PML, 4, 1, 2, 6, 0)
_COLOUR: Oid = (*_PML, 4, 1, 2, 7, 0)


def refine(reading: Reading, objects: Objects) -> Reading:
    """The standard life count stays the total; HP's own only where that is missing."""
    total = objects.number(_TOTAL) if reading.counters.total is None else None
    return counted(reading, total=total, black=objects.number(_BLACK), colour=objects.number(_COLOUR))


VENDOR = Vendor(
    name="HP",
    enterprise=11,
    serials=((*_PML, 1, 3, 3, 0),),
    firmwares=((*_PML, 1, 3, 6, 0),),
    ieee1284=(private(11, 2, 3, 9, 1, 1, 7, 0),),
    counters=(_TOTAL, _BLACK, _COLOUR),
    refine=refine,
)
