"""Which of our processes dies next: found among those that live, killed with SIGKILL."""

from __future__ import annotations

import contextlib
import random
import signal
import time
from dataclasses import dataclass, field

import psutil

from econcierge.launch import postgres

MAIL, WEB, JOBS = "mail worker", "web", "worker of other jobs"
CONNECTION, DATABASE = "PostgreSQL's process of a connection", "all of PostgreSQL"
SHARES = {MAIL: 45, WEB: 30, JOBS: 21, CONNECTION: 2, DATABASE: 2}
MARKS = {MAIL: ("--queues", "mail"), WEB: ("granian",), JOBS: ("--queues", "default")}
PATIENCE_S = 15.0
SETTLED_S = 4.0  # who dies is up to so old at least: most are at work, some still starting


@dataclass
class Aim:
    """`killed`: how many of each kind."""

    server: postgres.Server
    chance: random.Random
    killed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SHARES, 0))

    def kill_one(self) -> None:
        """One of a kind drawn by its share, as soon as there is one of some age; another kind where there is none."""
        while True:
            kind = self.chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
            age_s, until = self.chance.uniform(0.0, SETTLED_S), time.monotonic() + PATIENCE_S
            while time.monotonic() < until:
                if self._killed(kind, age_s):
                    self.killed[kind] += 1
                    return
                time.sleep(0.05)

    def _killed(self, kind: str, age_s: float) -> bool:
        try:
            victims = self._victims(kind)
            if not victims or _age_s(victims[0]) < age_s:
                return False
            victims[0].send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            return False
        for victim in victims[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.send_signal(signal.SIGKILL)
        return True

    def _victims(self, kind: str) -> list[psutil.Process]:
        """One process, or a whole server with everything that it started."""
        if kind in (CONNECTION, DATABASE):
            pid = self.server.pid
            if pid is None:
                return []
            whole = psutil.Process(pid)
            connections = [child for child in whole.children() if "econcierge_app" in " ".join(child.cmdline())]
            return [whole, *whole.children()] if kind == DATABASE else self._one_of(connections)
        services = [child for child in psutil.Process().children() if set(MARKS[kind]) <= set(child.cmdline())]
        workers = [each for service in services for each in service.children() if "granian" in each.cmdline()]
        return self._one_of(services + workers)

    def _one_of(self, found: list[psutil.Process]) -> list[psutil.Process]:
        return [self.chance.choice(found)] if found else []


def _age_s(process: psutil.Process) -> float:
    return time.time() - process.create_time()
