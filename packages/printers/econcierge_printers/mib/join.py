"""The same supply from two sources: which belong together, and which level is believed.

A row keeps its index and its words from the standard table (prtMarkerSuppliesTable), so that its history stays one;
the level comes from the better source, whose name stands in `source`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from econcierge_printers.limits import MAX_SUPPLIES
from econcierge_printers.model import LevelState, Supply, SupplyClass, SupplyKind

_ALIKE = {  # words that makers use for one another
    SupplyKind.IMAGING_UNIT: SupplyKind.DRUM,
    SupplyKind.SOLID_INK: SupplyKind.INK,
    SupplyKind.TRANSFER_ROLLER: SupplyKind.TRANSFER_BELT,
}
_BLANKS_ARE_BLACK = (SupplyKind.TONER, SupplyKind.INK, SupplyKind.DRUM, SupplyKind.IMAGING_UNIT)


def join(standard: Sequence[Supply], private: Iterable[Supply], *, private_first: bool = False) -> tuple[Supply, ...]:
    """Every standard row, improved where a private one says more, and the private rows that it lacks.

    A measured level goes before one that is not; between two measured ones `private_first` decides.
    """
    rows = list(standard)
    taken: set[int] = set()
    more = []
    for own in private:
        at = _partner(rows, own, taken)
        if at is None:
            more.append(own)
            continue
        taken.add(at)
        rows[at] = _better(rows[at], own, private_first=private_first)
    return tuple([*rows, *more][:MAX_SUPPLIES])


def source_of_level(row: Supply, own: Supply) -> Supply:
    """The row with the level of another source."""
    return dataclasses.replace(
        row,
        unit=own.unit,
        raw_capacity=own.raw_capacity,
        raw_level=own.raw_level,
        state=own.state,
        percent=own.percent,
        source=own.source,
    )


def _partner(rows: Sequence[Supply], own: Supply, taken: set[int]) -> int | None:
    """The row of the same index, kind and colour; else the only one of that kind and colour."""
    alike = [at for at, row in enumerate(rows) if at not in taken and _is_alike(row, own)]
    same_index = [at for at in alike if rows[at].index == own.index]
    if same_index or len(alike) == 1:
        return (same_index or alike)[0]
    same_words = [at for at in alike if rows[at].description.casefold() == own.description.casefold()]
    return same_words[0] if len(same_words) == 1 else None


def _is_alike(row: Supply, own: Supply) -> bool:
    if _ALIKE.get(row.kind, row.kind) is not _ALIKE.get(own.kind, own.kind):
        return False
    if row.kind in (SupplyKind.MAINTENANCE_KIT, SupplyKind.OTHER):
        return row.description.casefold() == own.description.casefold()
    if row.kind in _BLANKS_ARE_BLACK:
        return (row.colour or "black") == (own.colour or "black")
    return row.colour == own.colour


def _better(row: Supply, own: Supply, *, private_first: bool) -> Supply:
    row = dataclasses.replace(
        row,
        description=row.description or own.description,
        colour=row.colour or own.colour,
        part_number=row.part_number or own.part_number,
        serial=row.serial or own.serial,
        supply_class=own.supply_class if row.supply_class is SupplyClass.UNKNOWN else row.supply_class,
    )
    measured = own.state is LevelState.MEASURED
    if measured and (private_first or row.state is not LevelState.MEASURED):
        return source_of_level(row, own)
    if own.state is LevelState.SOME_REMAINING and row.state in (LevelState.UNKNOWN, LevelState.OVERDUE):
        return source_of_level(row, own)
    return row
