"""The monitoring service: its memory as it runs over 1,000 printers and TLS (G04); 30 days without a line (G05)."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import farm, floor_assistant, offline
from bench.figures import CannotMeasure, Figure, Floor, Goal, Result

COMMAND = Path(sys.executable).with_name("econcierge-assistant")
PRINTERS = 1_000
INTERVAL_S = 15.0
STEADY_S = 30.0
LONGEST_S = 400.0  # after a refusal the service waits, up to five minutes
MEMORY = Goal("G04", at_most=50)
SPOOL = Goal("G05", at_most=50)
LOST = Goal("G05", at_most=0)


@dataclass
class Memory:
    """Of a running process: what it holds now, and the most it ever held (Linux)."""

    pid: int
    held_mb: list[float] = field(default_factory=list)
    most_mb: float = 0.0

    def look(self) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        facts = dict(line.split(":", 1) for line in lines if ":" in line)
        self.most_mb = int(facts["VmHWM"].split()[0]) / 1024
        self.held_mb.append(int(facts["VmRSS"].split()[0]) / 1024)
        return self.held_mb[-1]


def run() -> Result:
    if not Path("/proc/self/status").exists():
        raise CannotMeasure("memory is read from /proc, which this system does not have")
    with tempfile.TemporaryDirectory(prefix="bench-assistant-") as name:
        figures, notes = _memory(Path(name))
    with tempfile.TemporaryDirectory(prefix="bench-offline-") as name:
        found = offline.measure(Path(name))
    return Result([*figures, *_spool(found)], [*notes, *_notes(found)])


def _memory(folder: Path) -> tuple[list[Figure], list[str]]:
    hosts = farm.addresses("127.20.0.0/20", PRINTERS)
    data = folder / "data"
    waiting = offline.fill_a_day(data, printers=PRINTERS)
    with farm.running(hosts) as running, _platform(folder) as (port, tell):
        tell("closed")
        _settings(folder, data, hosts=hosts, port=running.port, platform=port)
        with _service(folder, data) as memory:
            offline_mb = _until(memory, lambda: _known(data) == PRINTERS, "found all printers")
            bare_mb = _floor(folder)
            tell("open")
            _until(memory, lambda: _left(data) == 0, "delivered everything")
            steady_mb = _steady(memory)
            counts = tell("counts")
    floor = Floor("bare Python with asyncio, ssl, http.client and an open sqlite3 file, waiting", bare_mb)
    figures = [
        Figure(f"{PRINTERS:,} printers, TLS: held while reading", steady_mb, "MB", floor, MEMORY),
        Figure("  the most it ever held (VmHWM)", memory.most_mb, "MB", floor, MEMORY),
        Figure("  held while a day waits and nothing is delivered", offline_mb, "MB", floor, MEMORY),
    ]
    notes = [
        f"`econcierge-assistant run` over printers that are {running.kind}, all read every {INTERVAL_S:g} s; "
        f"{waiting:,} readings of a day without a line waited at its start and went out over TLS",
        f"the platform took {counts['readings']:,} readings in {counts['messages']:,} messages",
    ]
    return figures, notes


def _spool(found: offline.Offline) -> list[Figure]:
    return [
        Figure(f"30 days without a line, {offline.PRINTERS} printers: spool", found.file_mb, "MB", goal=SPOOL),
        Figure("  changes that never arrived afterwards", found.lost, "changes", goal=LOST),
        Figure("  changes that had two effects", found.twice, "changes", goal=LOST),
        Figure("  changes in those days", found.changes, "changes"),
    ]


def _notes(found: offline.Offline) -> list[str]:
    return [
        f"30 simulated days of visits every quarter of an hour: {found.visits:,} visits, {found.kept:,} readings kept; "
        "the spool's size is its files together at their largest",
        "afterwards one answer in ten gets lost, so that its report is sent again under the same id",
    ]


def _settings(folder: Path, data: Path, *, hosts: Sequence[str], port: int, platform: int) -> None:
    token = folder / "token"
    token.write_text("bench-token")
    token.chmod(0o600)
    places = json.dumps([f"{host}:{port}" for host in hosts])
    (data / "assistant.toml").write_text(
        f'server = "https://127.0.0.1:{platform}"\ntoken_file = "{token}"\nca_file = "{folder / "ca.pem"}"\n'
        f"range = {places}\ninterval_s = {INTERVAL_S}\nnight_interval_s = {INTERVAL_S}\nrate_pps = 2000\n"
    )


@contextmanager
def _service(folder: Path, data: Path) -> Iterator[Memory]:
    with (folder / "log").open("w") as log:
        child = subprocess.Popen([COMMAND, "run", "--data", data], stderr=log, stdout=log)
        try:
            yield Memory(child.pid)
            if child.poll() is not None:
                raise CannotMeasure(f"the service ended: {(folder / 'log').read_text()[-400:]}")
        finally:
            child.terminate()
            child.wait(timeout=20)


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[int, Any]]:
    command = [sys.executable, "-m", "bench.tls_platform", str(folder)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    told, said = child.stdin, child.stdout

    def tell(word: str) -> dict[str, int]:
        told.write(f"{word}\n")
        told.flush()
        return dict(json.loads(said.readline())) if word == "counts" else {}

    try:
        yield int(said.readline()), tell
    finally:
        told.close()
        said.close()
        child.wait(timeout=20)


def _floor(folder: Path) -> float:
    command = [sys.executable, "-I", floor_assistant.__file__, folder / "floor.sqlite3", folder / "ca.pem"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdout.readline()
        return Memory(child.pid).look()
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait(timeout=20)


def _until(memory: Memory, done: Any, what: str) -> float:
    """Looks at the memory until it is so; what was held in the end."""
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        held_mb = memory.look()
        if done():
            return held_mb
        time.sleep(0.25)
    raise CannotMeasure(f"the service had not {what} within {LONGEST_S:g} s")


def _steady(memory: Memory) -> float:
    """The median over some rounds of reading."""
    first = len(memory.held_mb)
    end = time.monotonic() + STEADY_S
    while time.monotonic() < end:
        memory.look()
        time.sleep(0.25)
    return statistics.median(memory.held_mb[first:])


def _known(data: Path) -> int:
    return offline.count(data, "SELECT COUNT(*) FROM printer WHERE read_at IS NOT NULL AND target LIKE '127.20.%'")


def _left(data: Path) -> int:
    return offline.count(data, "SELECT COUNT(*) FROM reading")
