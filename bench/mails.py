"""From the commit of a notice to the mail server's 250, and how fast ten thousand go out, beside smtplib alone.

The worker runs as it is launched; the mail server is a process of its own.
"""

from __future__ import annotations

import dataclasses
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench import ingest, load, platform
from bench.figures import CannotMeasure, Figure, Floor, Goal, Result, percentile
from bench.seed import Wanted
from econcierge.launch import processes, services
from econcierge.launch.demo_facts import DemoFacts

CUSTOMER = "mails"
ONE_BY_ONE, PER_S = 200, 20.0
BURST, WORKERS = 10_000, 2
LONGEST_S = 240.0
FLOOR_MESSAGES = 3_000
ALONE = "smtplib alone, one connection, the same message, the same server"
Moments = dict[str, float]  # by Message-ID, in seconds since 1970


def run() -> Result:
    customers = [Wanted(CUSTOMER), *(Wanted(f"ingest-{n}", assistants=2) for n in range(ingest.CUSTOMERS))]
    with platform.prepared() as prepared, tempfile.TemporaryDirectory(prefix="bench-mails-") as name:
        paired = platform.seeded(prepared, customers)
        folder = Path(name)
        with mail_server_in(folder) as port:
            told = {**prepared.told, "ECONCIERGE_SMTP_HOST": "127.0.0.1", "ECONCIERGE_SMTP_PORT": str(port)}
            with _workers(prepared, told, 1):
                _took_s(folder, _write(told, 40, PER_S))  # the first are slower: everything is loaded
                quiet = _took_s(folder, _write(told, ONE_BY_ONE, PER_S))
                with prepared.serving(), _reports(prepared.port, ingest.lines_of(paired[1:])):
                    busy = _took_s(folder, _write(told, ONE_BY_ONE, PER_S))
            with _workers(prepared, told, WORKERS):
                burst_s = max(_took_s(folder, _write(told, BURST, 0)))
            floor_s = _floor(folder, port)
    return Result(
        [
            *_figures("nothing else to do", quiet, floor_s),
            *_figures("under the load of G07", busy, floor_s, goals=True),
            Figure(
                f"{BURST:,} at once, {WORKERS} workers", burst_s, "s", Floor(ALONE, BURST * floor_s),
                Goal("G08", at_most=120),
            ),
        ],
        [
            f"one notice each {1 / PER_S:g} s; from its commit to its 250 by the clock of one machine",
            "PostgreSQL flushes every commit; server, database, worker, mail server and load share two cores",
        ],
    )  # fmt: skip


def _figures(when: str, took_s: list[float], floor_s: float, *, goals: bool = False) -> list[Figure]:
    half, most = (Goal("G08", at_most=0.5), Goal("G08", at_most=2.0)) if goals else (None, None)
    floor = Floor(ALONE, floor_s)
    return [
        Figure(f"commit to 250, {when}: half within", statistics.median(took_s), "s", floor, half),
        Figure("  99 % within", percentile(took_s, 99), "s", floor, most),
    ]


def _write(told: Mapping[str, str], count: int, per_s: float) -> Moments:
    command = [sys.executable, "-m", "bench.mail_writer", CUSTOMER, str(count), str(per_s)]
    done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode:
        raise CannotMeasure(f"notices could not be written: {done.stderr.strip().splitlines()[-1:]}")
    return _moments(done.stdout)


def _took_s(folder: Path, written: Moments) -> list[float]:
    """From commit to 250 of each of these, once the last has arrived."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        taken = _moments((folder / "taken").read_text())
        if written.keys() <= taken.keys():
            return [taken[message_id] - at for message_id, at in written.items()]
        time.sleep(0.5)
    raise CannotMeasure(f"{len(written.keys() - taken.keys())} messages did not go out within {LONGEST_S:g} s")


def _moments(lines: str) -> Moments:
    pairs = (line.split(" ", 1) for line in lines.splitlines() if line.endswith(">"))
    return {message_id: float(at) for at, message_id in pairs}


@contextmanager
def mail_server_in(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.mail_server", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=platform.ROOT) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.terminate()


@contextmanager
def _workers(prepared: platform.Platform, told: Mapping[str, str], count: int) -> Iterator[None]:
    """The workers as `launch.services` starts them, with so many for mail."""
    started = services.services(prepared.chosen, told, DemoFacts())
    worker, sender = (next(s for s in started if s.name == name) for name in ("worker", "mail-worker"))
    several = [worker, *(dataclasses.replace(sender, name=f"mail-worker-{count}-{n}") for n in range(count))]
    supervisor = processes.Supervisor(several, prepared.chosen.places.logs, lambda text: print(text, file=sys.stderr))
    try:
        supervisor.start_all()
        time.sleep(2.0)
        yield
    finally:
        supervisor.stop_all()


@contextmanager
def _reports(port: int, lines: Mapping[int, list[load.Line]]) -> Iterator[None]:
    """Assistants that deliver 20 printers a request as fast as they are answered, until the block ends."""
    load.post_all(port=port, lines=lines[0], at_most_s=30.0)
    seconds = ONE_BY_ONE / PER_S + 6
    posting = threading.Thread(target=load.post_all, kwargs={"port": port, "lines": lines[20], "at_most_s": seconds})
    posting.start()
    yield
    posting.join()


def _floor(folder: Path, port: int) -> float:
    """Seconds a message."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("floor_mails.py")), str(port), str(folder / "first")]
    done = subprocess.run([*command, str(FLOOR_MESSAGES)], capture_output=True, text=True, check=True)
    return float(done.stdout) / FLOOR_MESSAGES
