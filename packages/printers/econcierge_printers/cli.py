"""The commands `econcierge-read` and `econcierge-scan`: arguments in, JSON lines or a table out.

Exit status: 0 all answered, 1 some did not (standard error says why), 2 bad usage.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from econcierge_printers import read as reading_of
from econcierge_printers import recording, report, snmprec, snmpwalk, user_options, wire
from econcierge_printers.clock import Clock, clock_from_environment
from econcierge_printers.discovery import nearby, ranges, sweep
from econcierge_printers.discovery.who import Found
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import client as ipp_client
from econcierge_printers.ipp import decode as ipp_decode
from econcierge_printers.ipp import places
from econcierge_printers.ipp.places import Place
from econcierge_printers.ipp.trust import MemoryTrust
from econcierge_printers.ipp.trust_file import FileTrust
from econcierge_printers.mib import decode
from econcierge_printers.model import Reading
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.targets import Target, parse_target

ALL_ANSWERED, SOME_DID_NOT, BAD_USAGE = 0, 1, 2
_INTERRUPTED = 130
_IPP_RECORDINGS = (".bin", ".res")
_VERSIONS = {"1": Version.V1, "2c": Version.V2C}
Show = Callable[[Reading], str]
T = TypeVar("T")
W = TypeVar("W")


def read(argv: Sequence[str] | None = None) -> int:
    """`econcierge-read`: reads printers or recordings."""
    parser = _read_parser()
    options = parser.parse_args(argv)
    _refuse_what_is_missing(parser, options)
    show = _as_json if options.json else report.reading_as_text
    if options.recording:
        return _guarded(lambda: _read_recordings(options.recording, show, clock_from_environment()))
    options.snmp_user = _usage(parser, lambda: user_options.user(options))
    if options.record:
        host = _usage(parser, lambda: parse_target(options.record[0]))
        return _guarded(lambda: asyncio.run(_record(host, Path(options.record[1]), options)))
    parse = _parse_ipp_target if options.ipp else parse_target
    targets = _usage(parser, lambda: _targets(options.targets, parse))
    if not targets:
        parser.error("no target")
    return _guarded(lambda: asyncio.run(_read_targets(targets, options, show)))


def scan(argv: Sequence[str] | None = None) -> int:
    """`econcierge-scan`: finds printers and says which they are."""
    parser = _scan_parser()
    options = parser.parse_args(argv)
    options.snmp_user = _usage(parser, lambda: user_options.user(options))
    if not (options.ranges or options.mdns or options.broadcast):
        options.mdns, options.broadcast = True, not options.deny
    if options.broadcast and options.deny:
        parser.error("a broadcast would reach those under --deny too: leave one of them out")
    options.deny = _usage(parser, lambda: frozenset(host for spec in options.deny for host in ranges.hosts(spec)))
    options.ranges = _usage(parser, lambda: _specifications(options.ranges))
    targets = _usage(parser, lambda: [target for spec in options.ranges for target in ranges.targets(spec)])
    return _guarded(lambda: asyncio.run(_scan_targets(targets, options)))


def _read_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="econcierge-read", description="Reads printers: one reading each.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="host[:port], or @FILE with one per line")
    parser.add_argument("--community", default="public", help="SNMP community (default: public)")
    parser.add_argument("--version", choices=["1", "2c", "3"], help="SNMP version (default: 2c, then 1)")
    parser.add_argument("--ipp", action="store_true", help="ask over IPP alone: host[:port] or ipp[s]://host/path")
    parser.add_argument("--or-ipp", action="store_true", help="ask over IPP too where SNMP tells no level")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="remember printers' certificates in this file")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--timeout", type=_positive, default=2.0, metavar="S", help="seconds to wait at first")
    parser.add_argument("--concurrency", type=_positive_int, default=100, metavar="N", help="printers at a time")
    parser.add_argument(
        "--recording", nargs="+", type=Path, metavar="FILE", help="decode .snmprec, .snmpwalk, .bin, .res"
    )
    parser.add_argument("--record", nargs=2, metavar=("HOST", "FILE"), help="record a printer, masked, as .snmprec")
    user_options.add(parser)
    return parser


def _scan_parser() -> argparse.ArgumentParser:
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
    parser.add_argument("--rate", type=_positive, default=sweep.RATE_PACKETS_PER_S, metavar="PPS", help="packets/s")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    user_options.add(parser)
    return parser


def _refuse_what_is_missing(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.trust and not (options.ipp or options.or_ipp):
        parser.error("--trust is for --ipp and --or-ipp")
    if bool(options.recording) + bool(options.targets) + bool(options.record) > 1:
        parser.error("give targets, recordings or what to record, not several of them")
    for path in options.recording or ():
        if path.suffix not in (".snmprec", ".snmpwalk", *_IPP_RECORDINGS):
            parser.error(f"{path}: recordings are .snmprec, .snmpwalk, .bin or .res")


def _parse_ipp_target(text: str) -> Target | Place:
    return places.parse_uri(text) if places.is_uri(text) else parse_target(text)


def _specifications(texts: Iterable[str]) -> list[str]:
    """Each text, or the lines of `@FILE` without comments. Raises OSError, ValueError for what is no text."""
    found: list[str] = []
    for text in texts:
        if text.startswith("@"):
            lines = (line.partition("#")[0].strip() for line in Path(text[1:]).read_text().splitlines())
            found += [line for line in lines if line]
        else:
            found.append(text)
    return found


def _targets(texts: Iterable[str], parse: Callable[[str], W]) -> list[W]:
    """Raises ValueError or OSError."""
    return [parse(text) for text in _specifications(texts)]


async def _read_targets(targets: Sequence[Target | Place], options: argparse.Namespace, show: Show) -> int:
    status = ALL_ANSWERED
    try:
        access = _ipp_access(options)
    except PrinterError as error:
        return _warn(str(error))
    async with SnmpClient(timeout_s=options.timeout) as client:
        async for outcome in _outcomes(client, targets, options, access):
            if isinstance(outcome, PrinterError):
                status = _warn(str(outcome))
            else:
                _say(show(outcome))
    return status


def _outcomes(
    client: SnmpClient,
    targets: Sequence[Target | Place],
    options: argparse.Namespace,
    access: ipp_client.Access,
) -> AsyncIterator[Reading | PrinterError]:
    clock, concurrency = clock_from_environment(), options.concurrency
    if options.ipp:
        return reading_of.read_many_over_ipp(targets, access=access, clock=clock, concurrency=concurrency)
    return reading_of.read_many(
        client,
        [target for target in targets if isinstance(target, Target)],
        community=options.community,
        version=_VERSIONS.get(options.version or ""),
        user=options.snmp_user,
        clock=clock,
        concurrency=concurrency,
        ipp=access if options.or_ipp else None,
        several=True,
    )


def _ipp_access(options: argparse.Namespace) -> ipp_client.Access:
    """Raises `PrinterError` for a file of certificates that cannot be used."""
    trusted = FileTrust(options.trust) if options.trust else MemoryTrust()
    return ipp_client.Access(trusted, timeout_s=max(options.timeout, ipp_client.TIMEOUT_S))


async def _record(target: Target, path: Path, options: argparse.Namespace) -> int:
    """A key of its own for each recording, so that nobody can try what a mask stands for."""
    version = _VERSIONS.get(options.version or "")
    async with SnmpClient(timeout_s=options.timeout) as client:
        try:
            security = choose.security(target, community=options.community, version=version, user=options.snmp_user)
            objects = await recording.record(client, target, security, key=secrets.token_bytes(32))
            path.write_text(snmprec.format_lines(objects))
        except PrinterError as error:
            return _warn(str(error))
        except OSError as error:
            return _warn(f"{path}: {error.strerror}")
    _say(f"{path}: {len(objects)} objects, masked. Read it through before you give it to others.")
    return ALL_ANSWERED


def _read_recordings(paths: list[Path], show: Show, clock: Clock) -> int:
    status = ALL_ANSWERED
    for path in paths:
        try:
            readings = _read_recording(path, clock)
        except PrinterError as error:
            status = _warn(str(error))
        else:
            for reading in readings:
                _say(show(reading))
    return status


def _read_recording(path: Path, clock: Clock) -> tuple[Reading, ...]:
    """Broken lines are named, the rest is read. Raises `PrinterError`."""
    if path.suffix in _IPP_RECORDINGS:
        return (ipp_decode.recording(path, read_at=clock()),)
    captured = snmpwalk.read_file(path) if path.suffix == ".snmpwalk" else snmprec.read_file(path)
    for problem in captured.problems:
        _warn(problem)
    if not captured.objects:
        raise PrinterError(str(path), "recording", "holds no recorded object", permanent=True)
    return decode.readings(captured.objects, target=path.name, read_at=clock(), protocol="recording")


async def _scan_targets(targets: list[Target], options: argparse.Namespace) -> int:
    """Status 1 when a host named on its own did not answer; silence within a range is normal."""
    answered: set[Target] = set()
    async with SnmpClient() as client:
        async for found in _found(client, targets, _ways(options)):
            answered.add(found.target)
            if found.is_printer:
                _say(json.dumps(report.found_as_json(found)) if options.json else report.found_as_text(found))
    single = [parse_target(spec) for spec in options.ranges if ranges.is_single(spec)]
    missing = [target for target in single if target not in answered]
    for target in missing:
        _warn(f"{target}: no answer")
    return SOME_DID_NOT if missing else ALL_ANSWERED


def _ways(options: argparse.Namespace) -> nearby.Ways:
    return nearby.Ways(
        by_broadcast=options.broadcast,
        by_mdns=options.mdns,
        community=options.community,
        version=_VERSIONS.get(options.version or ""),
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


def _as_json(reading: Reading) -> str:
    return json.dumps(wire.reading_to_json(reading))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _warn(line: str) -> int:
    sys.stderr.write(line + "\n")
    return SOME_DID_NOT


def _usage(parser: argparse.ArgumentParser, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except (ValueError, OSError) as error:
        parser.error(str(error))


def _guarded(run: Callable[[], int]) -> int:
    """Ends quietly when the reader of our output goes away, or a person interrupts."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that lacks a character still shows the rest
    try:
        return run()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_DID_NOT
    except KeyboardInterrupt:
        return _INTERRUPTED


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise ValueError(text)
    return number


def _positive_int(text: str) -> int:
    return int(_positive(str(int(text))))
