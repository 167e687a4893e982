"""prtMarkerSuppliesTable (RFC 3805 section 6, 43.11) joined with the colorants (43.12) by index, never by row order."""

from __future__ import annotations

import dataclasses

from econcierge_printers.limits import MAX_SUPPLIES
from econcierge_printers.mib import colours, kinds, labels, levels, oids, text
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import Supply, SupplyClass, SupplyKind
from econcierge_printers.snmp.values import Oid, format_oid

UNITS = {
    1: "other",
    3: "ten_thousandths_of_inch",
    4: "micrometres",
    7: "impressions",
    8: "sheets",
    11: "hours",
    12: "thousandths_of_ounce",
    13: "tenths_of_gram",
    14: "hundredths_of_fluid_ounce",
    15: "tenths_of_millilitre",
    16: "feet",
    17: "metres",
    18: "items",
    19: "percent",
}
_CLASSES = {1: SupplyClass.OTHER, 3: SupplyClass.CONSUMED, 4: SupplyClass.FILLED}
COLOURED = kinds.COLOURED
_UNNAMED_IS_BLACK = (SupplyKind.TONER, SupplyKind.INK)


def supplies(objects: Objects) -> tuple[Supply, ...]:
    """Every row that is something, in the order of the index."""
    table = _Table(objects)
    rows = (table.supply(index) for index in table.indices)
    return _only_one_is_black(tuple(row for row in rows if row is not None)[:MAX_SUPPLIES])


class _Table:
    def __init__(self, objects: Objects) -> None:
        self._colorant = objects.numbers(oids.SUPPLY_COLORANT)
        self._class = objects.numbers(oids.SUPPLY_CLASS)
        self._type = objects.numbers(oids.SUPPLY_TYPE)
        self._description = objects.texts(oids.SUPPLY_DESCRIPTION)
        self._unit = objects.numbers(oids.SUPPLY_UNIT)
        self._capacity = objects.numbers(oids.SUPPLY_CAPACITY)
        self._level = objects.numbers(oids.SUPPLY_LEVEL)
        self._colorants = objects.texts(oids.COLORANT_VALUE)
        self._of_sets = colours.of_sets(self._description)

    @property
    def indices(self) -> list[Oid]:
        """A row is whatever has a description, a capacity or a level."""
        return sorted({*self._description, *self._capacity, *self._level})

    def supply(self, index: Oid) -> Supply | None:
        capacity, level, unit = (column.get(index) for column in (self._capacity, self._level, self._unit))
        label = labels.split(self._description.get(index, ""))
        if _is_nothing(label.name, capacity, level):
            return None
        kind = kinds.kind_of(type_number=self._type.get(index), description=label.name)
        state, percent = levels.judge(capacity=capacity, level=level, unit=unit)
        return Supply(
            index=format_oid(index),
            kind=kind,
            colour=self._colour(index, kind, label.name),
            supply_class=_class(self._class.get(index), kind),
            description=label.name,
            part_number=label.part_number,
            serial=label.serial,
            unit=UNITS.get(unit or 0, "unknown"),
            raw_capacity=capacity,
            raw_level=level,
            state=state,
            percent=percent,
        )

    def _colour(self, index: Oid, kind: SupplyKind, description: str) -> str | None:
        colorant = self._colorants.get((*index[:-1], self._colorant.get(index, 0)))
        named = colours.of_colorant(colorant) if colorant else None
        if kind not in COLOURED:
            return None
        if named:
            return text.word(named)
        return colours.in_label(description) or colours.in_words(description) or self._of_sets.get(index)


def _only_one_is_black(rows: tuple[Supply, ...]) -> tuple[Supply, ...]:
    """The only toner or ink of a device is black, whatever it does not say."""
    marking = [row for row in rows if row.kind in _UNNAMED_IS_BLACK]
    if len(marking) != 1 or marking[0].colour:
        return rows
    return tuple(dataclasses.replace(row, colour="black") if row is marking[0] else row for row in rows)


def _class(number: int | None, kind: SupplyKind) -> SupplyClass:
    """The column where there is one; without it a waste container is filled, as its type says."""
    stated = _CLASSES.get(number or 0)
    if stated is None and kind is SupplyKind.WASTE_CONTAINER:
        return SupplyClass.FILLED
    return stated or SupplyClass.UNKNOWN


def _is_nothing(description: str, capacity: int | None, level: int | None) -> bool:
    """A ghost row: no name, no capacity, nothing in it."""
    return not description and (capacity or 0) <= 0 and (level or 0) in (0, -1, -2)
