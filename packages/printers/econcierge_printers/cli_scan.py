"""The command `econcierge-scan`: finds printers by ranges, SNMP broadcast and multicast DNS."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Sequence

from econcierge_printers import report, terminal, user_options
from econcierge_printers.discovery import nearby, ranges, sweep
from econcierge_printers.discovery.who import Found
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.targets import Target, parse_target


def scan(argv: Sequence[str] | None = None) -> int:
    """`econcierge-scan`: finds printers and says which they are."""
    parser = _parser()
    options = parser.parse_args(argv)
    options.snmp_user = terminal.usage(parser, lambda: user_options.user(options))
    if not (options.ranges or options.mdns or options.broadcast):
        options.mdns, options.broadcast = True, not options.deny
    if options.broadcast and options.deny:
        parser.error("a broadcast would reach those under --deny too: leave one of them out")
    options.deny = terminal.usage(
        parser, lambda: frozenset(host for spec in options.deny for host in ranges.hosts(spec))
    )
    options.ranges = terminal.usage(parser, lambda: terminal.specifications(options.ranges))
    targets = terminal.usage(parser, lambda: [target for spec in options.ranges for target in ranges.targets(spec)])
    return terminal.guarded(lambda: asyncio.run(_scan_targets(targets, options)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="econcierge-scan", description="Finds printers on a network.")
    parser.add_argument(
        "ranges",
        nargs="*",
        metavar="CIDR|RANGE|HOST",
        help="10.0.0.0/24, 10.0.0.5-9, host, @FILE of them; none: the local network, by --mdns and --broadcast",
    )
    parser.add_argument("--mdns", action="store_true", help="listen to who announces itself (multicast DNS)")
    parser.add_argument("--broadcast", action="store_true", help="ask everybody on the local network at once (SNMP)")
    parser.add_argument("--deny", action="append", default=[], metavar="RANGE", help="never ask these")
    parser.add_argument("--community", default="public", help="SNMP community (default: public)")
    parser.add_argument("--version", choices=["1", "2c", "3"], help="SNMP version (default: 2c, then 1)")
    parser.add_argument(
        "--rate", type=terminal.positive, default=sweep.RATE_PACKETS_PER_S, metavar="PPS", help="packets/s"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    user_options.add(parser)
    return parser


async def _scan_targets(targets: list[Target], options: argparse.Namespace) -> int:
    """Status 1 when a host named on its own did not answer; silence within a range is normal."""
    answered: set[Target] = set()
    async with SnmpClient() as client:
        async for found in _found(client, targets, _ways(options)):
            answered.add(found.target)
            if found.is_printer:
                terminal.say(json.dumps(report.found_as_json(found)) if options.json else report.found_as_text(found))
    single = [parse_target(spec) for spec in options.ranges if ranges.is_single(spec)]
    missing = [target for target in single if target not in answered]
    for target in missing:
        terminal.warn(f"{target}: no answer")
    return terminal.SOME_DID_NOT if missing else terminal.ALL_ANSWERED


def _ways(options: argparse.Namespace) -> nearby.Ways:
    return nearby.Ways(
        by_broadcast=options.broadcast,
        by_mdns=options.mdns,
        community=options.community,
        version=terminal.VERSIONS.get(options.version or ""),
        user=options.snmp_user,
        rate_packets_per_s=options.rate,
        deny=options.deny,
    )


async def _found(client: SnmpClient, targets: list[Target], ways: nearby.Ways) -> AsyncIterator[Found]:
    """As they answer where there is one way only; several ways make one list first."""
    if ways.by_mdns or ways.by_broadcast:
        for found in await nearby.find(client, targets, ways=ways):
            yield found
    else:
        async for found in nearby.swept(client, targets, ways):
            yield found
