"""What is to run where: the choices of the person who starts it, and what lies where under `var/`."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from econcierge.launch.errors import CannotStart

HOST = "127.0.0.1"
LAST_PORT = 65_535
PATIENCE_S = 3.0  # for those who are just leaving a port


@dataclass(frozen=True)
class Places:
    """What lies where under the data folder."""

    data: Path

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def demo(self) -> Path:
        return self.data / "demo"

    @property
    def demo_clock(self) -> Path:
        return self.demo / "clock.json"

    @property
    def demo_facts(self) -> Path:
        return self.demo / "facts.json"

    @property
    def choices(self) -> Path:
        return self.data / "choices.json"

    @property
    def lock(self) -> Path:
        return self.data / "run.lock"


@dataclass(frozen=True)
class Port:
    """A port that is going to be used: the variable that moves it, and what for."""

    variable: str
    number: int
    purpose: str
    kind: socket.SocketKind = socket.SOCK_STREAM


@dataclass(frozen=True)
class Plan:
    """Everything decided before anything starts. All ports follow `PORT` unless they are set one by one."""

    places: Places
    demo: bool
    demo_people: bool  # whether somebody orders and repairs when nobody else does
    listen: str  # address that the web server listens on
    web: Port
    mail_page: Port
    smtp: Port
    distributor: Port
    printers: Port
    demo_speed: float  # simulated seconds in a real one
    database_url: str | None
    database_app_url: str | None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.web.number}"

    def ports(self) -> Iterator[Port]:
        yield self.web
        if self.demo:
            yield from (self.mail_page, self.smtp, self.distributor, self.printers)


def checkout() -> Path:
    """The folder of the Makefile when this runs from a checkout, otherwise where we stand."""
    root = Path(__file__).resolve().parents[4]
    return root if (root / "Makefile").exists() else Path.cwd()


def places(environment: Mapping[str, str] = os.environ) -> Places:
    return Places(Path(environment.get("ECONCIERGE_DATA_DIR") or checkout() / "var").resolve())


def make(environment: Mapping[str, str]) -> Plan:
    """The plan from `PORT`, `DEMO`, `DATABASE_URL` and the rest. Raises `CannotStart` naming a wrong value."""
    where = places(environment)
    web = _number(environment, "PORT", 8000)
    return Plan(
        places=where,
        demo=_demo(environment, where),
        demo_people=environment.get("DEMO_PEOPLE", "1") != "0",
        listen=environment.get("ECONCIERGE_LISTEN", HOST),
        web=Port("PORT", web, "the web pages"),
        mail_page=Port("MAIL_PORT", _number(environment, "MAIL_PORT", web + 1), "the mail catcher's page"),
        smtp=Port("SMTP_PORT", _number(environment, "SMTP_PORT", web + 2), "the mail catcher"),
        distributor=Port("DISTRIBUTOR_PORT", _number(environment, "DISTRIBUTOR_PORT", web + 3), "the distributor"),
        printers=Port(
            "PRINTERS_PORT",
            _number(environment, "PRINTERS_PORT", web + 4),
            "the virtual printers",
            socket.SOCK_DGRAM,
        ),
        demo_speed=_speed(environment),
        database_url=environment.get("DATABASE_URL") or None,
        database_app_url=environment.get("DATABASE_APP_URL") or None,
    )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= LAST_PORT:
        raise CannotStart(f"{name} is “{value}”, which is no port.", remedy=f"Give a number: {name}=8080 make run")
    return int(value)


def _speed(environment: Mapping[str, str]) -> float:
    value = environment.get("DEMO_SPEED") or "3600"
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1e6:
        raise CannotStart(
            f"DEMO_SPEED is “{value}”; it says how many simulated seconds pass in a real one.",
            remedy="Give a number: DEMO_SPEED=3600 make run",
        )
    return speed


def _demo(environment: Mapping[str, str], where: Places) -> bool:
    """`DEMO` if given, else as last time, else yes."""
    value = environment.get("DEMO")
    if value is None:
        return bool(json.loads(where.choices.read_text())["demo"]) if where.choices.exists() else True
    if value not in {"0", "1"}:
        raise CannotStart(f"DEMO is “{value}”.", remedy="It is 1 (with virtual printers) or 0 (without).")
    return value == "1"


def remember(plan: Plan) -> None:
    plan.places.choices.write_text(json.dumps({"demo": plan.demo}))


def check_ports(plan: Plan) -> None:
    """Raises `CannotStart` naming the first port that is taken, or that we may not use, and how to move it."""
    for port in plan.ports():
        listen = plan.listen if port is plan.web else HOST
        deadline = time.monotonic() + PATIENCE_S
        while (error := _why_not(listen, port)) is not None:
            if isinstance(error, PermissionError):
                raise CannotStart(
                    f"Port {port.number} for {port.purpose} is reserved for the system's administrator.",
                    remedy=f"Use another one: {port.variable}=8080 make run",
                )
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"Port {port.number} for {port.purpose} cannot be used: {error.strerror}.",
                    remedy=f"Use another one: {port.variable}={suggestion(port)} make run",
                )
            time.sleep(0.2)


def suggestion(port: Port) -> int:
    if port.variable == "PORT":
        return 8080 if port.number != 8080 else 8090
    return port.number + 100 if port.number + 100 <= LAST_PORT else port.number - 100


def _why_not(listen: str, port: Port) -> OSError | None:
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, port.kind) as probe:
        if port.kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen, port.number))
        except OSError as error:
            return error
    return None
