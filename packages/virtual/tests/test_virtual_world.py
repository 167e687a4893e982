"""The whole world: in this process, and as the command that `make run` starts."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from econcierge_printers.snmp import codec
from econcierge_printers.snmp.codec import PduKind, Version
from econcierge_virtual import world
from econcierge_virtual.printers import mib

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CLI = [sys.executable, "-c", "import sys; from econcierge_virtual.cli import main; sys.exit(main())"]
LEVEL = (*mib.PRINTER, 11, 1, 1, 9, 1, 1)
DESCRIPTION = (*mib.PRINTER, 11, 1, 1, 6, 1, 1)
CORPUS = Path(__file__).parents[4] / "shared" / "data" / "corpus"


@dataclass
class Clock:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now


def snmp_get(address: str, port: int, *oids: codec.Oid, wait_s: float = 5.0) -> list[codec.Value] | None:
    asked = codec.request(version=Version.V2C, community=b"public", kind=PduKind.GET, request_id=5, oids=oids)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(wait_s)
        line.connect((address, port))
        line.send(codec.encode(asked))
        try:
            answered = codec.decode(line.recv(65_535))
        except TimeoutError:
            return None
    return [value for _, value in answered.pdu.varbinds]


async def ask(ready: world.Ready, *oids: codec.Oid, wait_s: float = 5.0) -> list[codec.Value] | None:
    return await asyncio.to_thread(snmp_get, "127.0.1.11", ready.printers_port, *oids, wait_s=wait_s)


async def until_lived(client: httpx.AsyncClient, at: datetime) -> dict[str, Any]:
    """The first printer as it is once it has lived up to `at`."""
    while True:
        first = (await client.get("/control/printers")).json()["printers"][0]
        if datetime.fromisoformat(first["at"]) >= at:
            return first
        await asyncio.sleep(0.05)


def order() -> dict[str, Any]:
    return {
        "number": "PO-9",
        "account_number": "A-1",
        "placed_at": MONDAY.isoformat(),
        "ship_to": {
            "name": "Boréal Conseil",
            "address_line_1": "1200, rue Peel",
            "city": "Montréal",
            "postal_code": "H3B 2T6",
            "country": "CA",
        },
        "delivery": "express",
        "lines": [{"line": 1, "part_number": "106R03532", "quantity": 1}],
    }


async def test_the_story_from_low_toner_to_the_delivered_cartridge(tmp_path: Path) -> None:
    clock = Clock()
    headers = {"Authorization": f"Bearer {world.DEFAULT_SECRET}"}
    async with (
        world.running(world.Settings(data=tmp_path, clock=clock)) as ready,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ready.distributor_port}", headers=headers, timeout=10) as client,
    ):
        level = (await ask(ready, LEVEL))[0].number
        assert level == 1100
        clock.now += timedelta(days=2)
        assert (await until_lived(client, clock.now))["supplies"][0]["percent"] < 20
        low = (await ask(ready, LEVEL))[0].number
        assert 0 < low <= 950

        assert (await client.put("/v1/purchase-orders/PO-9", json=order())).status_code == 201
        printed = await client.post("/control/printers/reception/print", json={"pages": 5000})
        assert printed.json()["stopped"]
        assert (await ask(ready, LEVEL))[0].number == 0
        clock.now += timedelta(days=4)
        assert not (await until_lived(client, clock.now))["stopped"]
        report = (await client.get("/v1/purchase-orders/PO-9")).json()
        assert report["state"] == "delivered"
        serial = report["shipments"][0]["lines"][0]["serials"][0]
        description = (await ask(ready, DESCRIPTION))[0].octets
        assert description == f"Black Toner Cartridge, PN 106R03532;SN{serial}".encode()
        boxes = (await client.get("/control/shelf")).json()["boxes"]
        assert [(box["serial"], box["installed"]) for box in boxes] == [(serial, True)]


async def test_control_of_a_printer(tmp_path: Path) -> None:
    async with (
        world.running(world.Settings(data=tmp_path, clock=Clock())) as ready,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ready.distributor_port}") as client,
    ):
        here = "/control/printers/reception"
        silent = await client.post(f"{here}/silence", json={"on": True})
        assert not silent.json()["answers"]
        assert await ask(ready, LEVEL, wait_s=0.2) is None
        await client.post(f"{here}/silence", json={"on": False})
        foreign = {"index": "1.1", "part_number": "CHEAP-1", "serial": "X1"}
        assert (await client.post(f"{here}/install", json=foreign)).status_code == 400
        installed = await client.post(f"{here}/install", json={**foreign, "capacity": 3000})
        assert installed.json()["supplies"][0]["serial"] == "X1"
        for action, body in (("print", {"pages": 0}), ("print", []), ("silence", {}), ("install", {})):
            assert (await client.post(f"{here}/{action}", json=body)).status_code == 400
        assert (await client.post("/control/printers/nobody/print", json={"pages": 1})).status_code == 404


async def test_a_world_goes_on_where_it_was(tmp_path: Path) -> None:
    clock = Clock()
    settings = world.Settings(data=tmp_path, clock=clock)
    listed = []
    for _ in range(2):
        async with (
            world.running(settings) as ready,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{ready.distributor_port}") as client,
        ):
            if not listed:
                await client.post("/control/printers/direction/print", json={"pages": 77})
            await until_lived(client, clock.now)
            listed.append((await client.get("/control/printers")).json()["printers"])
    first, second = ([{**one, "port": 0} for one in printers] for printers in listed)
    assert first == second


async def test_a_taken_port_is_one_sentence_and_leaves_nothing_open(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = world.Settings(data=tmp_path, mail_port=port)
        with pytest.raises(world.PortTaken, match=rf"Port {port} .* --mail-port"):
            async with world.running(settings):
                pytest.fail("it started")


async def test_a_printers_port_that_one_address_cannot_have(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.3.13", 0))
        settings = world.Settings(data=tmp_path, printers_port=other.getsockname()[1])
        with pytest.raises(world.PortTaken, match=r"127\.0\.3\.13 .* printer Records .* --printers-port"):
            async with world.running(settings):
                pytest.fail("it started")


async def test_a_clock_that_breaks_ends_the_world_with_its_error(tmp_path: Path) -> None:
    broken = False

    def clock() -> datetime:
        if broken:
            raise FileNotFoundError("the clock's file is gone")
        return MONDAY

    async def live() -> None:
        nonlocal broken
        async with world.running(world.Settings(data=tmp_path, clock=clock)):
            broken = True
            await asyncio.sleep(60)

    with pytest.raises(FileNotFoundError, match="the clock's file is gone"):
        await live()


@contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The command, ready; it is stopped with SIGTERM and must end well."""
    running = subprocess.Popen([*CLI, *arguments, "--ready-json"], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        yield running, json.loads(running.stdout.readline())
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
        running.stdout.close()


def test_the_command_answers_everything_and_stops_when_told(tmp_path: Path) -> None:
    ports = [f"--{name}-port=0" for name in ("printers", "distributor", "smtp", "mail")]
    with command("world", "--data", str(tmp_path), *ports) as (_, ready):
        assert ready["ready"] is True
        assert snmp_get("127.0.1.11", ready["printers_port"], LEVEL)[0].number == 1100
        message = EmailMessage()
        message["To"], message["From"], message["Subject"] = "a@example.com", "b@example.com", "Hello"
        message.set_content("there")
        with smtplib.SMTP("127.0.0.1", ready["smtp_port"], timeout=10) as line:
            line.send_message(message)
        caught = httpx.get(f"http://127.0.0.1:{ready['mail_port']}/messages.json").json()["messages"]
        assert [one["subject"] for one in caught] == ["Hello"]
        headers = {"Authorization": f"Bearer {world.DEFAULT_SECRET}"}
        prices = httpx.get(
            f"http://127.0.0.1:{ready['distributor_port']}/v1/availability?parts=106R03520", headers=headers
        )
        assert prices.status_code == 200
    assert (tmp_path / "printers.json").exists()


def test_a_taken_port_on_the_command_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = subprocess.run(
            [*CLI, "distributor", "--data", str(tmp_path), "--distributor-port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"Port {port}" in ended.stderr
    assert "--distributor-port" in ended.stderr


def test_a_recording_is_answered(tmp_path: Path) -> None:
    recording = tmp_path / "small.snmprec"
    recording.write_text("1.3.6.1.2.1.1.1.0|4|A printer\n1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3\n")
    with command("printer", "--recording", str(recording), "--listen", "127.0.1.77:0") as (_, ready):
        found = snmp_get("127.0.1.77", ready["printer_port"], (1, 3, 6, 1, 2, 1, 1, 1, 0), LEVEL)
        assert found is not None
        assert [found[0].octets, found[1].number] == [b"A printer", -3]


@pytest.mark.parametrize("arguments", [["--clock", "missing.json"], ["--recording", "missing.snmprec"]])
def test_what_cannot_be_used_is_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    rest = ["mail", "--data", str(tmp_path)] if "--clock" in arguments else ["printer", "--listen", "127.0.1.7:0"]
    ended = subprocess.run([*CLI, *rest, *arguments], capture_output=True, text=True, timeout=60, env=os.environ)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert arguments[1] in ended.stderr


@pytest.mark.corpus
def test_every_recording_of_the_corpus_can_be_answered() -> None:
    from econcierge_printers import snmprec
    from econcierge_virtual.printers import agent

    recordings = sorted(CORPUS.rglob("*.snmprec"))
    if not recordings:
        pytest.skip(f"no recordings in {CORPUS}")
    for path in recordings:
        objects = snmprec.read_file(path).objects
        view, oid, found = agent.TableView(objects), (0,), []
        while following := view.next(oid):
            oid = following[0]
            found.append(oid)
        assert found == list(objects)
