"""What a reading needs from a printer over SNMP, asked in as few packets as the device allows.

Scalars and columns of all tables share the same questions; what a device of the same model had tells how many rows to
ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from econcierge_printers.mib import oids, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.snmp import client as snmp
from econcierge_printers.snmp.values import Oid, Value

_COLUMNS = (*oids.DEVICE_COLUMNS, *oids.SUPPLY_COLUMNS, *oids.DETAIL_COLUMNS)
# What printers usually have, for the first of a model; a wrong guess costs a packet.
_ROWS: Mapping[Oid, int] = {
    **dict.fromkeys(oids.DEVICE_COLUMNS, 1),
    **dict.fromkeys(oids.SUPPLY_COLUMNS, 5),
    **dict.fromkeys(oids.DETAIL_COLUMNS, 3),
    oids.COLORANT_VALUE: 4,
    oids.LOCALIZATION_CHARACTER_SET: 1,
}
_MOST_MODELS = 1_000


@dataclass(slots=True)
class Learned:
    """How many rows the columns of a model had, by sysObjectID; kept by whoever reads the same printers again."""

    rows: dict[Oid, dict[Oid, int]] = field(default_factory=dict)

    def note(self, model: Oid, rows: dict[Oid, int]) -> None:
        if model in self.rows or len(self.rows) < _MOST_MODELS:
            self.rows[model] = rows


async def everything(
    client: snmp.SnmpClient, session: snmp.Session, *, learned: Learned | None = None
) -> dict[Oid, Value]:
    """The scalars tell the vendor, the vendor tells what more there is. Supplies whole, details may be partial."""
    learned = Learned() if learned is None else learned
    walk = client.begin(_COLUMNS, rows=_ROWS, instances=oids.SCALARS)
    vendor = vendors.UNKNOWN
    model: Oid = ()
    while await client.go_on(session, walk):
        if not model and oids.SYS_OBJECT_ID in walk.found:
            objects = Objects(walk.found)
            model = objects.sys_object_id or ()
            vendor = vendors.of(objects)
            if vendor.may_be_asked(walk.found):
                walk.add(vendor.columns, rows={column: vendor.rows_of(column) for column in vendor.columns})
            walk.expect(learned.rows.get(model, {}))
    snmp.refuse_what_never_ends(session, walk, oids.SUPPLY_COLUMNS)
    learned.note(model, walk.rows_found)
    if vendor.scalars and vendor.may_be_asked(walk.found):
        return walk.found | await client.get(session, vendor.scalars)
    return walk.found
