"""Printers found on a /24 and a /20 at 4,000 packets a second, beside the time that the packets of one pass take."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Sequence

from bench import farm
from bench.figures import Figure, Floor, Goal, Result
from econcierge_printers.discovery import sweep
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.targets import Target

RATE_PACKETS_PER_S = 4_000.0
NETWORKS = (("127.21.0.0/24", 5, 2.5), ("127.22.0.0/20", 20, 5.0))


def run() -> Result:
    printers = {network: farm.addresses(network, count) for network, count, _ in NETWORKS}
    figures: list[Figure] = []
    with farm.running([host for hosts in printers.values() for host in hosts]) as running:
        for network, count, seconds in NETWORKS:
            found_at_s, ended_s = asyncio.run(_sweep(network, running.port))
            figures += _figures(network, count, Goal("G03", at_most=seconds), found_at_s, ended_s)
    notes = [
        f"printers are {running.kind}; nobody answers on the other addresses",
        f"a sweep makes {sweep.PASSES} passes over whoever is silent and waits {sweep.WAIT_S:g} s after each",
    ]
    return Result(figures, notes)


async def _sweep(network: str, port: int) -> tuple[list[float], float]:
    """When each printer was found and when the sweep ended, in seconds from its start."""
    targets = [Target(str(host), port) for host in ipaddress.ip_network(network).hosts()]
    async with SnmpClient() as client:
        start = time.perf_counter()
        found_all = sweep.sweep(client, targets, rate_packets_per_s=RATE_PACKETS_PER_S)
        found_at_s = [time.perf_counter() - start async for found in found_all if found.is_printer]
        return found_at_s, time.perf_counter() - start


def _figures(network: str, count: int, goal: Goal, found_at_s: Sequence[float], ended_s: float) -> list[Figure]:
    size = "/" + network.partition("/")[2]
    asked = ipaddress.ip_network(network).num_addresses - 2
    floor = Floor(f"one packet to every address at {RATE_PACKETS_PER_S:,.0f} packets/s", asked / RATE_PACKETS_PER_S)
    return [
        Figure(f"{size}, found of {count}", len(found_at_s), "printers", goal=Goal("G03", at_least=count)),
        Figure("  the last one found after", max(found_at_s, default=0.0), "s", goal=goal),
        Figure("  the sweep ended after", ended_s, "s", floor, goal),
    ]
