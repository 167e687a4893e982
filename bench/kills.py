"""Processes killed at any moment while reports come and mails go: what was acknowledged, what arrived (G11).

The platform runs as it is launched; its supervisor starts again at once what died, where it would otherwise wait
longer each time. The mail server and the assistants live.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import mails, platform
from bench.figures import CannotMeasure, Figure, Goal, Result
from bench.kills_aim import Aim
from bench.kills_load import Assistant
from bench.seed import Wanted
from econcierge.launch import processes, services
from econcierge.launch.demo_facts import DemoFacts

KILLS = 500
CUSTOMERS, ASSISTANTS_EACH = 3, 2
BETWEEN_S = (0.2, 2.0)
LEASE_S = "20"  # what a killed worker had claimed is free after this; two minutes otherwise
ALL_DONE_WITHIN_S = 240.0
NONE = Goal("G11", at_most=0)


@dataclass(frozen=True)
class _Found:
    """What the database holds and what the mail server took, after everything was done."""

    effects: Counter[tuple[str, ...]]
    messages: Mapping[str, str]  # by Message-ID, their state
    jobs: Mapping[str, int]  # by state
    taken: Counter[str]  # by Message-ID


def run(*, kills: int = KILLS, seed: int | None = None) -> Result:
    seed = random.SystemRandom().randrange(2**32) if seed is None else seed
    print(f"seed {seed}", file=sys.stderr, flush=True)
    chance, began = random.Random(seed), time.monotonic()
    wanted = [Wanted(f"kills-{number}", assistants=ASSISTANTS_EACH) for number in range(CUSTOMERS)]
    with platform.prepared() as prepared, tempfile.TemporaryDirectory(prefix="bench-kills-") as name:
        folder = Path(name)
        tokens = [token for one in platform.seeded(prepared, wanted) for token in one.tokens]
        with mails.mail_server_in(folder) as port:
            told = {**prepared.told, "ECONCIERGE_SMTP_HOST": "127.0.0.1", "ECONCIERGE_SMTP_PORT": str(port)}
            told["ECONCIERGE_MAIL_LEASE_S"] = LEASE_S
            aim = Aim(prepared.server, chance)
            office = [
                Assistant(number, token, prepared.port, random.Random(chance.getrandbits(64)))
                for number, token in enumerate(tokens)
            ]
            with _looked_after(prepared, told) as trouble:
                with _delivering(office):
                    _kill(aim, kills, trouble)
                _until_done(prepared, trouble)
                found = _found(prepared, folder)
    notes = _notes(aim, office, found, seed=seed, minutes=(time.monotonic() - began) / 60)
    return Result(_figures(office, found, kills=kills), notes)


def _kill(aim: Aim, kills: int, trouble: list[Exception]) -> None:
    for number in range(kills):
        time.sleep(aim.chance.uniform(*BETWEEN_S))
        if trouble:
            raise CannotMeasure(f"after {number} kills: {trouble[0]}")
        aim.kill_one()


@contextmanager
def _looked_after(prepared: platform.Platform, told: Mapping[str, str]) -> Iterator[list[Exception]]:
    """The supervisor in a thread, with the database, as `econcierge run` has them; gives what it could not mend."""
    begun, stop, trouble = threading.Event(), threading.Event(), list[Exception]()
    started = services.services(prepared.chosen, told, DemoFacts())
    supervisor = processes.Supervisor(
        started, prepared.chosen.places.logs, tell=lambda _: None, pause=lambda _deaths: 0.0, stop=stop
    )

    def look_after() -> None:
        try:
            supervisor.start_all()
            begun.set()
            supervisor.watch(each_round=lambda: prepared.server.revive() and None)
        except Exception as problem:  # noqa: BLE001  it is told in the main thread
            trouble.append(problem)
        finally:
            begun.set()
            supervisor.stop_all()

    thread = threading.Thread(target=look_after)
    thread.start()
    try:
        begun.wait()
        yield trouble
    finally:
        stop.set()
        thread.join()


@contextmanager
def _delivering(office: list[Assistant]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=each.deliver, args=(stop,), daemon=True) for each in office]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join(ALL_DONE_WITHIN_S)
    if any(thread.is_alive() for thread in threads):
        raise CannotMeasure(f"a report was not acknowledged within {ALL_DONE_WITHIN_S:g} s after the last kill")


def _until_done(prepared: platform.Platform, trouble: list[Exception]) -> None:
    """Nothing waits; or what still waits then counts as missing."""
    until = time.monotonic() + ALL_DONE_WITHIN_S
    while time.monotonic() < until and _asked(prepared, "waiting"):
        if trouble:
            raise CannotMeasure(str(trouble[0]))
        time.sleep(2.0)


def _asked(prepared: platform.Platform, what: str) -> Any:
    command = [sys.executable, "-m", "bench.kills_audit", what]
    done = subprocess.run(command, env=dict(prepared.told), capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise CannotMeasure(f"the platform could not be asked: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout)


def _found(prepared: platform.Platform, folder: Path) -> _Found:
    held = _asked(prepared, "all")
    lines = (folder / "taken").read_text().splitlines()
    taken = Counter(line.partition(" ")[2] for line in lines)
    return _Found(Counter(map(tuple, held["effects"])), held["messages"], held["jobs"], taken)


def _figures(office: list[Assistant], found: _Found, *, kills: int) -> list[Figure]:
    caused: Counter[tuple[str, ...]] = sum((each.caused for each in office), Counter())
    lost, more = caused - found.effects, found.effects - caused
    missing = (set(found.messages) - set(found.taken)) | {f"{effect}" for effect in lost if effect[0] == "notice"}
    waits = [seconds for each in office for seconds in each.waited_s]
    return [
        Figure("kills", kills, "kills"),
        Figure("readings acknowledged", sum(effect[0] == "level" for effect in caused), "readings"),
        Figure("  lost", sum(lost.values()), "effects", goal=NONE),
        Figure("  with two effects", sum(more.values()), "effects", goal=NONE),
        Figure("  longest until a report was acknowledged", max(waits), "s"),
        Figure("mails to be sent", len(found.messages), "mails"),
        Figure("  missing", len(missing), "mails", goal=NONE),
        Figure("  repeated under their Message-ID", _repeats(found), "mails", goal=Goal("G11", at_most=kills)),
        Figure("  under a Message-ID of which nothing is known", len(set(found.taken) - set(found.messages)), "mails",
               goal=NONE),
        Figure("jobs that were never done", sum(found.jobs.get(one, 0) for one in ("todo", "doing", "failed")), "jobs"),
    ]  # fmt: skip


def _repeats(found: _Found) -> int:
    return found.taken.total() - len(found.taken)


def _notes(aim: Aim, office: list[Assistant], found: _Found, *, seed: int, minutes: float) -> list[str]:
    kinds = ", ".join(f"{number} of {kind}" for kind, number in aim.killed.items())
    answers: Counter[int] = sum((each.answers for each in office), Counter())
    told = ", ".join(f"{number} times {status}" for status, number in sorted(answers.items())) or "none"
    return [
        f"killed: {kinds}; seed {seed}; {minutes:.1f} minutes",
        f"{sum(each.reports for each in office)} reports, each until it was acknowledged; "
        f"{sum(each.known_already for each in office)} of them were taken in before an answer got lost",
        f"answers other than 200: {told}",
        "an effect: a report, a level, a new cartridge, an episode, a notice, each expected exactly once",
        f"jobs: {', '.join(f'{number} {state}' for state, number in sorted(found.jobs.items()))}",
    ]
