"""Konica Minolta, also as Develop (ineo): supplies fine in the standard table, counts and firmware in its own.

kmSysPrintFunctionCounterTable is indexed by (colour, function): colour 1 is black, the others are colours.
"""

from __future__ import annotations

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private, total_of
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid

_SYSTEM: Oid = private(18334, 1, 1, 1, 5, 7, 2)
_TOTAL: Oid = (*_SYSTEM, 1, 1, 0)
_BY_FUNCTION: Oid = (*_SYSTEM, 2, 1, 5)
_FIRMWARE_VERSION: Oid = private(18334, 1, 1, 1, 5, 5, 1, 1, 3)
_BLACK = 1


def refine(reading: Reading, objects: Objects) -> Reading:
    by_function = objects.numbers(_BY_FUNCTION)
    black = total_of([count for index, count in by_function.items() if index[0] == _BLACK])
    colour = total_of([count for index, count in by_function.items() if index[0] > _BLACK])
    return counted(reading, total=objects.number(_TOTAL), black=black, colour=colour)


VENDOR = Vendor(
    name="Konica Minolta",
    enterprise=18334,
    also=(2590,),
    brands=("Develop",),
    models=(private(18334, 1, 1, 1, 1, 6, 2, 1, 0),),
    firmwares=((*_FIRMWARE_VERSION, 1), private(18334, 1, 1, 1, 1, 6, 1, 0)),
    counters=(_TOTAL,),
    columns=(_BY_FUNCTION,),
    rows=((_BY_FUNCTION, 8),),
    refine=refine,
)
