"""What a vendor's module says: whose it is, what more to ask, where its own values are, how to refine a reading."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from econcierge_printers.limits import MAX_ALERTS
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.oids import ENTERPRISES, HR_DEVICE_DESCR
from econcierge_printers.model import AlertSeverity, Counters, DeviceAlert, Reading
from econcierge_printers.snmp.values import Oid, Value

_FEW_ROWS = 3


def private(*parts: int) -> Oid:
    """An object below 1.3.6.1.4.1."""
    return (*ENTERPRISES, *parts)


def unchanged(reading: Reading, objects: Objects) -> Reading:
    return reading


@dataclass(frozen=True, slots=True)
class Vendor:
    """Scalars are whole instances, asked with GET beside the standard ones; `columns` are walked, whole but capped.

    Nobody but this vendor's devices is asked for them.
    """

    name: str  # as people write it
    enterprise: int
    also: tuple[int, ...] = ()  # further numbers of the same maker
    brands: tuple[str, ...] = ()  # other names that its engines are sold under
    mark: str = ""  # words at the end of its supplies' descriptions
    serials: tuple[Oid, ...] = ()
    models: tuple[Oid, ...] = ()
    firmwares: tuple[Oid, ...] = ()  # a column counts with its first row
    ieee1284: tuple[Oid, ...] = ()
    hostnames: tuple[Oid, ...] = ()  # where sysName is empty
    counters: tuple[Oid, ...] = ()
    details: tuple[Oid, ...] = ()  # further scalars
    columns: tuple[Oid, ...] = ()
    rows: tuple[tuple[Oid, int], ...] = ()  # columns with more rows than a few, and how many they usually have
    never_ask: str = ""  # a pattern of models that private questions harm; they are read by the standard alone
    refine: Callable[[Reading, Objects], Reading] = unchanged

    @property
    def scalars(self) -> tuple[Oid, ...]:
        return (*self.serials, *self.models, *self.firmwares, *self.ieee1284, *self._further)

    def rows_of(self, column: Oid) -> int:
        """How many rows a column usually has, a guess that costs a packet when it is wrong."""
        return dict(self.rows).get(column, _FEW_ROWS)

    def may_be_asked(self, found: Mapping[Oid, Value]) -> bool:
        """Whether a device that said so much already stands its maker's own questions."""
        if not self.never_ask:
            return True
        names = Objects(found).texts(HR_DEVICE_DESCR).values()
        return not any(re.search(self.never_ask, name, re.IGNORECASE) for name in names)

    @property
    def _further(self) -> tuple[Oid, ...]:
        return (*self.hostnames, *self.counters, *self.details)

    @property
    def enterprises(self) -> tuple[int, ...]:
        return (self.enterprise, *self.also)


def counted(
    reading: Reading, *, total: int | None = None, black: int | None = None, colour: int | None = None
) -> Reading:
    """The vendor's own counts of impressions before the standard life count; what it does not say stays."""
    before = reading.counters
    same = total is None or total == before.total
    after = Counters(
        total=before.total if total is None else total,
        unit=before.unit if same and before.unit != "unknown" else "impressions",
        black=before.black if black is None else black,
        colour=before.colour if colour is None else colour,
    )
    known = (after.total, after.black, after.colour) != (None, None, None)
    return dataclasses.replace(reading, counters=after) if known and after != before else reading


def told(reading: Reading, supply_index: str, code: int) -> Reading:
    """With what the device says of a supply at its own objects, as a row of its alert table would say it."""
    if any((alert.supply_index, alert.code) == (supply_index, code) for alert in reading.alerts):
        return reading
    alert = DeviceAlert(AlertSeverity.WARNING, "supplies", supply_index, code, "")
    return dataclasses.replace(reading, alerts=(*reading.alerts, alert)[:MAX_ALERTS])


def total_of(numbers: list[int | None]) -> int | None:
    """The sum of what is known; None when nothing is."""
    known = [number for number in numbers if number is not None and number >= 0]
    return sum(known) if known else None
