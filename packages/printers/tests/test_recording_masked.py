"""A recording tells nothing of whose printer it is, and decodes as the printer itself does."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from asyncio import create_subprocess_exec
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import masking, recording, snmprec
from econcierge_printers.errors import PrinterError
from econcierge_printers.mib import decode, oids
from econcierge_printers.model import Reading
from econcierge_printers.snmp import choose, values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.values import Oid, Tag, Value, integer, octet_string
from econcierge_printers.targets import Target

KEY = b"a key of the tests"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SYSTEM = (1, 3, 6, 1, 2, 1, 1)
XEROX = (*oids.ENTERPRISES, 253)
NOBODYS = (*oids.ENTERPRISES, 99999)
MAC = bytes.fromhex("9c934e123456")
PRINTER: dict[Oid, Value] = {
    oids.SYS_DESCR: octet_string("Xerox VersaLink C405; SN XYZ1234567 at 10.1.2.3"),
    oids.SYS_OBJECT_ID: values.object_identifier((*XEROX, 8, 62, 1)),
    (*SYSTEM, 4, 0): octet_string("Zoe Tremblay <zoe@client.example> 514 555-0199"),
    oids.SYS_NAME: octet_string("compta-prt.client.local"),
    (*SYSTEM, 6, 0): octet_string("2e étage, comptabilité"),
    (*oids.IF_PHYS_ADDRESS, 1): octet_string(MAC),
    (*oids.HR_DEVICE_TYPE, 1): values.object_identifier(oids.HR_DEVICE_PRINTER),
    (*oids.HR_DEVICE_DESCR, 1): octet_string("Xerox VersaLink C405"),
    (*oids.HR_DEVICE_STATUS, 1): integer(2),
    (*oids.HR_PRINTER_STATUS, 1): integer(3),
    (*oids.SERIAL_NUMBER, 1): octet_string("XYZ1234567"),
    (*oids.MARKER_LIFE_COUNT, 1, 1): values.counter32(1234),
    **{(*oids.SUPPLY_COLORANT, 1, row): integer(row) for row in (1, 2)},
    **{(*oids.SUPPLY_CLASS, 1, row): integer(3) for row in (1, 2)},
    **{(*oids.SUPPLY_TYPE, 1, row): integer(3) for row in (1, 2)},
    (*oids.SUPPLY_DESCRIPTION, 1, 1): octet_string("Black Toner, PN 106R03500;SN9912345"),
    (*oids.SUPPLY_DESCRIPTION, 1, 2): octet_string("Cyan Toner, PN 106R03502;SN8812346"),
    **{(*oids.SUPPLY_CAPACITY, 1, row): integer(200) for row in (1, 2)},
    **{(*oids.SUPPLY_LEVEL, 1, row): integer(50 * row) for row in (1, 2)},
    (*oids.COLORANT_VALUE, 1, 1): octet_string("black"),
    (*oids.COLORANT_VALUE, 1, 2): octet_string("cyan"),
    (*oids.CONSOLE_TEXT, 1, 1): octet_string("Ready 9C:93:4E:12:34:56 http://compta-prt.client.local/"),
}
NOBODYS_PRINTER = {
    **{oid: value for oid, value in PRINTER.items() if oid != oids.SYS_DESCR},
    oids.SYS_DESCR: octet_string("Unheard-of Laser 9"),
    (*oids.HR_DEVICE_DESCR, 1): octet_string("Unheard-of Laser 9"),
    oids.SYS_OBJECT_ID: values.object_identifier((*NOBODYS, 1)),
    (*NOBODYS, 1, 1, 0): octet_string(b"Black toner of Tremblay Comptables XYZ1234567"),
    (*NOBODYS, 1, 2, 0): octet_string(b"\x02\x01" + MAC + b"\xff"),
    (*NOBODYS, 1, 3, 0): Value(Tag.IP_ADDRESS, bytes((10, 1, 2, 3))),
}
SECRETS = ("XYZ1234567", "Tremblay", "zoe", "compta", "client", "9912345", "8812346", "10.1.2.3", "0199", "étage")
SECRETS += ("12:34:56", "9c934e123456", "Comptables")
Start = Callable[..., Awaitable[Target]]


def read(objects: dict[Oid, Value]) -> Reading:
    return decode.reading(objects, target="a", read_at=NOW, protocol="recording")


@pytest.mark.parametrize("objects", [PRINTER, NOBODYS_PRINTER])
def test_nothing_tells_whose_it_was(objects: dict[Oid, Value]) -> None:
    text = snmprec.format_lines(masking.masked(objects, key=KEY))
    told = b"\n".join(value.octets or b"" for value in snmprec.parse(text.encode(), name="m").objects.values())
    for secret in SECRETS:
        assert secret.lower().encode() not in told.lower()
        assert secret.encode().hex() not in text.lower()
    assert MAC not in told


def test_the_reading_is_the_same_but_for_names_and_numbers() -> None:
    before, after = read(PRINTER), read(masking.masked(PRINTER, key=KEY))
    assert dataclasses.replace(after, identity=before.identity, supplies=before.supplies) == dataclasses.replace(
        before, status=after.status
    )
    for one, other in zip(before.supplies, after.supplies, strict=True):
        assert dataclasses.replace(other, serial=one.serial) == one
        assert other.serial != one.serial
    assert (after.identity.manufacturer, after.identity.model) == ("Xerox", "VersaLink C405")


def test_joins_survive_and_shapes_stay() -> None:
    after = masking.masked(NOBODYS_PRINTER, key=KEY)
    serial = after[(*oids.SERIAL_NUMBER, 1)].octets or b""
    assert re.fullmatch(rb"[A-Z]{3}[0-9]{7}", serial)
    assert (after[(*NOBODYS, 1, 1, 0)].octets or b"").startswith(b"Black toner ")
    assert (after[(*NOBODYS, 1, 1, 0)].octets or b"").endswith(serial)
    mac = after[(*oids.IF_PHYS_ADDRESS, 1)].octets or b""
    assert mac[:3] == MAC[:3]
    assert mac != MAC
    assert after[(*NOBODYS, 1, 2, 0)].octets == b"\x02\x01" + mac + b"\xff"
    assert mac.hex(":").upper().encode() in (after[(*oids.CONSOLE_TEXT, 1, 1)].octets or b"")
    name = after[oids.SYS_NAME].octets or b""
    assert name in (after[(*oids.CONSOLE_TEXT, 1, 1)].octets or b"")
    address = after[(*NOBODYS, 1, 3, 0)].octets or b""
    assert tuple(address[:3]) in {(192, 0, 2), (198, 51, 100), (203, 0, 113)}


def test_masks_follow_from_the_key() -> None:
    assert masking.masked(PRINTER, key=KEY) == masking.masked(PRINTER, key=KEY)
    assert masking.masked(PRINTER, key=KEY) != masking.masked(PRINTER, key=b"another")


@given(st.dictionaries(st.sampled_from(sorted(NOBODYS_PRINTER)), st.binary(max_size=40), max_size=6))
def test_any_octets_can_be_masked_and_stay_as_long_but_for_addresses(octets: dict[Oid, bytes]) -> None:
    objects = NOBODYS_PRINTER | {oid: octet_string(held) for oid, held in octets.items()}
    after = masking.masked(objects, key=KEY)
    assert list(after) == list(objects)
    assert {oid: value.tag for oid, value in after.items()} == {oid: value.tag for oid, value in objects.items()}


@pytest.mark.corpus
def test_recordings_decode_the_same_when_masked(corpus: Path) -> None:
    for path in sorted(corpus.rglob("*.snmprec")):
        before = dict(snmprec.read_file(path).objects)
        after = masking.masked(before, key=KEY)
        assert snmprec.parse(snmprec.format_lines(after).encode(), name="m").objects == after, path.stem
        rows = [(supply.index, supply.state, supply.percent, supply.kind) for supply in read(before).supplies]
        masked_rows = [(supply.index, supply.state, supply.percent, supply.kind) for supply in read(after).supplies]
        assert masked_rows == rows, path.stem
        assert read(after).identity.model == read(before).identity.model, path.stem


async def test_a_printer_is_recorded_by_the_command(start_agent: Start, agent_class: type, tmp_path: Path) -> None:
    target = await start_agent(agent_class(NOBODYS_PRINTER))
    path = tmp_path / "out.snmprec"
    code = "import sys; from econcierge_printers import cli; sys.exit(cli.read(sys.argv[1:]))"
    command = [sys.executable, "-c", code]
    recorded = await create_subprocess_exec(*command, "--record", str(target), str(path), stdout=PIPE)
    out, _ = await recorded.communicate()
    assert recorded.returncode == 0
    assert b"masked" in out
    objects = snmprec.read_file(path).objects
    assert set(objects) == set(NOBODYS_PRINTER)
    decoded = await create_subprocess_exec(*command, "--recording", str(path), "--json", stdout=PIPE)
    out, _ = await decoded.communicate()
    assert [supply["percent"] for supply in json.loads(out)["supplies"]] == [25.0, 50.0]


async def test_an_endless_subtree_is_recorded_as_far_as_it_goes(start_agent: Start, agent_class: type) -> None:
    class Endless(agent_class):  # type: ignore[misc]
        def following(self, oid: Oid) -> tuple[Oid, Value]:
            if oid[: len(NOBODYS)] == NOBODYS and oid[-1] < 100_000:
                return (*NOBODYS, oid[-1] + 1 if len(oid) > len(NOBODYS) else 1), integer(1)
            return super().following(oid)  # type: ignore[no-any-return]

    target = await start_agent(Endless(NOBODYS_PRINTER))
    async with SnmpClient() as client:
        objects = await recording.record(client, target, choose.security(target), key=KEY)
    private = [oid for oid in objects if oid[: len(NOBODYS)] == NOBODYS]
    assert recording.MOST_VALUES <= len(private) <= recording.MOST_VALUES + 60
    assert set(oids.SCALARS) <= set(objects)


async def test_what_is_no_snmp_agent_cannot_be_recorded(start_agent: Start, agent_class: type) -> None:
    target = await start_agent(agent_class({(1, 3, 9, 9): integer(1)}))
    async with SnmpClient() as client:
        with pytest.raises(PrinterError, match="every SNMP agent has"):
            await recording.record(client, target, choose.security(target), key=KEY)
