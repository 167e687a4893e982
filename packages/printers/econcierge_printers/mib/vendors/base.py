"""What a vendor's module says: whose it is, what more to ask, where its own values are, how to refine a reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.oids import ENTERPRISES
from econcierge_printers.model import Reading
from econcierge_printers.snmp.values import Oid


def private(*parts: int) -> Oid:
    """An object below 1.3.6.1.4.1."""
    return (*ENTERPRISES, *parts)


def unchanged(reading: Reading, objects: Objects) -> Reading:
    return reading


@dataclass(frozen=True, slots=True)
class Vendor:
    """All OIDs are whole instances, asked with GET beside the standard scalars; `columns` are walked."""

    name: str  # as people write it
    enterprise: int
    serials: tuple[Oid, ...] = ()
    models: tuple[Oid, ...] = ()
    firmwares: tuple[Oid, ...] = ()
    ieee1284: tuple[Oid, ...] = ()
    counters: tuple[Oid, ...] = ()
    columns: tuple[Oid, ...] = ()
    refine: Callable[[Reading, Objects], Reading] = unchanged

    @property
    def scalars(self) -> tuple[Oid, ...]:
        return (*self.serials, *self.models, *self.firmwares, *self.ieee1284, *self.counters)
