"""Epson: a private table of inks, the only place of the maintenance box on some models and of the ink of tanks.

1248.1.2.2.28.1.1: .2 percent left, .5 and .18 name, .6 what it is (2 the maintenance box); rows in the order of the
standard table, whose units say nothing.
"""

from __future__ import annotations

import dataclasses

from econcierge_printers.mib import colours, join, kinds, levels
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.text import word
from econcierge_printers.mib.vendors.base import Vendor, counted, private
from econcierge_printers.model import Reading, Supply, SupplyKind
from econcierge_printers.snmp.values import Oid, format_oid

_INK: Oid = private(1248, 1, 2, 2, 28, 1, 1)
_LEVEL, _NAME, _SORT, _OTHER_NAME = (*_INK, 2), (*_INK, 5), (*_INK, 6), (*_INK, 18)
_MAINTENANCE_BOX = 2
_VERSION, _VERSION_NAME = private(1248, 1, 2, 2, 2, 1, 1, 2), private(1248, 1, 2, 2, 2, 1, 1, 3)
_FIRMWARE_NAMES = ("FW Package", "Firmware", "Printer FW", "Main FW")
_BLACK: Oid = private(1248, 1, 2, 2, 27, 1, 1, 3, 1, 1)
_COLOUR: Oid = private(1248, 1, 2, 2, 27, 1, 1, 4, 1, 1)


def refine(reading: Reading, objects: Objects) -> Reading:
    identity = dataclasses.replace(reading.identity, firmware=_firmware(objects) or reading.identity.firmware)
    rows = _merged(reading.supplies, _rows(objects))
    with_rows = dataclasses.replace(reading, identity=identity, supplies=rows)
    return counted(with_rows, black=objects.number(_BLACK), colour=objects.number(_COLOUR))


def _merged(standard: tuple[Supply, ...], own: list[Supply]) -> tuple[Supply, ...]:
    """By index: the private rows of ink carry no colour of their own."""
    rows = {row.index: row for row in standard}
    named = [_named_after(row, rows.get(row.index)) for row in own]
    return join.join(standard, named)


def _named_after(own: Supply, row: Supply | None) -> Supply:
    if row is None:
        return own
    return dataclasses.replace(own, kind=row.kind, colour=row.colour, description=own.description or row.description)


def _rows(objects: Objects) -> list[Supply]:
    names, other_names, sorts = objects.texts(_NAME), objects.texts(_OTHER_NAME), objects.numbers(_SORT)
    rows = []
    for index, level in sorted(objects.numbers(_LEVEL).items()):
        name = names.get(index) or other_names.get(index) or ""
        kind = _kind(name, sorts.get(index))
        state, percent = levels.judge(capacity=100, level=level, unit=levels.UNIT_PERCENT)
        rows.append(
            Supply(
                index=word(format_oid(index)),
                kind=kind,
                colour=colours.in_words(name) if kind in kinds.COLOURED else None,
                supply_class=kinds.class_of(kind),
                description=name,
                part_number=None,
                serial=None,
                unit="percent",
                raw_capacity=100,
                raw_level=level,
                state=state,
                percent=percent,
                source="epson",
            )
        )
    return rows


def _kind(name: str, sort: int | None) -> SupplyKind:
    """The box catches waste ink: its percentage is the space left, as everywhere here."""
    if sort == _MAINTENANCE_BOX or "maintenance" in name.casefold():
        return SupplyKind.WASTE_CONTAINER
    return SupplyKind.INK


def _firmware(objects: Objects) -> str | None:
    names, versions = objects.texts(_VERSION_NAME), objects.texts(_VERSION)
    by_name = {names.get(index): version for index, version in versions.items() if version}
    return next((by_name[name] for name in _FIRMWARE_NAMES if name in by_name), None)


VENDOR = Vendor(
    name="Epson",
    enterprise=1248,
    serials=(private(1248, 1, 2, 2, 1, 1, 1, 5, 1),),
    ieee1284=(private(1248, 1, 2, 2, 1, 1, 1, 1, 1),),
    counters=(_BLACK, _COLOUR),
    columns=(_LEVEL, _NAME, _SORT, _OTHER_NAME, _VERSION, _VERSION_NAME),
    rows=tuple((column, 5) for column in (_LEVEL, _NAME, _SORT, _OTHER_NAME, _VERSION, _VERSION_NAME)),
    refine=refine,
)
