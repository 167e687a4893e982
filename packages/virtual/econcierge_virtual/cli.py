"""`econcierge-virtual`: the whole virtual world, or one piece of it, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from econcierge_printers import snmprec
from econcierge_printers.clock import CLOCK_FILE_VARIABLE, Clock, DemoClock, clock_from_environment
from econcierge_printers.errors import PrinterError
from econcierge_virtual import world
from econcierge_virtual.distributor import app as distributor_app
from econcierge_virtual.distributor.store import Store
from econcierge_virtual.population import BrokenState
from econcierge_virtual.printers import responder
from econcierge_virtual.printers.agent import TableView
from econcierge_virtual.printers.hostile import Hostility

SECRET_VARIABLE = "ECONCIERGE_SANDBOX_SECRET"  # noqa: S105 (a name, no secret)
DONE, FAILED = 0, 1
Opener = Callable[[argparse.Namespace, contextlib.AsyncExitStack], Awaitable[dict[str, Any]]]


class Unusable(Exception):
    """Something on the command line names what cannot be used: one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """0 after a clean stop, 1 with one sentence on standard error, 2 for bad usage."""
    parsed = _parser().parse_args(arguments)
    try:
        asyncio.run(_run(parsed))
    except (world.PortTaken, BrokenState, PrinterError, Unusable) as error:
        sys.stderr.write(f"econcierge-virtual: {error}\n")
        return FAILED
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"econcierge-virtual: cannot go on: {error}\n")
        return FAILED
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="econcierge-virtual", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    whole = _command(commands, "world", _open_world, "printers, distributor, mail catcher and control")
    whole.add_argument("--data", type=Path, required=True, help="folder that keeps everything")
    whole.add_argument("--printers-port", type=_port, default=16100, help="UDP, on each printer's address")
    for piece in (whole, _command(commands, "distributor", _open_distributor, "the sandbox distributor")):
        piece.add_argument("--distributor-port", type=_port, default=16200)
        secret = os.environ.get(SECRET_VARIABLE, world.DEFAULT_SECRET)
        piece.add_argument("--secret", default=secret, help=f"bearer token; default from {SECRET_VARIABLE}")
    mail = _command(commands, "mail", _open_mail, "the mail catcher")
    for piece in (whole, mail):
        piece.add_argument("--smtp-port", type=_port, default=16025)
        piece.add_argument("--mail-port", type=_port, default=16080, help="the catcher's page")
    for name in ("distributor", "mail"):
        commands.choices[name].add_argument("--data", type=Path, required=True)
    printer = _command(commands, "printer", _open_printer, "one recording, answered over SNMP")
    printer.add_argument("--recording", type=Path, required=True, help="a .snmprec file")
    printer.add_argument("--listen", type=_address, required=True, metavar="ADDRESS:PORT")
    printer.add_argument("--community", default="public")
    printer.add_argument("--hostility", type=Hostility, choices=list(Hostility), default=Hostility.NONE)
    return parser


def _command(commands: Any, name: str, opener: Opener, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(opener=opener)
    command.add_argument("--clock", type=Path, help=f"demo clock's file; default from {CLOCK_FILE_VARIABLE}")
    command.add_argument("--ready-json", action="store_true", help="print one line of JSON when ready")
    return command


async def _run(parsed: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        ready = await parsed.opener(parsed, stack)
        _say(ready, as_json=parsed.ready_json)
        await stop.wait()


def _say(ready: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(ready) + "\n")
    else:
        ports = (f"{name.replace('_', ' ')} {value}" for name, value in ready.items() if name.endswith("_port"))
        sys.stdout.write(f"econcierge-virtual is ready: {', '.join(ports)}. Ctrl-C stops it.\n")
    sys.stdout.flush()


async def _open_world(parsed: argparse.Namespace, stack: contextlib.AsyncExitStack) -> dict[str, Any]:
    settings = world.Settings(
        data=parsed.data,
        printers_port=parsed.printers_port,
        distributor_port=parsed.distributor_port,
        smtp_port=parsed.smtp_port,
        mail_port=parsed.mail_port,
        secret=parsed.secret,
        clock=_clock(parsed),
    )
    ready = await stack.enter_async_context(world.running(settings))
    return ready.to_json()


async def _open_distributor(parsed: argparse.Namespace, stack: contextlib.AsyncExitStack) -> dict[str, Any]:
    parsed.data.mkdir(parents=True, exist_ok=True)
    store = Store(parsed.data / "distributor.sqlite")
    stack.callback(store.close)
    made = distributor_app.create_app(
        store=store, clock=_clock(parsed), secret=parsed.secret, faults=distributor_app.new_faults()
    )
    port = await world.open_http(stack, made, "distributor", parsed.distributor_port, "--distributor-port")
    return {"ready": True, "distributor_port": port}


async def _open_mail(parsed: argparse.Namespace, stack: contextlib.AsyncExitStack) -> dict[str, Any]:
    parsed.data.mkdir(parents=True, exist_ok=True)
    smtp_port, mail_port = await world.open_mail(
        stack,
        data=parsed.data,
        clock=_clock(parsed),
        smtp_port=parsed.smtp_port,
        mail_port=parsed.mail_port,
    )
    return {"ready": True, "smtp_port": smtp_port, "mail_port": mail_port}


async def _open_printer(parsed: argparse.Namespace, stack: contextlib.AsyncExitStack) -> dict[str, Any]:
    recording = snmprec.read_file(parsed.recording)
    if not recording.objects:
        raise Unusable(f"{parsed.recording} holds nothing that can be answered; give a .snmprec file")
    view, (address, port) = TableView(recording.objects), parsed.listen
    listening = responder.listen(
        address=address,
        port=port,
        source=lambda: view,
        community=parsed.community,
        hostility=parsed.hostility,
    )
    opened = await world.opening("printer", address, port, "--listen", listening)
    stack.push_async_callback(opened.close)
    return {"ready": True, "address": address, "printer_port": opened.port}


def _clock(parsed: argparse.Namespace) -> Clock:
    """Read once at the start, so that a file that is missing or broken is said then."""
    clock = DemoClock(parsed.clock) if parsed.clock else clock_from_environment()
    try:
        clock()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"the demo clock's file cannot be read ({error}); write it anew or leave --clock out") from error
    return clock


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return number


def _address(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    if not address.startswith("127."):
        raise argparse.ArgumentTypeError("an address on this machine is wanted, such as 127.0.1.7:16100")
    return address, _port(port)
