"""The whole virtual world in one asyncio process: printers, distributor, mail catcher, control.

    async with world.running(world.Settings(data=tmp_path)) as ready: ...

starts it in this process on ephemeral ports; `econcierge-virtual world` does the same as a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from econcierge_printers.clock import Clock, system_clock
from econcierge_virtual import serving
from econcierge_virtual.control import Control
from econcierge_virtual.distributor import app as distributor_app
from econcierge_virtual.distributor.store import Store
from econcierge_virtual.mail import app as mail_app
from econcierge_virtual.mail import smtp
from econcierge_virtual.mail.store import MailStore
from econcierge_virtual.population import Population
from econcierge_virtual.printers import fleet, responder
from econcierge_virtual.printers.spec import PrinterSpec

LOOPBACK = "127.0.0.1"
DEFAULT_SECRET = "sandbox-secret"  # noqa: S105 (of a sandbox that only loopback reaches)
TICK_S = 0.3
SAVE_EVERY_S = 1.0
FREE_PORT_TRIES = 10

Opened = TypeVar("Opened")


class PortTaken(Exception):
    """Somebody else listens there: one sentence with the port and the remedy."""

    def __init__(self, what: str, address: str, port: int, option: str) -> None:
        super().__init__(
            f"Port {port} on {address} is already in use, so the {what} cannot start: "
            f"stop the programme that uses it, or choose another port with {option}."
        )
        self.port = port


@dataclass(frozen=True, slots=True)
class Settings:
    """Port 0 takes a free one. `data` is created when it is missing."""

    data: Path
    printers_port: int = 0
    distributor_port: int = 0
    smtp_port: int = 0
    mail_port: int = 0
    secret: str = DEFAULT_SECRET
    clock: Clock = system_clock
    fleet: tuple[PrinterSpec, ...] = field(default_factory=fleet.default_fleet)


@dataclass(frozen=True, slots=True)
class Ready:
    """Where everything answers now."""

    printers_port: int
    distributor_port: int
    smtp_port: int
    mail_port: int
    printers: tuple[PrinterSpec, ...]

    def to_json(self) -> dict[str, Any]:
        ports = {name: getattr(self, name) for name in ("printers_port", "distributor_port", "smtp_port", "mail_port")}
        printers = [{"id": spec.id, "name": spec.name, "address": spec.address} for spec in self.printers]
        return {"ready": True, **ports, "printers": printers}


async def opening(what: str, address: str, port: int, option: str, opened: Awaitable[Opened]) -> Opened:
    """Whatever opens a port, with its failure in words."""
    try:
        return await opened
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTaken(what, address, port, option) from error


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Ready]:
    """The world, alive inside the block; everything is saved and closed after it."""
    settings.data.mkdir(parents=True, exist_ok=True)
    population = Population(settings.fleet, path=settings.data / "printers.json", at=settings.clock())
    async with contextlib.AsyncExitStack() as stack:
        store = Store(settings.data / "distributor.sqlite")
        stack.callback(store.close)
        printers_port = await _open_printers(stack, population, settings)
        distributor_port = await _open_distributor(stack, population, store, printers_port, settings)
        smtp_port, mail_port = await open_mail(
            stack,
            data=settings.data,
            clock=settings.clock,
            smtp_port=settings.smtp_port,
            mail_port=settings.mail_port,
        )
        stack.callback(population.save)
        life = asyncio.create_task(_live(population, store, settings.clock), name="life")
        life.add_done_callback(functools.partial(_stop_with, asyncio.current_task()))
        try:
            yield Ready(printers_port, distributor_port, smtp_port, mail_port, settings.fleet)
        finally:
            life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await life


def _stop_with(owner: asyncio.Task[Any] | None, life: asyncio.Task[None]) -> None:
    """A life that failed ends the block that it runs in, with its error."""
    if owner is not None and not life.cancelled() and life.exception() is not None:
        owner.cancel()


async def _live(population: Population, store: Store, clock: Clock) -> None:
    """Everybody lives on with the clock, and the file follows about every second."""
    saved_at_s = time.monotonic()
    while True:
        is_changed = population.live_on(until=clock(), orders=store.every)
        if is_changed or time.monotonic() - saved_at_s >= SAVE_EVERY_S:
            population.save()
            saved_at_s = time.monotonic()
        await asyncio.sleep(TICK_S)


async def _open_printers(stack: contextlib.AsyncExitStack, population: Population, settings: Settings) -> int:
    """Every printer on its own address, all on one port. When any port will do, one that is free on all of them."""
    tries = 1 if settings.printers_port else FREE_PORT_TRIES
    while True:
        tries -= 1
        async with contextlib.AsyncExitStack() as attempt:
            try:
                port = await _listen_on_all(attempt, population, settings.printers_port)
            except PortTaken:
                if tries == 0:
                    raise
                continue
            stack.push_async_exit(attempt.pop_all())
            return port


async def _listen_on_all(stack: contextlib.AsyncExitStack, population: Population, port: int) -> int:
    for resident in population.residents.values():
        spec = resident.spec
        listening = responder.listen(address=spec.address, port=port, source=resident.view, community=spec.community)
        opened = await opening(f"printer {spec.name}", spec.address, port, "--printers-port", listening)
        stack.push_async_callback(opened.close)
        port = opened.port
    return port


async def _open_distributor(
    stack: contextlib.AsyncExitStack,
    population: Population,
    store: Store,
    printers_port: int,
    settings: Settings,
) -> int:
    control = Control(population=population, store=store, clock=settings.clock, port=lambda: printers_port)
    made = distributor_app.create_app(
        store=store,
        clock=settings.clock,
        secret=settings.secret,
        faults=distributor_app.new_faults(),
        more_routes=control.routes(),
    )
    return await open_http(stack, made, "distributor", settings.distributor_port, "--distributor-port")


async def open_mail(
    stack: contextlib.AsyncExitStack, *, data: Path, clock: Clock, smtp_port: int, mail_port: int
) -> tuple[int, int]:
    """(SMTP port, page's port)."""
    store, faults = MailStore(data / "mail.sqlite"), smtp.new_faults()
    stack.callback(store.close)
    catcher = smtp.Catcher(store=store, clock=clock, faults=faults)
    serving_smtp = smtp.serve(catcher=catcher, address=LOOPBACK, port=smtp_port)
    taking = await opening("mail catcher", LOOPBACK, smtp_port, "--smtp-port", serving_smtp)
    stack.push_async_callback(taking.close)
    made = mail_app.create_app(store=store, faults=faults)
    return taking.port, await open_http(stack, made, "mail catcher's page", mail_port, "--mail-port")


async def open_http(stack: contextlib.AsyncExitStack, made: Any, what: str, port: int, option: str) -> int:
    server = await opening(what, LOOPBACK, port, option, serving.serve(made, address=LOOPBACK, port=port))
    stack.push_async_callback(server.close)
    return server.port
