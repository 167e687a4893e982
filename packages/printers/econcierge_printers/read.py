"""Reads printers over SNMP: asks for what a reading needs, in few packets, and decodes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress

from econcierge_printers.clock import Clock
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import decode, oids, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import Reading
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.client import Session, SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.credentials import User
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.targets import Target

DEADLINE_S = 60.0  # for one printer, however slowly it drips
CONCURRENCY = 100


async def read_printer(
    client: SnmpClient,
    target: Target,
    *,
    community: str = "public",
    version: Version | None = None,
    user: User | None = None,
    clock: Clock,
    deadline_s: float = DEADLINE_S,
) -> Reading:
    """One reading. A `user` reads in v3; without a `version`, v2c that falls back to v1. Raises `PrinterError`."""
    security = choose.security(target, community=community, version=version, user=user)
    try:
        async with asyncio.timeout(deadline_s):
            session = await client.session(target, security)
            values = await _ask(client, session)
    except TimeoutError:
        raise PrinterError(str(target), "read", f"took longer than {deadline_s:g} s") from None
    return decode.reading(values, target=str(target), read_at=clock(), protocol=session.security.protocol)


async def read_many(
    client: SnmpClient,
    targets: Iterable[Target],
    *,
    community: str = "public",
    version: Version | None = None,
    user: User | None = None,
    clock: Clock,
    concurrency: int = CONCURRENCY,
) -> AsyncIterator[Reading | PrinterError]:
    """A reading, or why there is none, for every target, in the order of answer."""
    outcomes: asyncio.Queue[Reading | PrinterError | None] = asyncio.Queue()
    waiting = iter(dict.fromkeys(targets))

    async def work(shared: Iterator[Target]) -> None:
        for target in shared:
            try:
                reading = await read_printer(
                    client, target, community=community, version=version, user=user, clock=clock
                )
                outcomes.put_nowait(reading)
            except PrinterError as error:
                outcomes.put_nowait(error)

    async def work_all() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(concurrency):
                    group.create_task(work(waiting))
        finally:
            outcomes.put_nowait(None)

    working = asyncio.create_task(work_all())
    try:
        while (outcome := await outcomes.get()) is not None:
            yield outcome
        await working
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


async def _ask(client: SnmpClient, session: Session) -> dict[Oid, Value]:
    """The scalars tell the vendor, the vendor tells what more there is; details may be partial."""
    values = await client.get(session, oids.SCALARS)
    vendor = vendors.of_enterprise(Objects(values).enterprise)
    values |= await client.walk(session, oids.SUPPLY_COLUMNS)
    values |= await client.walk(session, (*oids.DEVICE_COLUMNS, *vendor.columns), rows=1, tolerant=True)
    values |= await client.walk(session, oids.DETAIL_COLUMNS, tolerant=True)
    if vendor.scalars:
        values |= await client.get(session, vendor.scalars)
    return values
