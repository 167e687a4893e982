"""OKI: the network card names itself first; drums have no colorant and stand in the order of the toners."""

from __future__ import annotations

import dataclasses

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor, private
from econcierge_printers.model import Reading, Supply, SupplyKind


def refine(reading: Reading, objects: Objects) -> Reading:
    """Drums without any colour, as many as coloured toners, get the toners' colours: the one order that is safe."""
    toners = [row.colour for row in reading.supplies if row.kind is SupplyKind.TONER]
    drums = [row for row in reading.supplies if row.kind in (SupplyKind.DRUM, SupplyKind.IMAGING_UNIT)]
    if not drums or len(drums) != len(toners) or None in toners or any(drum.colour for drum in drums):
        return reading
    colours = {drum.index: colour for drum, colour in zip(drums, toners, strict=True)}
    return dataclasses.replace(reading, supplies=tuple(_coloured(row, colours) for row in reading.supplies))


def _coloured(row: Supply, colours: dict[str, str | None]) -> Supply:
    return dataclasses.replace(row, colour=colours.get(row.index, row.colour))


VENDOR = Vendor(
    name="OKI",
    enterprise=2001,
    mark="OKI DATA CORP",
    serials=(private(2001, 1, 1, 1, 1, 11, 1, 10, 45, 0),),
    models=(private(2001, 1, 1, 1, 1, 11, 1, 10, 25, 0),),
    ieee1284=(private(11, 2, 3, 9, 1, 1, 7, 0),),
    refine=refine,
)
