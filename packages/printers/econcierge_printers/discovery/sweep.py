"""Asks every address of a range one small question, at a steady rate, and yields who answers.

Silence is normal: it is asked again in the next pass, in the last one in SNMPv1. No other port is touched, and a
denied address is never asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import suppress

from econcierge_printers.discovery import who
from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.client import SnmpClient, question
from econcierge_printers.snmp.codec import ErrorStatus, PduKind, Version
from econcierge_printers.snmp.credentials import User
from econcierge_printers.targets import Target

RATE_PACKETS_PER_S = 500.0
WAIT_S = 0.7
PASSES = 3


async def sweep(
    client: SnmpClient,
    targets: Iterable[Target],
    *,
    community: str = "public",
    version: Version | None = None,
    user: User | None = None,
    rate_packets_per_s: float = RATE_PACKETS_PER_S,
    wait_s: float = WAIT_S,
    passes: int = PASSES,
    deny: Collection[str] = (),
) -> AsyncIterator[who.Found]:
    """Who answers, as they do, each once. A `user` asks in v3; without a `version`, v2c, and v1 in the last pass."""
    silent = [target for target in dict.fromkeys(targets) if target.host not in deny]
    pace = _Pace(rate_packets_per_s)
    for number in range(passes):
        if not silent:
            return
        last = version is None and number and number == passes - 1
        spoken = Version.V1 if last else Version.V2C if version is None else version
        answered = set()
        async for found in _one_pass(client, silent, community, spoken, user, pace, wait_s):
            answered.add(found.target)
            yield found
        silent = [target for target in silent if target not in answered]


async def _one_pass(
    client: SnmpClient,
    targets: list[Target],
    community: str,
    version: Version,
    user: User | None,
    pace: _Pace,
    wait_s: float,
) -> AsyncIterator[who.Found]:
    answers: asyncio.Queue[who.Found | None] = asyncio.Queue()

    async def ask(target: Target) -> None:
        found = await _probe(client, target, community, version, user, wait_s)
        if found is not None:
            answers.put_nowait(found)

    async def ask_all() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for target in targets:
                    await pace.wait()
                    group.create_task(ask(target))
        finally:
            answers.put_nowait(None)

    asking = asyncio.create_task(ask_all())
    try:
        while (found := await answers.get()) is not None:
            yield found
        await asking
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking


async def _probe(
    client: SnmpClient, target: Target, community: str, version: Version, user: User | None, wait_s: float
) -> who.Found | None:
    """None for silence and for an address that cannot be asked; a v1 agent that lacks an object is asked singly."""
    try:
        security = choose.security(target, community=community, version=version, user=user)
        session = await client.session(target, security)
        answer = await client.probe(session, question(PduKind.GET, who.PROBE), wait_s=wait_s)
        if answer is None:
            return None
        values = {oid: value for oid, value in answer.varbinds if not value.missing}
        if answer.error_status != ErrorStatus.NO_ERROR:
            values = await client.get(session, who.PROBE)
    except PrinterError:
        return None
    return who.recognise(values, target=target, protocol=security.protocol)


class _Pace:
    """Lets one packet go every 1/rate seconds; sleeps seldom, as timers are coarse."""

    def __init__(self, rate_packets_per_s: float) -> None:
        self._interval_s = 1 / rate_packets_per_s
        self._next_at = 0.0

    async def wait(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next_at = max(self._next_at + self._interval_s, now - 0.05)
        if self._next_at > now:
            await asyncio.sleep(self._next_at - now)
