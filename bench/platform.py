"""A platform of its own for a benchmark: embedded PostgreSQL (durable), migrated, seeded, granian as launched."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.figures import CannotMeasure
from bench.seed import Paired, Wanted
from econcierge.launch import cluster, plan, postgres, processes, services
from econcierge.launch.demo_facts import DemoFacts
from econcierge.launch.errors import CannotStart

ROOT = Path(__file__).resolve().parents[1]
NO_LIMIT_PER_S = "1000000"  # one assistant stands for many here
PREPARE_S = 50.0


@dataclass(frozen=True)
class Platform:
    """A prepared database and what our processes are told; nothing serves yet."""

    chosen: plan.Plan
    told: Mapping[str, str]
    addresses: postgres.Addresses
    server: postgres.Server

    @property
    def port(self) -> int:
        return self.chosen.web.number

    @contextmanager
    def serving(self, application: str | None = None, **told: str) -> Iterator[None]:
        """The web server as `launch.services` starts it; of another WSGI application if one is named."""
        web = next(s for s in services.services(self.chosen, {**self.told, **told}, DemoFacts()) if s.name == "web")
        if application is not None:
            web = dataclasses.replace(web, command=(*web.command[:-1], application))
        web = dataclasses.replace(web, name=f"web-{(application or 'ours').partition(':')[0]}")
        supervisor = processes.Supervisor([web], self.chosen.places.logs, lambda text: print(text, file=sys.stderr))
        try:
            supervisor.start_all()
            yield
        except CannotStart as problem:
            raise CannotMeasure(str(problem)) from problem
        finally:
            supervisor.stop_all()


@contextmanager
def prepared() -> Iterator[Platform]:
    """Everything up to the starter catalogue, in a folder that goes away with the block."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-platform-"))
        environment = {"ECONCIERGE_DATA_DIR": folder, "DEMO": "0", "PORT": str(cluster.free_port())}
        chosen = plan.make(environment)
        places = chosen.places
        try:
            server = stack.enter_context(postgres.running(places.postgres, secrets=places.secrets, must_own=True))
        except CannotStart as problem:
            raise CannotMeasure(str(problem)) from problem
        addresses = server.addresses()
        told = services.environment(chosen, addresses) | {
            "ECONCIERGE_REPORTS_PER_SECOND": NO_LIMIT_PER_S,
            "ECONCIERGE_REPORTS_BURST": NO_LIMIT_PER_S,
            "ECONCIERGE_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }
        for title, command in services.preparations(chosen):
            _run(title, command, told)
        yield Platform(chosen, told, addresses, server)


def seeded(platform: Platform, wanted: Sequence[Wanted]) -> list[Paired]:
    """The demo's organisations, and customers with paired assistants beside them."""
    answer = _run(
        "seeding", (sys.executable, "-m", "bench.seed"), platform.told, given=msgspec.json.encode(list(wanted))
    )
    return msgspec.json.decode(answer, type=list[Paired])


def _run(title: str, command: Sequence[str], told: Mapping[str, str], given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, env={**os.environ, **told}, timeout=PREPARE_S, check=True
        )
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise CannotMeasure(f"{title} failed: {last[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise CannotMeasure(f"{title} took longer than {PREPARE_S:g} s") from error
    return done.stdout
