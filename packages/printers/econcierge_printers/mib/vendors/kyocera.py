"""Kyocera, also as UTAX, Triumph-Adler and Olivetti: part numbers as descriptions, counts in its own tables.

The device's own total leaves out misfeeds, which the standard life count holds. Counts by (function, colour):
1 black, 2 one colour, 3 full colour; functions are printing, copying, fax and others.
"""

from __future__ import annotations

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private, total_of
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid

_TOTAL: Oid = private(1347, 43, 10, 1, 1, 12, 1, 1)
_BY_FUNCTION: Oid = private(1347, 42, 3, 1, 2, 1, 1)
_BLACK = 1


def refine(reading: Reading, objects: Objects) -> Reading:
    by_function = {index: count for index, count in objects.numbers(_BY_FUNCTION).items() if len(index) == 2}
    black = total_of([count for index, count in by_function.items() if index[1] == _BLACK])
    colour = total_of([count for index, count in by_function.items() if index[1] > _BLACK])
    return counted(reading, total=objects.number(_TOTAL), black=black, colour=colour)


VENDOR = Vendor(
    name="Kyocera",
    enterprise=1347,
    brands=("UTAX", "Triumph-Adler", "Olivetti"),
    serials=(private(1347, 43, 5, 1, 1, 28, 1),),
    models=(private(1347, 43, 5, 1, 1, 1, 1),),
    firmwares=(private(1347, 43, 5, 4, 1, 5, 1, 1),),
    hostnames=(private(1347, 40, 10, 1, 1, 5, 1),),
    counters=(_TOTAL,),
    columns=(_BY_FUNCTION,),
    rows=((_BY_FUNCTION, 12),),
    refine=refine,
)
