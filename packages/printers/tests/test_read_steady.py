"""Printers that were read before are asked for what can change, and the reading is the same as a full one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from econcierge_printers import read, snmprec, steady
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import oids
from econcierge_printers.model import Reading
from econcierge_printers.snmp import values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.values import Oid, Value, integer, octet_string
from econcierge_printers.targets import Target

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LEVEL_2 = (*oids.SUPPLY_LEVEL, 1, 2)
PRINTER: dict[Oid, Value] = {
    oids.SYS_DESCR: octet_string("Xerox VersaLink C405"),
    oids.SYS_OBJECT_ID: values.object_identifier("1.3.6.1.4.1.253.8.62.1"),
    oids.SYS_NAME: octet_string("prt-1"),
    (*oids.HR_DEVICE_TYPE, 1): values.object_identifier(oids.HR_DEVICE_PRINTER),
    (*oids.HR_DEVICE_DESCR, 1): octet_string("Xerox VersaLink C405"),
    (*oids.HR_DEVICE_STATUS, 1): integer(2),
    (*oids.HR_PRINTER_STATUS, 1): integer(3),
    (*oids.HR_PRINTER_ERROR_STATE, 1): octet_string(b"\0"),
    (*oids.SERIAL_NUMBER, 1): octet_string("ABC1234567"),
    (*oids.MARKER_LIFE_COUNT, 1, 1): values.counter32(1234),
    (*oids.MARKER_COUNTER_UNIT, 1, 1): integer(7),
    **{(*column, 1, row): integer(row) for column in oids.SUPPLY_COLUMNS[:3] for row in range(1, 9)},
    **{(*oids.SUPPLY_DESCRIPTION, 1, row): octet_string(f"Toner, PN 106R0350{row};SN{row}") for row in range(1, 9)},
    **{(*oids.SUPPLY_CAPACITY, 1, row): integer(200) for row in range(1, 9)},
    **{(*oids.SUPPLY_LEVEL, 1, row): integer(100) for row in range(1, 9)},
    (*oids.INPUT_CAPACITY, 1, 1): integer(500),
    (*oids.INPUT_LEVEL, 1, 1): integer(250),
    (*oids.CONSOLE_TEXT, 1, 1): octet_string("Ready"),
    (1, 3, 6, 1, 4, 1, 253, 8, 53, 13, 2, 1, 6, 1, 20, 1): values.counter32(1230),
}
Start = Callable[..., Awaitable[Target]]


def clock() -> datetime:
    return NOW


async def read_one(target: Target, memory: steady.Memory | None, **options: Any) -> Reading:
    async with SnmpClient(timeout_s=0.5) as client:
        return await read.read_printer(client, target, clock=clock, memory=memory, **options)


@pytest.mark.parametrize("version", Version)
async def test_a_steady_reading_sees_every_change(start_agent: Start, agent_class: type, version: Version) -> None:
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    memory = steady.Memory()
    assert await read_one(target, memory, version=version) == await read_one(target, None, version=version)
    changes: dict[Oid, Value] = {
        LEVEL_2: integer(1),
        (*oids.SUPPLY_DESCRIPTION, 1, 2): octet_string("Toner, PN 106R03999;SN77"),
        (*oids.SUPPLY_CAPACITY, 1, 2): integer(900),
        oids.SYS_NAME: octet_string("prt-2"),
        (*oids.HR_PRINTER_STATUS, 1): integer(4),
        (*oids.HR_PRINTER_ERROR_STATE, 1): octet_string(b"\x20"),
        (*oids.MARKER_LIFE_COUNT, 1, 1): values.counter32(1300),
        (*oids.INPUT_LEVEL, 1, 1): integer(3),
        (*oids.CONSOLE_TEXT, 1, 1): octet_string("Toner low"),
        (1, 3, 6, 1, 4, 1, 253, 8, 53, 13, 2, 1, 6, 1, 20, 1): values.counter32(1301),
        (*oids.ALERT_SEVERITY, 1, 7): integer(4),
        (*oids.ALERT_GROUP, 1, 7): integer(11),
        (*oids.ALERT_GROUP_INDEX, 1, 7): integer(2),
        (*oids.ALERT_CODE, 1, 7): integer(1104),
        (*oids.ALERT_DESCRIPTION, 1, 7): octet_string("Toner low"),
    }
    for oid, value in changes.items():
        agent.change(oid, value)
        assert await read_one(target, memory, version=version) == await read_one(target, None, version=version), oid
    assert memory.printers[target].readings == len(changes)
    for oid in list(changes)[-5:]:
        agent.change(oid, None)
    assert (await read_one(target, memory, version=version)).alerts == ()


async def test_a_steady_reading_takes_fewer_packets(start_agent: Start, agent_class: type) -> None:
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    memory = steady.Memory()
    await read_one(target, memory)
    in_full = len(agent.requests)
    await read_one(target, memory)
    assert len(agent.requests) - in_full <= 3 < in_full


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        ((*oids.SERIAL_NUMBER, 1), octet_string("XYZ7654321")),
        (oids.SYS_OBJECT_ID, values.object_identifier("1.3.6.1.4.1.253.8.62.2")),
        ((*oids.SUPPLY_LEVEL, 1, 9), integer(5)),
        (LEVEL_2, None),
    ],
)
async def test_another_device_or_other_rows_are_read_in_full(
    start_agent: Start, agent_class: type, oid: Oid, value: Value | None
) -> None:
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    memory = steady.Memory()
    await read_one(target, memory)
    agent.change(oid, value)
    assert await read_one(target, memory) == await read_one(target, None)
    assert memory.printers[target].readings == 0


async def test_once_in_a_while_it_is_read_in_full(
    start_agent: Start, agent_class: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady, "FULL_EVERY", 2)
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    memory = steady.Memory()
    for _ in range(3):
        await read_one(target, memory)
    agent.change((*oids.SUPPLY_TYPE, 1, 1), integer(10))
    assert await read_one(target, memory) == await read_one(target, None)


async def test_who_is_silent_is_remembered(start_agent: Start, agent_class: type) -> None:
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    memory = steady.Memory()
    await read_one(target, memory)
    agent.community = b"other"
    async with SnmpClient(timeout_s=0.05, retries=0) as client:
        with pytest.raises(PrinterError):
            await read.read_printer(client, target, clock=clock, memory=memory)
    assert target in memory.printers


async def test_denied_addresses_are_not_asked_p23(start_agent: Start, agent_class: type) -> None:
    asked, denied = agent_class(PRINTER), agent_class(PRINTER)
    targets = [await start_agent(asked), await start_agent(denied, "127.0.0.2")]
    async with SnmpClient() as client:
        found = read.read_many(client, targets, clock=clock, deny={"127.0.0.2"})
        assert [outcome.target async for outcome in found if isinstance(outcome, Reading)] == [str(targets[0])]
    assert denied.requests == []


@pytest.mark.corpus
async def test_recorded_printers_are_read_steadily(corpus: Path, start_agent: Start, agent_class: type) -> None:
    for path in sorted((corpus / "librenms").glob("*.snmprec"))[::4]:
        agent = agent_class(snmprec.read_file(path).objects)
        target = await start_agent(agent)
        memory = steady.Memory()
        full = await read_one(target, memory)
        assert await read_one(target, memory) == full, path.stem
