"""Ricoh, also as NRG, Lanier, Savin and Gestetner: levels in a private table, where older models say more.

ricohEngTonerTable (367.3.2.1.2.24): .2 English name, .3 name as shown, .5 level: 0 to 100 is a percentage, -100 almost
empty, -2 unknown (cartridge out), -3 anything from 1 to 100. The same numbers stand in the standard table of some.
ricohEngCounterTable (.19.5): .2 what is counted, .9 how many.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from econcierge_printers.mib import alerts, colours, join, kinds, levels
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.text import word
from econcierge_printers.mib.vendors.base import Vendor, counted, private, told, total_of
from econcierge_printers.model import LevelState, Reading, Supply
from econcierge_printers.snmp.values import Oid, format_oid

ALMOST_EMPTY: Final = -100
_TONER: Oid = private(367, 3, 2, 1, 2, 24, 1, 1)
_ENGLISH, _SHOWN, _LEVEL = (*_TONER, 2), (*_TONER, 3), (*_TONER, 5)
_COUNTED: Oid = private(367, 3, 2, 1, 2, 19, 5, 1, 2)
_COUNT: Oid = private(367, 3, 2, 1, 2, 19, 5, 1, 9)
_TOTAL = 10
_BLACKS = frozenset({201, 300, 401})  # copies, faxes, prints in black
_COLOURS = frozenset({202, 203, 402, 403})  # copies and prints in full colour and in one or two


def refine(reading: Reading, objects: Objects) -> Reading:
    own = _rows(objects)
    rows = join.join(tuple(map(_almost_empty, reading.supplies)), own, private_first=True)
    reading = dataclasses.replace(reading, supplies=rows)
    for row in rows:
        if row.raw_level == ALMOST_EMPTY:
            reading = told(reading, row.index, alerts.TONER_ALMOST_EMPTY)
    return _with_counts(reading, objects)


def _rows(objects: Objects) -> list[Supply]:
    english, shown = objects.texts(_ENGLISH), objects.texts(_SHOWN)
    rows = []
    for index, level in sorted(objects.numbers(_LEVEL).items()):
        description = shown.get(index) or english.get(index) or ""
        kind = kinds.kind_of(type_number=None, description=english.get(index) or description)
        state, percent = _judge(level)
        rows.append(
            Supply(
                index=word(f"ricoh.{format_oid(index)}"),
                kind=kind,
                colour=colours.in_words(english.get(index) or description) if kind in kinds.COLOURED else None,
                supply_class=kinds.class_of(kind),
                description=description,
                part_number=None,
                serial=None,
                unit="percent",
                raw_capacity=100,
                raw_level=level,
                state=state,
                percent=percent,
                source="ricoh",
            )
        )
    return [row for row in rows if row.description]


def _judge(level: int) -> tuple[LevelState, float | None]:
    if level == ALMOST_EMPTY:
        return LevelState.SOME_REMAINING, None
    return levels.judge(capacity=100, level=level, unit=levels.UNIT_PERCENT)


def _almost_empty(row: Supply) -> Supply:
    if row.raw_level != ALMOST_EMPTY:
        return row
    return dataclasses.replace(row, state=LevelState.SOME_REMAINING, percent=None)


def _with_counts(reading: Reading, objects: Objects) -> Reading:
    counts = objects.numbers(_COUNT)
    by_what = {what: counts.get(index) for index, what in objects.numbers(_COUNTED).items()}
    return counted(
        reading,
        total=by_what.get(_TOTAL),
        black=total_of([count for what, count in by_what.items() if what in _BLACKS]),
        colour=total_of([count for what, count in by_what.items() if what in _COLOURS]),
    )


VENDOR = Vendor(
    name="Ricoh",
    enterprise=367,
    brands=("NRG", "Lanier", "Savin", "Gestetner"),
    serials=(private(367, 3, 2, 1, 2, 1, 4, 0),),
    models=(private(367, 3, 2, 1, 1, 1, 1, 0),),
    firmwares=(private(367, 3, 2, 1, 1, 1, 2, 0),),
    columns=(_ENGLISH, _SHOWN, _LEVEL, _COUNTED, _COUNT),
    rows=((_ENGLISH, 5), (_SHOWN, 5), (_LEVEL, 5), (_COUNTED, 40), (_COUNT, 40)),
    refine=refine,
)
