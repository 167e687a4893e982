"""Reading and finding printers over the network, against agents on loopback; and the two commands."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from econcierge_printers import cli, read, wire
from econcierge_printers.discovery import sweep
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import decode, oids
from econcierge_printers.model import Reading
from econcierge_printers.snmp import codec, values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.values import Oid, integer, octet_string
from econcierge_printers.targets import Target

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PRINTER = {
    oids.SYS_DESCR: octet_string("Xerox Phaser 4600; System 35.004"),
    oids.SYS_OBJECT_ID: values.object_identifier("1.3.6.1.4.1.253.8.62.1.19.1.24.2.1"),
    oids.SYS_NAME: octet_string("prt-1"),
    (*oids.HR_DEVICE_TYPE, 1): values.object_identifier(oids.HR_DEVICE_PRINTER),
    (*oids.HR_DEVICE_DESCR, 1): octet_string("Xerox Phaser 4600"),
    (*oids.HR_DEVICE_STATUS, 1): integer(2),
    (*oids.HR_PRINTER_STATUS, 1): integer(3),
    (*oids.SERIAL_NUMBER, 1): octet_string("ABC1234567"),
    (*oids.MARKER_LIFE_COUNT, 1, 1): values.counter32(1234),
    **{(*oids.SUPPLY_DESCRIPTION, 1, row): octet_string(f"Toner {row}") for row in range(1, 12)},
    **{(*oids.SUPPLY_CAPACITY, 1, row): integer(200) for row in range(1, 12)},
    **{(*oids.SUPPLY_LEVEL, 1, row): integer(row) for row in range(1, 12)},
    **{(*oids.ALERT_CODE, 1, row): integer(1104) for row in range(1, 40)},
}
SWITCH = {
    oids.SYS_DESCR: octet_string("A switch"),
    oids.SYS_OBJECT_ID: values.object_identifier("1.3.6.1.4.1.9.1.1"),
}
Start = Callable[..., Awaitable[Target]]


def clock() -> datetime:
    return NOW


def decoded(target: Target, protocol: str) -> Reading:
    return decode.reading(PRINTER, target=str(target), read_at=NOW, protocol=protocol)


@pytest.mark.parametrize(("version", "protocol"), [(None, "snmp-2c"), (Version.V1, "snmp-1"), (Version.V2C, "snmp-2c")])
async def test_a_printer_is_read_in_full(
    start_agent: Start, agent_class: type, version: Version | None, protocol: str
) -> None:
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    async with SnmpClient() as client:
        reading = await read.read_printer(client, target, version=version, clock=clock)
    assert reading == decoded(target, protocol)
    assert len(reading.supplies) == 11
    if version is not Version.V1:
        assert len(agent.requests) <= 14


async def test_an_endless_detail_does_not_hide_the_supplies(start_agent: Start, agent_class: type) -> None:
    class EndlessAlerts(agent_class):  # type: ignore[misc]
        def following(self, oid: Oid) -> codec.VarBind:
            if oid[: len(oids.ALERT_CODE)] == oids.ALERT_CODE:
                return (*oids.ALERT_CODE, 1, 1), integer(1104)
            return super().following(oid)  # type: ignore[no-any-return]

    target = await start_agent(EndlessAlerts(PRINTER))
    async with SnmpClient() as client:
        reading = await read.read_printer(client, target, clock=clock)
    assert len(reading.supplies) == 11
    assert len(reading.alerts) == 1


async def test_a_device_that_drips_is_given_up(start_agent: Start, agent_class: type) -> None:
    class Drips(agent_class):  # type: ignore[misc]
        def reply(self, message: codec.Message, send: Callable[[bytes], None]) -> None:
            if message.pdu.kind is codec.PduKind.GET:
                super().reply(message, send)

    target = await start_agent(Drips(PRINTER))
    async with SnmpClient(timeout_s=5) as client:
        with pytest.raises(PrinterError, match=r"took longer than 0\.1 s"):
            await read.read_printer(client, target, clock=clock, deadline_s=0.1)


async def test_many_are_read_and_the_silent_are_named(start_agent: Start, agent_class: type) -> None:
    targets = [await start_agent(agent_class(PRINTER)) for _ in range(5)]
    silent = await start_agent(agent_class(PRINTER, community=b"other"))
    async with SnmpClient(timeout_s=0.05, retries=1) as client:
        answers = read.read_many(client, [silent, *targets, targets[0]], clock=clock, concurrency=3)
        outcomes = [outcome async for outcome in answers]
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    errors = [outcome for outcome in outcomes if isinstance(outcome, PrinterError)]
    assert sorted(reading.target for reading in readings) == sorted(map(str, targets))
    assert [error.device for error in errors] == [str(silent)]


async def test_a_reader_who_stops_early_leaves_nothing_running(start_agent: Start, agent_class: type) -> None:
    targets = [await start_agent(agent_class(PRINTER)) for _ in range(3)]
    before = asyncio.all_tasks()
    async with SnmpClient() as client:
        outcomes = read.read_many(client, targets, clock=clock, concurrency=1)
        first = await anext(outcomes)
        await outcomes.aclose()  # type: ignore[attr-defined]
    assert isinstance(first, Reading)
    assert asyncio.all_tasks() == before


async def test_a_sweep_tells_printers_from_others(start_agent: Start, agent_class: type) -> None:
    printer = await start_agent(agent_class(PRINTER))
    switch = await start_agent(agent_class(SWITCH))
    silent = await start_agent(agent_class(PRINTER, community=b"other"))
    denied = agent_class(PRINTER)
    denied_target = await start_agent(denied, "127.0.0.2")
    async with SnmpClient() as client:
        found = [
            found
            async for found in sweep.sweep(
                client,
                [printer, switch, silent, denied_target],
                rate_packets_per_s=10_000,
                wait_s=0.05,
                deny=["127.0.0.2"],
            )
        ]
    assert {one.target: one.is_printer for one in found} == {printer: True, switch: False}
    assert denied.requests == []
    (identity,) = [one.identity for one in found if one.is_printer]
    assert (identity.manufacturer, identity.model, identity.serial) == ("Xerox", "Phaser 4600", "ABC1234567")


async def test_a_sweep_finds_what_only_speaks_v1(start_agent: Start, agent_class: type) -> None:
    class OnlyV1(agent_class):  # type: ignore[misc]
        versions = (Version.V1,)

    target = await start_agent(OnlyV1(PRINTER))
    async with SnmpClient() as client:
        found = [one async for one in sweep.sweep(client, [target], rate_packets_per_s=10_000, wait_s=0.05)]
    assert [(one.protocol, one.is_printer) for one in found] == [("snmp-1", True)]


async def run(command: str, *arguments: str) -> tuple[int, str, str]:
    """The installed command in a process of its own, so that the agents here can answer."""
    code = f"import sys; from econcierge_printers import cli; sys.exit(cli.{command}(sys.argv[1:]))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_read_prints_json_lines_and_names_the_silent(
    start_agent: Start, agent_class: type, tmp_path: Path
) -> None:
    target = await start_agent(agent_class(PRINTER))
    silent = await start_agent(agent_class(PRINTER, community=b"other"))
    (tmp_path / "list").write_text(f"# the office\n{target}\n\n{silent}\n")
    status, out, err = await run("read", f"@{tmp_path / 'list'}", "--json", "--timeout", "0.1")
    assert status == cli.SOME_DID_NOT
    assert err == f"{silent}: walk: no answer\n"
    reading = wire.reading_from_json(json.loads(out))
    assert (reading.target, reading.identity.serial) == (str(target), "ABC1234567")


async def test_read_prints_a_table(start_agent: Start, agent_class: type) -> None:
    target = await start_agent(agent_class(PRINTER))
    status, out, err = await run("read", str(target), "--version", "2c")
    assert (status, err) == (cli.ALL_ANSWERED, "")
    assert "Xerox Phaser 4600  ABC1234567" in out
    assert "5.5 %" in out


async def test_scan_prints_printers_only(start_agent: Start, agent_class: type) -> None:
    printer = await start_agent(agent_class(PRINTER))
    switch = await start_agent(agent_class(SWITCH))
    status, out, _ = await run("scan", str(printer), str(switch), "--json")
    assert status == cli.ALL_ANSWERED
    assert [json.loads(line)["target"] for line in out.splitlines()] == [str(printer)]


def test_a_recording_is_decoded_and_its_broken_lines_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "phaser.snmprec"
    path.write_text("1.3.6.1.2.1.1.1.0|4|Xerox Phaser 4600\nbroken\n")
    assert cli.read(["--recording", str(path), "--json"]) == cli.ALL_ANSWERED
    output = capsys.readouterr()
    assert wire.reading_from_json(json.loads(output.out)).protocol == "recording"
    assert output.err == f"{path}:2: not OID|TAG|VALUE\n"


def test_a_recording_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.read(["--recording", str(tmp_path / "gone.snmprec"), "--json"]) == cli.SOME_DID_NOT
    assert "gone.snmprec" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["host:x"],
        ["@/no/such/file"],
        ["10.0.0.7", "--version", "3"],
        ["10.0.0.7", "--trust", "certificates.json"],
        ["10.0.0.7/ipp", "--ipp", "--recording", "a.bin"],
        ["10.0.0.7", "--timeout", "0"],
        ["10.0.0.7", "--concurrency", "many"],
        ["--recording", "capture.pcap"],
        ["10.0.0.7", "--recording", "a.snmprec"],
    ],
)
def test_bad_usage_is_said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.read(arguments)
    assert raised.value.code == cli.BAD_USAGE
    assert "econcierge-read: error:" in capsys.readouterr().err


def test_bad_ranges_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        cli.scan(["10.0.0.0/8"])
    assert raised.value.code == cli.BAD_USAGE
    assert "more than" in capsys.readouterr().err
