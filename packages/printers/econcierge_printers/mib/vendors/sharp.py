"""Sharp: drums and developers give percentages without saying so; counts in a named table of its own.

A drum or developer with capacity -2 and a level of 0 to 100 is a percentage (MX series); a level far below zero is
an overdue one (`mib.levels`). Counter rows are (group, kind, what): group 5 holds the totals by colour.
"""

from __future__ import annotations

import dataclasses

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, counted, private, total_of
from econcierge_printers.model import LevelState, Reading, Supply, SupplyKind
from econcierge_printers.snmp.values import Oid

_COUNT: Oid = private(2385, 1, 1, 19, 2, 1, 3)
_TOTALS: Oid = (*_COUNT, 5, 4)
_BLACK: Oid = (*_TOTALS, 61)
_COLOURS: tuple[Oid, ...] = tuple((*_TOTALS, what) for what in (63, 64, 80))  # full, two, single colour
_IN_PERCENT = (SupplyKind.DRUM, SupplyKind.DEVELOPER)


def refine(reading: Reading, objects: Objects) -> Reading:
    rows = tuple(map(_in_percent, reading.supplies))
    counts = counted(
        reading,
        black=objects.number(_BLACK),
        colour=total_of([objects.number(oid) for oid in _COLOURS]),
    )
    return dataclasses.replace(counts, supplies=rows)


def _in_percent(row: Supply) -> Supply:
    if row.kind not in _IN_PERCENT or row.raw_capacity != -2 or not 0 <= (row.raw_level or -1) <= 100:
        return row
    return dataclasses.replace(row, unit="percent", state=LevelState.MEASURED, percent=float(row.raw_level or 0))


VENDOR = Vendor(
    name="Sharp",
    enterprise=2385,
    models=(private(2385, 2, 1, 3, 2, 1, 4, 13501, 1302, 1),),
    firmwares=(private(2385, 2, 1, 1, 2, 1, 2, 1),),
    counters=(_BLACK, *_COLOURS),
    refine=refine,
)
