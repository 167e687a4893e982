"""Lexmark, also as Toshiba and Xerox: LEXMARK-MPS-MIB's currentSuppliesTable adds part and serial numbers, and the
level where the standard table only says that some remains; its paper statistics count sides by colour.
"""

from __future__ import annotations

import dataclasses

from econcierge_printers.mib import colours, join, kinds, levels
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.supplies import UNITS
from econcierge_printers.mib.text import word
from econcierge_printers.mib.vendors.base import Vendor, counted, private, total_of
from econcierge_printers.model import Reading, Supply, SupplyClass
from econcierge_printers.snmp.values import Oid, format_oid

_ENTRY: Oid = private(641, 6, 4, 4, 1, 1)
_COLORANT, _DESCRIPTION, _SERIAL, _PART, _CLASS, _UNIT, _CAPACITY, _LEVEL = (
    (*_ENTRY, column) for column in (4, 5, 6, 7, 8, 13, 14, 16)
)
_COLUMNS = (_COLORANT, _DESCRIPTION, _SERIAL, _PART, _CLASS, _UNIT, _CAPACITY, _LEVEL)
# paperSidesCountTable: sides in black and in colour that reached an output bin, a row for each size and type of paper
_SIDES = (private(641, 6, 4, 2, 2, 1, 6), private(641, 6, 4, 2, 2, 1, 7))
_CLASSES = {3: SupplyClass.CONSUMED, 4: SupplyClass.FILLED}


def refine(reading: Reading, objects: Objects) -> Reading:
    joined = dataclasses.replace(reading, supplies=join.join(reading.supplies, _current(objects)))
    black, colour = (total_of(list(objects.numbers(column).values())) for column in _SIDES)
    return counted(joined, black=black, colour=colour)


def _current(objects: Objects) -> list[Supply]:
    descriptions, colorants = objects.texts(_DESCRIPTION), objects.texts(_COLORANT)
    serials, parts = objects.texts(_SERIAL), objects.texts(_PART)
    classes, units = objects.numbers(_CLASS), objects.numbers(_UNIT)
    capacities, current = objects.numbers(_CAPACITY), objects.numbers(_LEVEL)
    rows = []
    for index, description in sorted(descriptions.items()):
        capacity, level, unit = capacities.get(index), current.get(index), units.get(index)
        if not description or level is None:
            continue
        kind = kinds.kind_of(type_number=None, description=description)
        colour = colours.of_colorant(colorants.get(index, "")) or colours.in_words(description)
        state, percent = levels.judge(capacity=capacity, level=level, unit=unit)
        rows.append(
            Supply(
                index=word(f"lexmark.{format_oid(index)}"),
                kind=kind,
                colour=colour if kind in kinds.COLOURED else None,
                supply_class=_CLASSES.get(classes.get(index, 0), kinds.class_of(kind)),
                description=description,
                part_number=parts.get(index) or None,
                serial=serials.get(index) or None,
                unit=UNITS.get(unit or 0, "unknown"),
                raw_capacity=capacity,
                raw_level=level,
                state=state,
                percent=percent,
                source="lexmark",
            )
        )
    return rows


VENDOR = Vendor(
    name="Lexmark",
    enterprise=641,
    serials=(private(641, 6, 2, 3, 1, 5, 1), private(641, 2, 1, 2, 1, 6, 1)),
    columns=(*_COLUMNS, *_SIDES),
    rows=(*((column, 6) for column in _COLUMNS), *((column, 12) for column in _SIDES)),
    refine=refine,
)
