"""Supplies from `printer-supply` (PWG 5100.13 section 5.6.36) and from CUPS's older `marker-*`; the better of both.

`printer-supply` is the Printer-MIB's row written out: of a receptacle its level is the space left. `marker-levels` are
percentages with the sentinels of the MIB; of a receptacle that warns at a high level they say how full it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from econcierge_printers import merge
from econcierge_printers.ipp import fields, labels
from econcierge_printers.ipp.values import Attributes
from econcierge_printers.limits import MAX_SUPPLIES
from econcierge_printers.mib import colours, kinds, levels
from econcierge_printers.mib import labels as descriptions
from econcierge_printers.mib.supplies import COLOURED, UNITS
from econcierge_printers.model import Supply, SupplyClass, SupplyKind

SOURCE = "ipp"
_HEXADECIMAL = {
    "000000": "black",
    "00ffff": "cyan",
    "ff00ff": "magenta",
    "ffff00": "yellow",
    "808080": "gray",
    "c0c0c0": "light_gray",
    "ff0000": "red",
    "00ff00": "green",
    "008000": "green",
    "0000ff": "blue",
    "ffa500": "orange",
    "ffffff": "white",
}
_ONE_COLOUR = re.compile(r"^#([0-9a-f]{6})$", re.IGNORECASE)
_MAX_PERCENT = 100
T = TypeVar("T")


def supplies(attributes: Attributes) -> tuple[Supply, ...]:
    """Every supply that the printer names, as its own tables number them."""
    rows, _ = merge.merge_supplies(_printer_supplies(attributes), _markers(attributes))
    return rows


def _printer_supplies(attributes: Attributes) -> list[Supply]:
    """A description for each row stands in `printer-supply-description`, in the same order."""
    rows = fields.rows(attributes, "printer-supply")[:MAX_SUPPLIES]
    names = fields.texts(attributes, "printer-supply-description")
    indices = _indices([fields.row_number(row, "index") for row in rows])
    found = []
    for at, (index, row) in enumerate(zip(indices, rows, strict=True)):
        name = names[at] if at < len(names) else ""
        if row and (name or "level" in row or "maxcapacity" in row):
            found.append(_printer_supply(index, row, name))
    return found


def _printer_supply(index: str, row: fields.Row, name: str) -> Supply:
    return _supply(
        index=index,
        type_number=labels.supply_type(row.get("type", "")),
        name=name,
        colorant=row.get("colorantname", ""),
        stated_class=labels.supply_class(row.get("class", "")),
        unit=labels.unit(row.get("unit", "")),
        capacity=fields.row_number(row, "maxcapacity"),
        level=fields.row_number(row, "level"),
    )


def _markers(attributes: Attributes) -> list[Supply]:
    """Parallel lists; the longest of names and levels says how many there are."""
    names, types = fields.texts(attributes, "marker-names"), fields.texts(attributes, "marker-types")
    tints, current = fields.texts(attributes, "marker-colors"), fields.numbers(attributes, "marker-levels")
    lows, highs = fields.numbers(attributes, "marker-low-levels"), fields.numbers(attributes, "marker-high-levels")
    found = []
    for at in range(min(max(len(names), len(current)), MAX_SUPPLIES)):
        kind_number = labels.supply_type(_at(types, at) or "")
        name, level = _at(names, at) or "", _at(current, at)
        if not name and level is None:
            continue
        if _tells_fullness(kind_number, _at(lows, at), _at(highs, at)) and level is not None and level >= 0:
            level = _MAX_PERCENT - level if level <= _MAX_PERCENT else level
        found.append(
            _supply(
                index=f"1.{at + 1}",
                type_number=kind_number,
                name=name,
                colorant=_at(tints, at) or "",
                stated_class=None,
                unit=levels.UNIT_PERCENT,
                capacity=_MAX_PERCENT,
                level=level,
            )
        )
    return found


def _supply(
    *,
    index: str,
    type_number: int | None,
    name: str,
    colorant: str,
    stated_class: SupplyClass | None,
    unit: int | None,
    capacity: int | None,
    level: int | None,
) -> Supply:
    label = descriptions.split(name)
    kind = kinds.kind_of(type_number=type_number, description=label.name)
    state, percent = levels.judge(capacity=capacity, level=level, unit=unit)
    return Supply(
        index=index,
        kind=kind,
        colour=_colour(kind, label.name, colorant),
        supply_class=_class(stated_class, kind),
        description=label.name,
        part_number=label.part_number,
        serial=label.serial,
        unit=UNITS.get(unit or 0, "unknown"),
        raw_capacity=capacity,
        raw_level=level,
        state=state,
        percent=percent,
        source=SOURCE,
    )


def _colour(kind: SupplyKind, name: str, colorant: str) -> str | None:
    """Words first: `Photo Black ink` is `#000000` like plain black. Several colours at once are none."""
    if kind not in COLOURED:
        return None
    code = _ONE_COLOUR.match(colorant)
    by_code = _HEXADECIMAL.get(code[1].lower()) if code else colours.of_colorant(colorant) if colorant else None
    return colours.in_words(name) or by_code or colours.in_label(name)


def _class(stated: SupplyClass | None, kind: SupplyKind) -> SupplyClass:
    if stated is None and kind is SupplyKind.WASTE_CONTAINER:
        return SupplyClass.FILLED
    return stated or SupplyClass.UNKNOWN


def _tells_fullness(type_number: int | None, low: int | None, high: int | None) -> bool:
    """A receptacle that warns when the level is high, not when it is low (CUPS's `marker-high-levels`)."""
    is_waste = kinds.kind_of(type_number=type_number, description="") is SupplyKind.WASTE_CONTAINER
    return is_waste and low == 0 and high is not None and 0 < high < _MAX_PERCENT


def _indices(stated: Sequence[int | None]) -> list[str]:
    """The row of prtMarkerSuppliesTable where every supply tells its own, else the position."""
    if None in stated or len(set(stated)) != len(stated):
        return [f"1.{position}" for position in range(1, len(stated) + 1)]
    return [f"1.{number}" for number in stated]


def _at(values: Sequence[T], at: int) -> T | None:
    return values[at] if at < len(values) else None
