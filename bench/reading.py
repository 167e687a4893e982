"""Printers read in full, 100 and 1,000, by the command (its start included) and in a running process."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import commands, farm, floor_snmp
from bench.figures import CannotMeasure, Figure, Floor, Goal, Result
from econcierge_printers import read, steady
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import oids
from econcierge_printers.snmp import codec
from econcierge_printers.snmp.client import VALUES_PER_ANSWER, SnmpClient
from econcierge_printers.targets import Target

COMMAND = Path(sys.executable).with_name("econcierge-read")
TIMES = 3
SECONDS = {100: Goal("G02", at_most=0.25), 1_000: Goal("G02", at_most=0.9)}
MEMORY = {100: Goal("G02", at_most=40)}
RATIO = Goal("G02", at_most=4)


def run() -> Result:
    hosts = farm.addresses("127.20.0.0/20", 1_000)
    with farm.running(hosts) as running, tempfile.TemporaryDirectory(prefix="bench-reading-") as name:
        figures = [figure for count in (100, 1_000) for figure in _measure(running.port, hosts[:count], Path(name))]
    notes = [
        f"printers are {running.kind}; medians of {TIMES} runs, ours and the floor's in turn",
        "a reading took {} packets, a later one {}; the floor asks {}".format(
            *_packets_of_one(), len(prepared_packets())
        ),
    ]
    return Result(figures, notes)


def _measure(port: int, hosts: Sequence[str], folder: Path) -> list[Figure]:
    count = len(hosts)
    ours, bare = _as_commands(port, hosts, folder)
    command = Floor("raw asyncio in a process of its own, prepared packets, answers only counted", bare.seconds)
    memory = Floor(command.name, bare.max_rss_mb)
    inside, bare_inside = _in_process(port, hosts)
    figure = Figure(f"{count:,} printers, econcierge-read", ours.seconds, "s", command, SECONDS[count])
    ratio = figure.ratio or 0.0
    return [
        figure,
        Figure("  its time over the floor's", ratio, "times", goal=RATIO),
        Figure("  its memory at most", ours.max_rss_mb, "MB", memory, MEMORY.get(count)),
        Figure("  its processor time a printer", 1_000 * ours.cpu_s / count, "ms"),
        Figure(f"{count:,} printers, read_many", inside, "s", Floor("the same within this process", bare_inside)),
        Figure(f"{count:,} printers read again, read_many", _again(port, hosts), "s"),
    ]


def _as_commands(port: int, hosts: Sequence[str], folder: Path) -> tuple[commands.Cost, commands.Cost]:
    targets, names, packets = folder / "targets", folder / "hosts", folder / "packets"
    targets.write_text("".join(f"{host}:{port}\n" for host in hosts))
    names.write_text("\n".join(hosts))
    packets.write_text("\n".join(packet.hex() for packet in prepared_packets()))
    ours, bare = [], []
    for _ in range(TIMES):
        one = commands.cost([COMMAND, "--json", f"@{targets}"], folder=folder)
        _check("econcierge-read", len(one.output.splitlines()), len(hosts))
        ours.append(one)
        floor = commands.cost([sys.executable, "-I", floor_snmp.__file__, str(port), names, packets], folder=folder)
        _check("the floor", int(floor.output), len(hosts) * len(prepared_packets()))
        bare.append(floor)
    return commands.typical(ours), commands.typical(bare)


def _in_process(port: int, hosts: Sequence[str]) -> tuple[float, float]:
    """Median seconds, ours and the floor's."""
    ours, bare = [], []
    for _ in range(TIMES):
        start = time.perf_counter()
        _check("read_many", asyncio.run(_read(port, hosts)), len(hosts))
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        answers = asyncio.run(floor_snmp.ask_all(port=port, hosts=hosts, packets=prepared_packets()))
        bare.append(time.perf_counter() - start)
        _check("the floor", answers, len(hosts) * len(prepared_packets()))
    return statistics.median(ours), statistics.median(bare)


def _again(port: int, hosts: Sequence[str]) -> float:
    """Median seconds of readings that ask only for what can change, as the monitoring service does."""
    memory = steady.Memory()
    asyncio.run(_read(port, hosts, memory))
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        _check("read_many", asyncio.run(_read(port, hosts, memory)), len(hosts))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


async def _read(port: int, hosts: Sequence[str], memory: steady.Memory | None = None) -> int:
    """How many of them gave a reading with supplies."""
    found = 0
    async with SnmpClient() as client:
        targets = [Target(host, port) for host in hosts]
        async for outcome in read.read_many(client, targets, clock=lambda: datetime.now(UTC), memory=memory):
            found += not isinstance(outcome, PrinterError) and bool(outcome.supplies)
    return found


def _packets_of_one() -> tuple[int, int]:
    """How many questions a reading takes of the second printer of a model, and when it is read again."""
    hosts = farm.addresses("127.20.16.0/24", 2)
    return _packets(hosts, rounds=1) - _packets(hosts[:1], rounds=1), _packets(hosts[:1], rounds=2) - _packets(
        hosts[:1], rounds=1
    )


def _packets(hosts: Sequence[str], *, rounds: int) -> int:
    """Counted by the printers, which are asked one after the other."""
    memory = steady.Memory()
    with farm.running(hosts) as running:
        for _ in range(rounds):
            for host in hosts:
                _check("read_many", asyncio.run(_read(running.port, [host], memory)), 1)
    return running.asked or 0


def prepared_packets() -> list[bytes]:
    """What a reading needs at the very least: the scalars, and one GETBULK for each group of columns."""
    groups = (oids.SUPPLY_COLUMNS, oids.DEVICE_COLUMNS, oids.DETAIL_COLUMNS)
    scalars = _packet(codec.PduKind.GET, oids.SCALARS, 0)
    return [scalars, *(_packet(codec.PduKind.GET_BULK, group, VALUES_PER_ANSWER // len(group)) for group in groups)]


def _packet(kind: codec.PduKind, names: Sequence[codec.Oid], repetitions: int) -> bytes:
    question = codec.request(
        version=codec.Version.V2C,
        community=b"public",
        kind=kind,
        request_id=1,
        oids=names,
        max_repetitions=repetitions,
    )
    return codec.encode(question)


def _check(who: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise CannotMeasure(f"{who} got {found:,} of {wanted:,}")
