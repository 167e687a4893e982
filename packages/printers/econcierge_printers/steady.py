"""Reads again a printer that was read before: asks only for what can change, and remembers the rest.

What a printer said last is kept as the packed bytes of its values, about a kilobyte. Another device at the address,
other rows, or a day of such readings, and it is read in full again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from econcierge_printers import gather
from econcierge_printers.mib import oids, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor
from econcierge_printers.snmp import client as snmp
from econcierge_printers.snmp import codec
from econcierge_printers.snmp.codec import Pdu, PduKind
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.targets import Target

FULL_EVERY = 96  # readings: a day of them at one every quarter of an hour
_MOST_PRINTERS = 20_000
_PACKED = 1  # a tenth of a millisecond for a third of the memory
# Which device this is: when one of these changes it is another one, or the same after a great change.
_IDENTITY = (oids.SYS_OBJECT_ID, (*oids.SERIAL_NUMBER, 1))
# Single values and columns whose rows stay: asked for by the instances that there were.
_CHANGING = frozenset(
    (
        oids.HR_DEVICE_STATUS,
        oids.HR_PRINTER_STATUS,
        oids.HR_PRINTER_ERROR_STATE,
        oids.MARKER_LIFE_COUNT,
        oids.SUPPLY_DESCRIPTION,
        oids.SUPPLY_CAPACITY,
        oids.INPUT_LEVEL,
    )
)
# Columns whose rows may come and go; the supplies' levels show whether the rows of their table are the same.
_COMING_AND_GOING = (
    oids.SUPPLY_LEVEL,
    oids.CONSOLE_TEXT,
    oids.ALERT_SEVERITY,
    oids.ALERT_GROUP,
    oids.ALERT_GROUP_INDEX,
    oids.ALERT_CODE,
    oids.ALERT_DESCRIPTION,
)


@dataclass(slots=True)
class _Known:
    said: bytes
    vendor: Vendor
    readings: int = 0  # since it was read in full


@dataclass(slots=True)
class Memory:
    """Of the printers that somebody reads again and again; keep it between the rounds.

    One that `keeps` nothing learns only how many rows the models have.
    """

    keeps: bool = True
    learned: gather.Learned = field(default_factory=gather.Learned)
    printers: dict[Target, _Known] = field(default_factory=dict)

    def remember(self, target: Target, values: Mapping[Oid, Value]) -> None:
        if self.keeps and (target in self.printers or len(self.printers) < _MOST_PRINTERS):
            said = zlib.compress(codec.write_pdu(Pdu(PduKind.RESPONSE, 0, varbinds=tuple(values.items()))), _PACKED)
            self.printers[target] = _Known(said, vendors.of(Objects(values)))

    def forget(self, target: Target) -> None:
        self.printers.pop(target, None)


async def values_of(client: snmp.SnmpClient, session: snmp.Session, memory: Memory) -> dict[Oid, Value]:
    """All that a reading is made from, fresh where it can change. Raises `PrinterError`."""
    known = memory.printers.get(session.target)
    if known is not None and known.readings < FULL_EVERY:
        said = zlib.decompress(known.said)
        before = dict(codec.read_pdu(said, 0, len(said)).varbinds)
        fresh = await _fresh(client, session, before, known.vendor)
        if fresh is not None:
            known.readings += 1
            return fresh
    memory.forget(session.target)
    values = await gather.everything(client, session, learned=memory.learned)
    memory.remember(session.target, values)
    return values


async def _fresh(
    client: snmp.SnmpClient, session: snmp.Session, before: Mapping[Oid, Value], vendor: Vendor
) -> dict[Oid, Value] | None:
    """None when it is not what it was: another device, or other rows."""
    identity = [oid for oid in _IDENTITY if oid in before]
    instances, rows, still = _sorted_out(before, vendor)
    walk = client.begin(tuple(rows), rows=rows, instances=[*identity, oids.SYS_NAME, *instances])
    while await client.go_on(session, walk):
        pass
    snmp.refuse_what_never_ends(session, walk, (oids.SUPPLY_LEVEL,))
    found = walk.found
    if any(found.get(oid) != before[oid] for oid in identity) or _levels(found) != _levels(before):
        return None
    asked_alone = [oid for oid in (*vendor.counters, *vendor.details) if oid in before]
    if asked_alone and vendor.may_be_asked(before):
        found |= await client.get(session, asked_alone)
    return still | found


def _sorted_out(before: Mapping[Oid, Value], vendor: Vendor) -> tuple[list[Oid], dict[Oid, int], dict[Oid, Value]]:
    """What is asked by instance, how many rows the columns had whose rows come and go, and what stays as it was."""
    instances: list[Oid] = []
    rows = dict.fromkeys((*_COMING_AND_GOING, *vendor.columns), 0)
    still = {}
    for oid, value in before.items():
        column = next((base for base in (oid[:-1], oid[:-2], oid[:-3], oid[:-4]) if base in rows), None)
        if column is not None:
            rows[column] += 1
        elif oid[:-2] in _CHANGING or oid[:-1] in _CHANGING:
            instances.append(oid)
        elif oid != oids.SYS_NAME:
            still[oid] = value
    return instances, rows, still


def _levels(values: Mapping[Oid, Value]) -> set[Oid]:
    return {oid for oid in values if oid[: len(oids.SUPPLY_LEVEL)] == oids.SUPPLY_LEVEL}
