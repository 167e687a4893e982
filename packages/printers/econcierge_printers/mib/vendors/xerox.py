"""Xerox: supplies are good in the standard table, part and serial number stand in the description (`mib.labels`).

XEROX-HOST-RESOURCES-EXT-MIB has the counters that the panel shows (xcmHrDevDetailValueInteger, one row each, sparse:
asked one by one) and the texts of faults, which join the console's lines.
"""

from __future__ import annotations

import dataclasses

from econcierge_printers.limits import MAX_CONSOLE_LINES
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid

_DETAIL: Oid = private(253, 8, 53, 13, 2, 1, 6, 1, 20)
_TOTAL: Oid = (*_DETAIL, 1)
_COLOUR: Oid = (*_DETAIL, 33)
_BLACK: Oid = (*_DETAIL, 34)
_BLACK_PRINTED: Oid = (*_DETAIL, 7)
_COLOUR_PRINTED: Oid = (*_DETAIL, 29)
_FAULT_TEXT: Oid = private(253, 8, 53, 8, 2, 1, 4)


def refine(reading: Reading, objects: Objects) -> Reading:
    """Whole-device counts before those of printing alone."""
    colour, black = objects.number(_COLOUR), objects.number(_BLACK)
    if colour is None and black is None:
        colour, black = objects.number(_COLOUR_PRINTED), objects.number(_BLACK_PRINTED)
    return _with_faults(counted(reading, total=objects.number(_TOTAL), black=black, colour=colour), objects)


def _with_faults(reading: Reading, objects: Objects) -> Reading:
    status = reading.status
    faults = [text for text in objects.texts(_FAULT_TEXT).values() if text and text not in status.console]
    if not faults:
        return reading
    console = (*status.console, *dict.fromkeys(faults))[:MAX_CONSOLE_LINES]
    return dataclasses.replace(reading, status=dataclasses.replace(status, console=console))


VENDOR = Vendor(
    name="Xerox",
    enterprise=253,
    serials=(private(253, 8, 53, 3, 2, 1, 3, 1),),
    ieee1284=(private(253, 8, 51, 1, 2, 1, 20, 1),),
    counters=(_TOTAL, _COLOUR, _BLACK, _BLACK_PRINTED, _COLOUR_PRINTED),
    columns=(_FAULT_TEXT,),
    refine=refine,
)
