"""Canon: supplies fine in the standard table; counts in a table by Canon's own counter numbers, or in a named one.

Counter numbers are those of the panel's counter check: 101 total, 108 black, 112 and 113 black large and small,
122 and 123 colour large and small.
"""

from __future__ import annotations

import re

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private, total_of
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid

_COUNT: Oid = private(1602, 1, 11, 1, 3, 1, 4)
_TOTAL, _BLACK = (*_COUNT, 101), (*_COUNT, 108)
_BLACK_SIZES = ((*_COUNT, 112), (*_COUNT, 113))
_COLOUR_SIZES = ((*_COUNT, 122), (*_COUNT, 123))
_NAME: Oid = private(1602, 1, 11, 2, 1, 1, 2)
_NAMED_COUNT: Oid = private(1602, 1, 11, 2, 1, 1, 3)
_WORDS = {
    "total": re.compile(r"^Total 1$", re.IGNORECASE),
    "black": re.compile(r"^Total \((Black|Black & White|B&W) 1\)$", re.IGNORECASE),
    "colour": re.compile(r"^Total \((Full )?Colou?r( \+ Single Colou?r)? 1\)$", re.IGNORECASE),
}


def refine(reading: Reading, objects: Objects) -> Reading:
    black = objects.number(_BLACK)
    if black is None:
        black = total_of([objects.number(oid) for oid in _BLACK_SIZES])
    colour = total_of([objects.number(oid) for oid in _COLOUR_SIZES])
    numbered = counted(reading, total=objects.number(_TOTAL), black=black, colour=colour)
    return numbered if numbered is not reading else counted(reading, **_named(objects))


def _named(objects: Objects) -> dict[str, int | None]:
    names, counts = objects.texts(_NAME), objects.numbers(_NAMED_COUNT)
    found: dict[str, int | None] = {}
    for meaning, words in _WORDS.items():
        rows = [index for index, name in names.items() if words.match(name)]
        found[meaning] = counts.get(rows[0]) if rows else None
    return found


VENDOR = Vendor(
    name="Canon",
    enterprise=1602,
    serials=(private(1602, 1, 2, 1, 8, 1, 3, 1, 1),),
    models=(private(1602, 1, 1, 1, 1, 0),),
    firmwares=(private(1602, 1, 1, 1, 4, 0),),
    counters=(_TOTAL, _BLACK, *_BLACK_SIZES, *_COLOUR_SIZES),
    columns=(_NAME, _NAMED_COUNT),
    rows=((_NAME, 20), (_NAMED_COUNT, 20)),
    refine=refine,
)
