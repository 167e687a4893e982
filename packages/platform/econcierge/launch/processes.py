"""Keeps a list of services running until told to stop: starts them in order, revives what dies, ends all of it."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from econcierge.launch import children, cluster, ready
from econcierge.launch.errors import CannotStart

POLL_S = 0.1
STEADY_S = 60.0  # who has lived this long starts again at once
LONGEST_PAUSE_S = 60.0

Pause = Callable[[int], float]
Tell = Callable[[str], None]
Round = Callable[[], None]


@dataclass(frozen=True)
class Service:
    """One process that the product consists of."""

    name: str  # also names its log
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: Callable[[Path], ready.Check]  # given the log, the question whether it works
    ready_within_s: float = 60.0
    grace_s: float = 10.0  # between being asked to end and being ended
    is_essential: bool = True  # without it there is nothing to show; another one may come up later


@dataclass
class Running:
    """A service's process at this moment, and how often it has died in a row."""

    service: Service
    log: Path
    child: subprocess.Popen[bytes]
    started: float  # monotonic seconds
    deaths: int = 0
    start_again: float | None = None  # monotonic; none while it lives


def pause_after(deaths: int) -> float:
    """Seconds to wait before the next start: none after the first death, then 1, 2, 4 ... up to a minute."""
    return 0.0 if deaths <= 1 else min(2.0 ** (min(deaths, 30) - 2), LONGEST_PAUSE_S)


@dataclass
class Supervisor:
    """Starts `services` in order and stops them in the opposite one. `logs` is a folder; `tell` gets sentences."""

    services: Sequence[Service]
    logs: Path
    tell: Tell
    pause: Pause = pause_after
    stop: threading.Event = field(default_factory=threading.Event)
    _running: list[Running] = field(default_factory=list)

    def start_all(self) -> None:
        """Starts each and waits until it works. Raises `CannotStart` when an essential one does not.

        What was started is then still running. One that is not essential is told of and revived while watching.
        """
        for service in self.services:
            log = self.logs / f"{service.name}.log"
            check = service.ready(log)
            running = Running(service, log, self._start(service, log), time.monotonic())
            self._running.append(running)
            try:
                self._wait_until_ready(running, check)
            except CannotStart as problem:
                if service.is_essential:
                    raise
                self.tell(str(problem))
            if self.stop.is_set():
                return

    def watch(self, *, each_round: Round) -> None:
        """Until `stop` is set: starts again what died, later and later when it keeps dying."""
        while not self.stop.wait(POLL_S):
            each_round()
            for running in self._running:
                self._look_after(running)

    def stop_all(self) -> None:
        """Asks all to end, last started first, and after each one's grace ends it and what it started."""
        living = [running for running in reversed(self._running) if running.start_again is None]
        for running in living:
            children.send(running.child, signal.SIGTERM)
        asked = time.monotonic()
        for running in living:
            while not children.is_over(running.child) and time.monotonic() < asked + running.service.grace_s:
                time.sleep(POLL_S / 2)
            if not children.is_over(running.child):
                self.tell(f"{running.service.name} did not stop in time and was ended.")
                children.send(running.child, signal.SIGKILL)
            children.reap(running.child)
        self._running.clear()

    def _start(self, service: Service, log: Path) -> subprocess.Popen[bytes]:
        return children.start(service.command, log=log, environment=service.environment)

    def _wait_until_ready(self, running: Running, check: ready.Check) -> None:
        service = running.service
        while not self.stop.is_set() and not check():
            if children.is_over(running.child):
                raise CannotStart(
                    f"{service.name} ended while starting: {cluster.last_words(running.log)}.",
                    remedy=f"Its whole log is {running.log}.",
                )
            if time.monotonic() > running.started + service.ready_within_s:
                raise CannotStart(
                    f"{service.name} was not ready within {service.ready_within_s:.0f} seconds.",
                    remedy=f"Its log is {running.log}.",
                )
            self.stop.wait(POLL_S)

    def _look_after(self, running: Running) -> None:
        now = time.monotonic()
        if running.start_again is None:
            if children.is_over(running.child):
                self._has_died(running, now)
        elif now >= running.start_again:
            running.child = self._start(running.service, running.log)
            running.started, running.start_again = now, None

    def _has_died(self, running: Running, now: float) -> None:
        status = children.reap(running.child)
        running.deaths = 1 if now - running.started > STEADY_S else running.deaths + 1
        pause = self.pause(running.deaths)
        running.start_again = now + pause
        when = f"in {pause:.0f} s" if pause else "now"
        self.tell(f"{running.service.name} ended ({ending(status)}); it is started again {when}. Log: {running.log}")


def ending(status: int) -> str:
    """How a process ended, in words."""
    if status < 0:
        return f"by {signal.Signals(-status).name}"
    return f"exit status {status}"


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """Within the block Ctrl-C, SIGTERM and a closed terminal set `stop`; a second Ctrl-C changes nothing."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
