"""Finds printers by every way that is asked for, and gives one list: ranges, SNMP broadcast, DNS-SD.

Who announces itself or answers a broadcast is then asked by SNMP itself, at the same pace as a range.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass

from econcierge_printers.discovery import broadcast, mdns, services, sweep, together, who
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.credentials import User
from econcierge_printers.targets import SNMP_PORT, Target


@dataclass(frozen=True, slots=True)
class Ways:
    """How to look. `deny` hosts are never asked; as a broadcast reaches everybody, there is none where one is given."""

    by_broadcast: bool = False
    by_mdns: bool = False
    community: str = "public"
    version: Version | None = None
    user: User | None = None
    rate_packets_per_s: float = sweep.RATE_PACKETS_PER_S
    deny: Collection[str] = ()
    snmp_port: int = SNMP_PORT
    mdns_port: int = mdns.PORT


async def find(client: SnmpClient, targets: Iterable[Target], *, ways: Ways) -> list[who.Found]:
    """Everything that answered or announced itself, each device once."""
    wanted = dict.fromkeys(targets)
    heard, announced = await asyncio.gather(_broadcast(ways), _announced(ways))
    addresses = [Target(one.target.host, ways.snmp_port) for one in announced]
    asked = dict.fromkeys([*wanted, *heard, *addresses])
    found = [one async for one in swept(client, asked, ways)]
    answered_to_all = frozenset(heard)
    marked = [_say_how(one, one.target in wanted, one.target in answered_to_all) for one in found]
    return together.together([*marked, *announced])


async def _broadcast(ways: Ways) -> list[Target]:
    if not ways.by_broadcast or ways.deny:
        return []
    return await broadcast.answering(community=ways.community, port=ways.snmp_port)


async def _announced(ways: Ways) -> list[who.Found]:
    if not ways.by_mdns:
        return []
    heard: list[services.Service] = await mdns.browse(port=ways.mdns_port)
    recognised = (who.advertised(service) for service in heard)
    return [one for one in recognised if one is not None and not _is_denied(one, ways.deny)]


def _is_denied(found: who.Found, deny: Collection[str]) -> bool:
    """At any of its addresses."""
    return any(host in deny for host in (found.target.host, *found.other_addresses))


def swept(client: SnmpClient, targets: Iterable[Target], ways: Ways) -> AsyncIterator[who.Found]:
    """By asking each target alone, as they answer."""
    return sweep.sweep(
        client,
        targets,
        community=ways.community,
        version=ways.version,
        user=ways.user,
        rate_packets_per_s=ways.rate_packets_per_s,
        deny=ways.deny,
    )


def _say_how(found: who.Found, swept: bool, answered_to_all: bool) -> who.Found:
    ways = (*(("sweep",) if swept else ()), *(("broadcast",) if answered_to_all else ()))
    return dataclasses.replace(found, ways=ways)
