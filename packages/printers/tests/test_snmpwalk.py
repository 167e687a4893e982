"""What `snmpwalk -On` prints is read back; a broken line is named and the rest is read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from asyncio import create_subprocess_exec
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import cli, snmpwalk
from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Tag, Value
from econcierge_virtual.printers import agent, fleet, living, mib, responder

WALK = rb"""
.1.3.6.1.2.1.1.1.0 = STRING: "Xerox \"VersaLink\" C:\\
second line"
.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.253.8.62.1
.1.3.6.1.2.1.1.3.0 = Timeticks: (123456) 0:20:34.56
.1.3.6.1.2.1.1.4.0 = ""
.1.3.6.1.2.1.1.5.0 = STRING: prt-1
.1.3.6.1.2.1.1.6.0 = No Such Instance currently exists at this OID
.1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 3C 2A F4 BF F5 1B 00 01 02 03 04 05 06 07 08 09
0A 0B
.1.3.6.1.2.1.2.2.1.7.1 = INTEGER: up(1)
.1.3.6.1.2.1.4.20.1.1.10.0.0.1 = IpAddress: 10.0.0.1
.1.3.6.1.2.1.4.20.1.2.10.0.0.1 = Network Address: 0A:00:00:02
.1.3.6.1.2.1.25.3.5.1.2.1 = BITS: 40 00 noPaper(1)
.1.3.6.1.2.1.43.10.2.1.4.1.1 = Counter32: 4294967295
.1.3.6.1.2.1.43.11.1.1.9.1.1 = INTEGER: -3
.1.3.6.1.2.1.43.11.1.1.9.1.2 = Wrong Type (should be INTEGER): Gauge32: 7 units
iso.3.6.1.2.1.43.5.1.1.17.1 = STRING: "ABC123"
.1.3.6.1.6.3.16.1 = No more variables left in this MIB View (It is past the end of the MIB tree)
"""


def test_every_type_is_read() -> None:
    recording = snmpwalk.parse(WALK, name="a.snmpwalk")
    wanted = {
        "1.3.6.1.2.1.1.1.0": values.octet_string('Xerox "VersaLink" C:\\\nsecond line'),
        "1.3.6.1.2.1.1.2.0": values.object_identifier("1.3.6.1.4.1.253.8.62.1"),
        "1.3.6.1.2.1.1.3.0": values.time_ticks(123456),
        "1.3.6.1.2.1.1.4.0": values.octet_string(""),
        "1.3.6.1.2.1.1.5.0": values.octet_string("prt-1"),
        "1.3.6.1.2.1.2.2.1.6.1": values.octet_string(bytes.fromhex("3C2AF4BFF51B000102030405060708090A0B")),
        "1.3.6.1.2.1.2.2.1.7.1": values.integer(1),
        "1.3.6.1.2.1.4.20.1.1.10.0.0.1": Value(Tag.IP_ADDRESS, b"\x0a\0\0\x01"),
        "1.3.6.1.2.1.4.20.1.2.10.0.0.1": Value(Tag.IP_ADDRESS, b"\x0a\0\0\x02"),
        "1.3.6.1.2.1.25.3.5.1.2.1": values.octet_string(b"\x40\0"),
        "1.3.6.1.2.1.43.5.1.1.17.1": values.octet_string("ABC123"),
        "1.3.6.1.2.1.43.10.2.1.4.1.1": values.counter32(4294967295),
        "1.3.6.1.2.1.43.11.1.1.9.1.1": values.integer(-3),
        "1.3.6.1.2.1.43.11.1.1.9.1.2": values.gauge32(7),
    }
    assert list(recording.objects.items()) == [(values.parse_oid(oid), value) for oid, value in wanted.items()]
    assert recording.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        b".1.3.6.1 = Strange: 1",
        b".1.3.6.1 = INTEGER: many",
        b".1.3.6.1 = Counter32: -1",
        b".1.3.6.1 = IpAddress: 10.0.0.256",
        b".1.3.6.1 = Network Address: 0A:00",
        b".1.3..1 = INTEGER: 1",
        b".1.3.6.1 = OID: zeroDotZero",
    ],
)
def test_a_broken_line_is_named_and_the_rest_is_read(line: bytes) -> None:
    recording = snmpwalk.parse(line + b"\n.1.3.6.2 = INTEGER: 2\n", name="bad.snmpwalk")
    assert recording.objects == {(1, 3, 6, 2): values.integer(2)}
    assert [problem.split(": ")[0] for problem in recording.problems] == ["bad.snmpwalk:1"]


def test_what_is_no_walk_is_named() -> None:
    recording = snmpwalk.parse(b"Timeout: No Response from 10.0.0.1\n", name="t.snmpwalk")
    assert recording.objects == {}
    assert recording.problems == ("t.snmpwalk:1: not `.OID = TYPE: value`",)


@given(st.binary(max_size=200))
def test_any_bytes_are_values_and_problems(data: bytes) -> None:
    recording = snmpwalk.parse(b".1.3.6.1 = " + data, name="any")
    assert len(recording.objects) + len(recording.problems) <= data.count(b"\n") + 1


def test_a_file_that_is_not_there_is_a_printer_error(tmp_path: Path) -> None:
    with pytest.raises(PrinterError, match=r"gone\.snmpwalk"):
        snmpwalk.read_file(tmp_path / "gone.snmpwalk")


async def test_what_net_snmp_really_prints_is_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("snmpwalk") is None:
        pytest.skip("no snmpwalk here: apt-get install snmp")
    spec = fleet.default_fleet()[0]
    table = dict(mib.table(spec, living.first_state(spec, at=datetime(2026, 11, 23, 12, tzinfo=UTC))))
    table[(1, 3, 6, 1, 2, 1, 1, 4, 0)] = values.octet_string('say "hello"\\\nover two lines')
    view = agent.TableView(table)
    answering = await responder.listen(address="127.0.0.1", port=0, source=lambda: view)
    place = ["-v2c", "-c", "public", "-On", f"127.0.0.1:{answering.port}", ".1.3.6.1"]
    try:
        walking = await create_subprocess_exec(
            "snmpwalk", *place, stdout=subprocess.PIPE, env={**os.environ, "MIBS": ""}
        )
        printed, _ = await walking.communicate()
    finally:
        await answering.close()
    path = tmp_path / "printer.snmpwalk"
    path.write_bytes(printed)
    recording = snmpwalk.read_file(path)
    assert recording.problems == ()
    assert recording.objects == dict(sorted(table.items()))
    assert cli.read(["--recording", str(path), "--json"]) == cli.ALL_ANSWERED
    assert json.loads(capsys.readouterr().out)["supplies"]
