"""The processes that econcierge consists of, in the order in which they start. The place to see the whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from econcierge.launch import ready, secret_files
from econcierge.launch.demo_facts import Assistant, DemoFacts
from econcierge.launch.plan import HOST, Plan
from econcierge.launch.postgres import Addresses
from econcierge.launch.processes import Service
from econcierge_printers.clock import CLOCK_FILE_VARIABLE

MANAGE = (sys.executable, "-m", "econcierge.config.manage")
ECONCIERGE = (sys.executable, "-m", "econcierge")
SCRIPTS = Path(sys.executable).parent
WEB_WORKERS = max(2, min(os.cpu_count() or 2, 4))
READ_EVERY_S = 2  # real seconds; two simulated hours at the demo's usual speed


def environment(plan: Plan, database: Addresses) -> dict[str, str]:
    """What every process of ours is told about the others."""
    places = plan.places
    secret_files.read_or_create(places.secrets, "django_secret_key")
    told = {
        **os.environ,
        **database.environment(),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "econcierge.config.settings",
        "ECONCIERGE_DATA_DIR": str(places.data),
        "ECONCIERGE_PUBLIC_URL": os.environ.get("ECONCIERGE_PUBLIC_URL", plan.address),
        "ECONCIERGE_DEMO": "1" if plan.demo else "0",
    }
    if "ECONCIERGE_SECRET_KEY" not in told:
        told["ECONCIERGE_SECRET_KEY_FILE"] = str(places.secrets / "django_secret_key")
    if plan.demo:
        told |= {
            CLOCK_FILE_VARIABLE: str(places.demo_clock),
            "ECONCIERGE_SMTP_HOST": HOST,
            "ECONCIERGE_SMTP_PORT": str(plan.smtp.number),
            "ECONCIERGE_DEMO_DISTRIBUTOR_URL": f"http://{HOST}:{plan.distributor.number}",
            "ECONCIERGE_DEMO_PRINTERS_PORT": str(plan.printers.number),
            "ECONCIERGE_DEMO_FACTS": str(places.demo_facts),
            "ECONCIERGE_SANDBOX_SECRET": secret_files.read_or_create(places.secrets, "sandbox_distributor"),
        }
    return told


def preparations(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is done before anything starts: a name and a command each. All may be repeated without harm."""
    yield "Bringing the database up to date", (*MANAGE, "migrate", "--database", "owner", "--no-input")
    yield "Loading the starter catalogue", (*ECONCIERGE, "catalogue", "import", "--starter")
    if plan.demo:
        yield "Preparing the demo", (*ECONCIERGE, "demo-seed")


def services(plan: Plan, told: Mapping[str, str], facts: DemoFacts) -> list[Service]:
    """The services of this plan, first to start first."""
    world = [_world(plan, told)] if plan.demo else []
    assistants = [_assistant(assistant, plan, told) for assistant in facts.assistants]
    people = [_people(told)] if plan.demo and plan.demo_people else []
    return [*world, _web(plan, told), *_workers(told), *assistants, *people]


def _web(plan: Plan, told: Mapping[str, str]) -> Service:
    """Several processes of one thread each: the fastest way measured to serve synchronous Django."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", plan.listen, "--port", str(plan.web.number)]
    command += ["--workers", str(WEB_WORKERS), "--blocking-threads", "1", "--respawn-failed-workers"]
    command += ["--workers-kill-timeout", "5", "econcierge.config.wsgi:application"]
    asked_at = HOST if plan.listen in {"0.0.0.0", HOST} else plan.listen  # noqa: S104  a comparison
    check = ready.http(f"http://{asked_at}:{plan.web.number}/health/ready")
    return Service("web", tuple(command), told, ready=lambda _log: check)


POLLED_EVERY_S = "0.5"  # where PostgreSQL's notification came while a worker was busy


def _workers(told: Mapping[str, str]) -> list[Service]:
    """Mail has a worker of its own, so that a long job never stands between a notice and its reader (G08)."""
    return [_worker("worker", "default", 4, told), _worker("mail-worker", "mail", 2, told)]


def _worker(name: str, queue: str, concurrency: int, told: Mapping[str, str]) -> Service:
    command = [*MANAGE, "procrastinate", "worker", "--queues", queue, "--concurrency", str(concurrency)]
    command += ["--shutdown-graceful-timeout", "8", "--fetch-job-polling-interval", POLLED_EVERY_S]
    return Service(name, tuple(command), told, ready=lambda _log: ready.alive_for(1.0))


def _world(plan: Plan, told: Mapping[str, str]) -> Service:
    """Virtual printers, the sandbox distributor and the mail catcher."""
    command = [str(SCRIPTS / "econcierge-virtual"), "world", "--data", str(plan.places.demo / "world")]
    command += ["--printers-port", str(plan.printers.number), "--distributor-port", str(plan.distributor.number)]
    command += ["--smtp-port", str(plan.smtp.number), "--mail-port", str(plan.mail_page.number)]
    command += ["--clock", str(plan.places.demo_clock), "--ready-json"]
    check = ready.listening(plan.distributor.number, plan.smtp.number, plan.mail_page.number)
    return Service("virtual-world", tuple(command), told, ready=lambda _log: check)


def _assistant(assistant: Assistant, plan: Plan, told: Mapping[str, str]) -> Service:
    """The monitoring service of one site, reading the virtual printers over real UDP."""
    command = [str(SCRIPTS / "econcierge-assistant"), "run"]
    command += ["--server", f"http://{HOST}:{plan.web.number}", "--token-file", assistant.token_file]
    command += ["--data", str(plan.places.demo / f"assistant-{assistant.name}")]
    command += [word for each in assistant.ranges for word in ("--range", each)]
    command += ["--community", "public", "--interval-s", str(READ_EVERY_S), "--discovery-interval-s", "20"]
    ours = {name: told[name] for name in told if not name.startswith("ECONCIERGE_DATABASE")}
    name = f"assistant-{assistant.name}"
    return Service(name, tuple(command), ours, ready=lambda _log: ready.alive_for(1.0), is_essential=False)


def _people(told: Mapping[str, str]) -> Service:
    """Somebody who orders what runs out when nobody else has, and a technician; they use the pages as people do."""
    return Service(
        "demo-people", (*ECONCIERGE, "demo"), told, ready=lambda _log: ready.alive_for(1.0), is_essential=False
    )


def log_of(plan: Plan, name: str) -> Path:
    return plan.places.logs / f"{name}.log"
