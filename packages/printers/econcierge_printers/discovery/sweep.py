"""Asks every address of a range one small question, at a steady rate, and yields who answers.

Silence is normal: it is asked again in the next pass, in the last one in SNMPv1. No other port is touched, and a
denied address is never asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import aclosing, suppress

from econcierge_printers.discovery import who
from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.client import SnmpClient, question
from econcierge_printers.snmp.codec import ErrorStatus, PduKind, Version
from econcierge_printers.snmp.credentials import User
from econcierge_printers.targets import Target

RATE_PACKETS_PER_S = 500.0
WAIT_S = 0.55
PASSES = 4
MORE_PASSES = 2  # at 10 % loss of questions and answers each, all but 0.19 ** 6 are found
_BLOCK_ADDRESSES = 16_384  # so many are waited for at a time


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
    wanted = [target for target in dict.fromkeys(targets) if target.host not in deny]
    pace = _Pace(rate_packets_per_s)
    versions = [Version.V2C if version is None else version] * passes
    if version is None and user is None and passes > 1:
        versions[-1] = Version.V1

    async def ask(target: Target, spoken: Version) -> who.Found | None:
        return await _probe(client, target, community, spoken, user, wait_s, deny)

    for start in range(0, len(wanted), _BLOCK_ADDRESSES):
        answers = _ask_block(wanted[start : start + _BLOCK_ADDRESSES], versions, ask, pace)
        async with aclosing(answers):
            async for found in answers:
                yield found


async def _ask_block(
    targets: Sequence[Target],
    versions: Sequence[Version],
    ask: Callable[[Target, Version], Awaitable[who.Found | None]],
    pace: _Pace,
) -> AsyncGenerator[who.Found, None]:
    """Pass after pass over whoever is silent. An address is asked again when its own time is up, so passes overlap.

    Who answers only after the first pass shows that packets are lost here, or that devices sleep: then there are more.
    """
    answers: asyncio.Queue[who.Found | None] = asyncio.Queue()
    late: list[Target] = []

    async def ask_one(target: Target, number: int) -> bool:
        found = await ask(target, versions[min(number, len(versions) - 1)])
        if found is None:
            return False
        answers.put_nowait(found)
        if number:
            late.append(target)
        return True

    async def ask_all() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                asked: dict[Target, asyncio.Task[bool]] = {}
                for number in range(len(versions) + MORE_PASSES):
                    if number == len(versions):
                        await asyncio.gather(*asked.values())
                    if number >= len(versions) and not late:
                        break
                    for target in targets:
                        if target in asked and await asked[target]:
                            continue
                        await pace.wait()
                        asked[target] = group.create_task(ask_one(target, number))
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
    client: SnmpClient,
    target: Target,
    community: str,
    version: Version,
    user: User | None,
    wait_s: float,
    deny: Collection[str],
) -> who.Found | None:
    """None for silence, and for an address that cannot or must not be asked.

    A v1 agent that lacks an object is asked singly.
    """
    try:
        security = choose.security(target, community=community, version=version, user=user)
        session = await client.session(target, security)
        if session.source[0] in deny:
            return None  # a name of somebody who is denied by address
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
