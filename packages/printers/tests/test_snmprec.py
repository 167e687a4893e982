"""Recordings are read line by line; a broken line is named and the rest is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers import snmprec
from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import values

RECORDING = b"""\
1.3.6.1.2.1.43.11.1.1.9.1.2|2|-3
1.3.6.1.2.1.1.1.0|4|Xerox|VersaLink caf\xc3\xa9\r
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.253.8.62.1
1.3.6.1.2.1.2.2.1.6.1|4x|3C2AF4BFF51B
1.3.6.1.2.1.4.20.1.1.10.0.0.1|64|10.0.0.1
1.3.6.1.2.1.4.20.1.2.10.0.0.1|64x|0a000001
1.3.6.1.2.1.43.10.2.1.4.1.1|65|4294967295
1.3.6.1.2.1.1.3.0|67|12
1.3.6.1.2.1.1.4.0|5|

# a remark
"""


def test_values_keep_their_type_and_are_sorted() -> None:
    recording = snmprec.parse(RECORDING, name="xerox.snmprec")
    expected = {
        "1.3.6.1.2.1.1.1.0": values.octet_string("Xerox|VersaLink café"),
        "1.3.6.1.2.1.1.2.0": values.object_identifier("1.3.6.1.4.1.253.8.62.1"),
        "1.3.6.1.2.1.1.3.0": values.time_ticks(12),
        "1.3.6.1.2.1.1.4.0": values.NULL,
        "1.3.6.1.2.1.2.2.1.6.1": values.octet_string(bytes.fromhex("3C2AF4BFF51B")),
        "1.3.6.1.2.1.4.20.1.1.10.0.0.1": values.Value(values.Tag.IP_ADDRESS, b"\x0a\0\0\x01"),
        "1.3.6.1.2.1.4.20.1.2.10.0.0.1": values.Value(values.Tag.IP_ADDRESS, b"\x0a\0\0\x01"),
        "1.3.6.1.2.1.43.10.2.1.4.1.1": values.counter32(4294967295),
        "1.3.6.1.2.1.43.11.1.1.9.1.2": values.integer(-3),
    }
    assert list(recording.objects.items()) == [(values.parse_oid(oid), value) for oid, value in expected.items()]
    assert recording.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        b"no bars",
        b"1.3.6|4",
        b"1..3|4|x",
        b"1.3.6|99|x",
        b"1.3.6|2x|00",
        b"1.3.6|4x|0",
        b"1.3.6|2|many",
        b"1.3.6|65|-1",
        b"1.3.6|2|" + b"9" * 5000,
        b"1.3.6|64|10.0.0.256",
        b"1.3.6|6|x",
    ],
)
def test_a_broken_line_is_named_and_the_rest_is_read(line: bytes) -> None:
    recording = snmprec.parse(b"1.3.6.1|2|1\n" + line + b"\n1.3.6.2|2|2\n", name="bad.snmprec")
    assert list(recording.objects) == [(1, 3, 6, 1), (1, 3, 6, 2)]
    assert [problem.split(": ")[0] for problem in recording.problems] == ["bad.snmprec:2"]


@given(st.binary(max_size=200))
def test_every_line_of_any_bytes_is_a_value_a_problem_or_nothing(data: bytes) -> None:
    recording = snmprec.parse(data, name="any")
    assert len(recording.objects) + len(recording.problems) <= data.count(b"\n") + 1


def test_a_file_that_is_not_there_is_a_printer_error(tmp_path: Path) -> None:
    with pytest.raises(PrinterError, match=r"gone\.snmprec"):
        snmprec.read_file(tmp_path / "gone.snmprec")
