"""Reads printers over SNMP: asks for what a reading needs, in few packets, and decodes it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from econcierge_printers import merge, steady
from econcierge_printers.clock import Clock
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp.trust import CertificateChanged
from econcierge_printers.mib import agreement, decode
from econcierge_printers.model import LevelState, PrinterState, Reading
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.credentials import User
from econcierge_printers.snmp.security import Security
from econcierge_printers.targets import Target

if TYPE_CHECKING:  # HTTP and TLS are loaded when somebody is asked over IPP
    from econcierge_printers.ipp import client as ipp_client
    from econcierge_printers.ipp.places import Place

DEADLINE_S = 60.0  # for one printer, however slowly it drips
CONCURRENCY = 100
Item = TypeVar("Item")
Readings = tuple[Reading, ...]


async def read_printer(
    client: SnmpClient,
    target: Target,
    *,
    community: str = "public",
    version: Version | None = None,
    user: User | None = None,
    clock: Clock,
    deadline_s: float = DEADLINE_S,
    ipp: ipp_client.Access | None = None,
    memory: steady.Memory | None = None,
) -> Reading:
    """One reading. A `user` reads in v3; without a `version`, v2c that falls back to v1. With `ipp` it is asked there
    too where SNMP is silent or measures no supply (P30), and the better of both is taken; one that says that it sleeps
    is not woken for it. Of several printers behind one address it is the first's. Raises `PrinterError`.
    """
    found = await read_printers(
        client,
        target,
        community=community,
        version=version,
        user=user,
        clock=clock,
        deadline_s=deadline_s,
        ipp=ipp,
        memory=memory,
    )
    return found[0]


async def read_printers(
    client: SnmpClient,
    target: Target,
    *,
    community: str = "public",
    version: Version | None = None,
    user: User | None = None,
    clock: Clock,
    deadline_s: float = DEADLINE_S,
    ipp: ipp_client.Access | None = None,
    memory: steady.Memory | None = None,
) -> tuple[Reading, ...]:
    """As `read_printer`, with one reading for each printer behind the address, at least one."""
    security = choose.security(target, community=community, version=version, user=user)
    try:
        over_snmp = await _read_over_snmp(client, target, security, clock, deadline_s, memory)
    except PrinterError as silent:
        if ipp is None:
            raise
        return (await _read_over_ipp_instead(target, ipp, clock, silent),)
    first, *others = over_snmp
    is_measured = any(supply.state is LevelState.MEASURED for supply in first.supplies)
    if ipp is None or others or is_measured or first.status.state is PrinterState.SLEEPING:
        return over_snmp
    try:
        over_ipp = await _read_over_ipp(Target(target.host), access=ipp, clock=clock)
    except PrinterError:
        return over_snmp
    return (agreement.with_panel(merge.merge((first, over_ipp)).reading),)


async def _read_over_snmp(
    client: SnmpClient,
    target: Target,
    security: Security,
    clock: Clock,
    deadline_s: float,
    memory: steady.Memory | None,
) -> tuple[Reading, ...]:
    try:
        async with asyncio.timeout(deadline_s):
            session = await client.session(target, security)
            values = await steady.values_of(client, session, memory or steady.Memory(keeps=False))
    except TimeoutError:
        raise PrinterError(str(target), "read", f"took longer than {deadline_s:g} s") from None
    return decode.readings(values, target=str(target), read_at=clock(), protocol=session.security.protocol)


async def _read_over_ipp(where: Target | Place, *, access: ipp_client.Access, clock: Clock) -> Reading:
    from econcierge_printers.ipp import client as ipp_client

    return await ipp_client.read_printer(where, access=access, clock=clock)


async def _read_over_ipp_instead(target: Target, ipp: ipp_client.Access, clock: Clock, silent: PrinterError) -> Reading:
    """What is wrong with a certificate is worth more to a person than the silence of SNMP."""
    try:
        reading = await _read_over_ipp(Target(target.host), access=ipp, clock=clock)
    except CertificateChanged:
        raise
    except PrinterError as also:
        reason = f"{silent.reason}; over IPP: {also.reason}"
        raise PrinterError(str(target), silent.step, reason, permanent=silent.permanent) from also
    return dataclasses.replace(reading, target=str(target))


def read_many(
    client: SnmpClient,
    targets: Iterable[Target],
    *,
    community: str = "public",
    version: Version | None = None,
    user: User | None = None,
    clock: Clock,
    concurrency: int = CONCURRENCY,
    ipp: ipp_client.Access | None = None,
    several: bool = False,
    memory: steady.Memory | None = None,
    deny: Collection[str] = (),
) -> AsyncIterator[Reading | PrinterError]:
    """A reading, or why there is none, for every target, in the order of answer.

    Where `several` printers are wanted, each one behind an address has its reading. With a `memory` that is kept from
    round to round, known printers are asked only for what can change. An address under `deny` is not asked (P23).
    """
    read_one = partial(
        read_printers,
        client,
        community=community,
        version=version,
        user=user,
        clock=clock,
        ipp=ipp,
        memory=memory or steady.Memory(keeps=False),
    )
    targets = [target for target in targets if target.host not in deny]
    return _read_all(targets, read_one if several else _first_of(read_one), concurrency)


def _first_of(read_one: Callable[[Target], Awaitable[tuple[Reading, ...]]]) -> Callable[[Target], Awaitable[Readings]]:
    async def read_first(target: Target) -> Readings:
        return (await read_one(target))[:1]

    return read_first


def read_many_over_ipp(
    where: Iterable[Target | Place],
    *,
    access: ipp_client.Access,
    clock: Clock,
    concurrency: int = CONCURRENCY,
) -> AsyncIterator[Reading | PrinterError]:
    """As `read_many`, asking over IPP alone."""

    async def read_one(each: Target | Place) -> Readings:
        return (await _read_over_ipp(each, access=access, clock=clock),)

    return _read_all(where, read_one, concurrency)


async def _read_all(
    items: Iterable[Item], read_one: Callable[[Item], Awaitable[Readings]], concurrency: int
) -> AsyncIterator[Reading | PrinterError]:
    """So many at a time, each once, yielded as they answer; who stops early leaves nothing running."""
    outcomes: asyncio.Queue[Reading | PrinterError | None] = asyncio.Queue()
    waiting = iter(dict.fromkeys(items))

    async def work(shared: Iterator[Item]) -> None:
        for item in shared:
            try:
                for reading in await read_one(item):
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
