"""Records what a decoder needs of one printer, masked: `econcierge-read --record HOST FILE`."""

from __future__ import annotations

from econcierge_printers import masking
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import oids, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor
from econcierge_printers.snmp.client import Session, SnmpClient
from econcierge_printers.snmp.security import Security
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.targets import Target

MOST_VALUES = 2_000  # of one subtree
_MIB2: Oid = (1, 3, 6, 1, 2, 1)
_PRINTER: Oid = (*_MIB2, 43)
# The tables of a reading and what else says how a printer is built; no users, jobs, network services or address books.
SUBTREES: tuple[Oid, ...] = (
    (*_MIB2, 1),
    oids.IF_PHYS_ADDRESS,
    (*_MIB2, 2, 2, 1, 3),
    (*_MIB2, 25, 3, 2),
    (*_MIB2, 25, 3, 5),
    *((*_PRINTER, table) for table in (5, 7, 8, 9, 10, 11, 12, 16, 18)),
)


async def record(client: SnmpClient, target: Target, security: Security, *, key: bytes) -> dict[Oid, Value]:
    """Raises `PrinterError`. A subtree that is endless or too large is recorded as far as it goes.

    Of a maker with a module here the objects that it asks for, of any other the maker's whole subtree.
    """
    session = await client.session(target, security)
    values = await client.get(session, oids.SCALARS)
    if not values:
        raise session.error("record", "it has none of the objects that every SNMP agent has", permanent=True)
    vendor = vendors.of(Objects(values))
    for subtree in (*SUBTREES, *_private_subtrees(values, vendor)):
        values |= await _walk(client, session, subtree)
    if vendor.scalars:
        values |= await client.get(session, vendor.scalars)
    return masking.masked(dict(sorted(values.items())), key=key)


def _private_subtrees(values: dict[Oid, Value], vendor: Vendor) -> tuple[Oid, ...]:
    enterprise = Objects(values).enterprise
    if vendor is not vendors.UNKNOWN or enterprise is None:
        return vendor.columns
    return ((*oids.ENTERPRISES, enterprise),)


async def _walk(client: SnmpClient, session: Session, subtree: Oid) -> dict[Oid, Value]:
    """A device may fall silent in a subtree that is not well made; what came before counts."""
    walk = client.begin([subtree])
    try:
        while len(walk.found) < MOST_VALUES and await client.go_on(session, walk):
            pass
    except PrinterError:
        return walk.found
    return walk.found
