"""The commands `econcierge-read` and `econcierge-scan`: arguments in, JSON lines or a table out.

Exit status: 0 all answered, 1 some did not (standard error says why), 2 bad usage.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from econcierge_printers import read as reading_of
from econcierge_printers import recording, report, snmprec, snmpwalk, terminal, user_options, wire
from econcierge_printers.clock import Clock, clock_from_environment
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import decode
from econcierge_printers.model import Reading
from econcierge_printers.snmp import choose
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.targets import Target, parse_target

if TYPE_CHECKING:  # IPP, with HTTP and TLS, is loaded when it is asked for
    from econcierge_printers.ipp import client as ipp_client
    from econcierge_printers.ipp.places import Place

ALL_ANSWERED, SOME_DID_NOT, BAD_USAGE = terminal.ALL_ANSWERED, terminal.SOME_DID_NOT, terminal.BAD_USAGE
_IPP_RECORDINGS = (".bin", ".res")
Show = Callable[[Reading], str]
W = TypeVar("W")


def read(argv: Sequence[str] | None = None) -> int:
    """`econcierge-read`: reads printers or recordings."""
    parser = _read_parser()
    options = parser.parse_args(argv)
    _refuse_what_is_missing(parser, options)
    show = _as_json if options.json else report.reading_as_text
    if options.recording:
        return terminal.guarded(lambda: _read_recordings(options.recording, show, clock_from_environment()))
    options.snmp_user = terminal.usage(parser, lambda: user_options.user(options))
    if options.record:
        host = terminal.usage(parser, lambda: parse_target(options.record[0]))
        return terminal.guarded(lambda: asyncio.run(_record(host, Path(options.record[1]), options)))
    parse = _parse_ipp_target if options.ipp else parse_target
    targets = terminal.usage(parser, lambda: _targets(options.targets, parse))
    if not targets:
        parser.error("no target")
    return terminal.guarded(lambda: asyncio.run(_read_targets(targets, options, show)))


def scan(argv: Sequence[str] | None = None) -> int:
    """`econcierge-scan`: finds printers and says which they are."""
    from econcierge_printers import cli_scan  # reading starts without what finding needs

    return cli_scan.scan(argv)


def _read_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="econcierge-read", description="Reads printers: one reading each.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="host[:port], or @FILE with one per line")
    parser.add_argument("--community", default="public", help="SNMP community (default: public)")
    parser.add_argument("--version", choices=["1", "2c", "3"], help="SNMP version (default: 2c, then 1)")
    parser.add_argument("--ipp", action="store_true", help="ask over IPP alone: host[:port] or ipp[s]://host/path")
    parser.add_argument("--or-ipp", action="store_true", help="ask over IPP too where SNMP tells no level")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="remember printers' certificates in this file")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--timeout", type=terminal.positive, default=2.0, metavar="S", help="seconds to wait")
    parser.add_argument(
        "--concurrency", type=terminal.positive_int, default=100, metavar="N", help="printers at a time"
    )
    parser.add_argument(
        "--recording", nargs="+", type=Path, metavar="FILE", help="decode .snmprec, .snmpwalk, .bin, .res"
    )
    parser.add_argument("--record", nargs=2, metavar=("HOST", "FILE"), help="record a printer, masked, as .snmprec")
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
    from econcierge_printers.ipp import places

    return places.parse_uri(text) if places.is_uri(text) else parse_target(text)


def _targets(texts: Iterable[str], parse: Callable[[str], W]) -> list[W]:
    """Raises ValueError or OSError."""
    return [parse(text) for text in terminal.specifications(texts)]


async def _read_targets(targets: Sequence[Target | Place], options: argparse.Namespace, show: Show) -> int:
    status = terminal.ALL_ANSWERED
    try:
        access = _ipp_access(options)
    except PrinterError as error:
        return terminal.warn(str(error))
    async with SnmpClient(timeout_s=options.timeout) as client:
        async for outcome in _outcomes(client, targets, options, access):
            if isinstance(outcome, PrinterError):
                status = terminal.warn(str(outcome))
            else:
                terminal.say(show(outcome))
    return status


def _outcomes(
    client: SnmpClient,
    targets: Sequence[Target | Place],
    options: argparse.Namespace,
    access: ipp_client.Access | None,
) -> AsyncIterator[Reading | PrinterError]:
    clock, concurrency = clock_from_environment(), options.concurrency
    if options.ipp and access is not None:
        return reading_of.read_many_over_ipp(targets, access=access, clock=clock, concurrency=concurrency)
    return reading_of.read_many(
        client,
        [target for target in targets if isinstance(target, Target)],
        community=options.community,
        version=terminal.VERSIONS.get(options.version or ""),
        user=options.snmp_user,
        clock=clock,
        concurrency=concurrency,
        ipp=access,
        several=True,
    )


def _ipp_access(options: argparse.Namespace) -> ipp_client.Access | None:
    """None where IPP is not wanted. Raises `PrinterError` for a file of certificates that cannot be used."""
    if not (options.ipp or options.or_ipp):
        return None
    from econcierge_printers.ipp import client as ipp_client
    from econcierge_printers.ipp.trust import MemoryTrust
    from econcierge_printers.ipp.trust_file import FileTrust

    trusted = FileTrust(options.trust) if options.trust else MemoryTrust()
    return ipp_client.Access(trusted, timeout_s=max(options.timeout, ipp_client.TIMEOUT_S))


async def _record(target: Target, path: Path, options: argparse.Namespace) -> int:
    """A key of its own for each recording, so that nobody can try what a mask stands for."""
    version = terminal.VERSIONS.get(options.version or "")
    async with SnmpClient(timeout_s=options.timeout) as client:
        try:
            security = choose.security(target, community=options.community, version=version, user=options.snmp_user)
            objects = await recording.record(client, target, security, key=secrets.token_bytes(32))
            path.write_text(snmprec.format_lines(objects))
        except PrinterError as error:
            return terminal.warn(str(error))
        except OSError as error:
            return terminal.warn(f"{path}: {error.strerror}")
    terminal.say(f"{path}: {len(objects)} objects, masked. Read it through before you give it to others.")
    return terminal.ALL_ANSWERED


def _read_recordings(paths: list[Path], show: Show, clock: Clock) -> int:
    status = terminal.ALL_ANSWERED
    for path in paths:
        try:
            readings = _read_recording(path, clock)
        except PrinterError as error:
            status = terminal.warn(str(error))
        else:
            for reading in readings:
                terminal.say(show(reading))
    return status


def _read_recording(path: Path, clock: Clock) -> tuple[Reading, ...]:
    """Broken lines are named, the rest is read. Raises `PrinterError`."""
    if path.suffix in _IPP_RECORDINGS:
        from econcierge_printers.ipp import decode as ipp_decode

        return (ipp_decode.recording(path, read_at=clock()),)
    captured = snmpwalk.read_file(path) if path.suffix == ".snmpwalk" else snmprec.read_file(path)
    for problem in captured.problems:
        terminal.warn(problem)
    if not captured.objects:
        raise PrinterError(str(path), "recording", "holds no recorded object", permanent=True)
    return decode.readings(captured.objects, target=path.name, read_at=clock(), protocol="recording")


def _as_json(reading: Reading) -> str:
    return json.dumps(wire.reading_to_json(reading))
