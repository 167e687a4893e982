"""One device has one key, whatever its address and however it writes its serial number."""

from __future__ import annotations

import pytest

from econcierge_printers import identity
from econcierge_printers.identity import KeyKind, PrinterKey
from econcierge_printers.model import Identity


@pytest.mark.parametrize("serial", ["3359 214 880", " 3359214880\0", "3359214880"])
def test_serials_of_one_device_are_equal(serial: str) -> None:
    assert identity.normal_serial(serial) == "3359214880"


@pytest.mark.parametrize(
    "serial", [None, "", "0000000000", "XXXXXXX", "1234567890000", "unknown", "N/A", "0X0X", "???????", "A1", "-----"]
)
def test_placeholders_are_no_serial(serial: str | None) -> None:
    assert identity.normal_serial(serial) is None


@pytest.mark.parametrize("mac", [b"\x3c\x2a\xf4\xbf\xf5\x1b", "3C-2A-F4-BF-F5-1B", "3c2a.f4bf.f51b"])
def test_network_cards_are_written_one_way(mac: str | bytes) -> None:
    assert identity.normal_mac(mac) == "3c:2a:f4:bf:f5:1b"


@pytest.mark.parametrize("mac", [None, "", b"", b"\0" * 6, b"\xff" * 6, b"\x01\x02", "printer"])
def test_what_is_no_network_card(mac: str | bytes | None) -> None:
    assert identity.normal_mac(mac) is None


def test_the_strongest_key_wins() -> None:
    everything = Identity(model="C405", serial="ab 1234", hostname="prt-1", mac="3c2af4bff51b")
    no_serial = Identity(model="C405", serial="00000000", hostname="prt-1", mac="3c2af4bff51b")
    assert identity.printer_key(everything) == PrinterKey(KeyKind.SERIAL, "AB1234")
    assert identity.printer_key(no_serial) == PrinterKey(KeyKind.MAC, "3c:2a:f4:bf:f5:1b")
    by_name = identity.printer_key(Identity(model="C405", hostname="prt-1"))
    assert by_name == PrinterKey(KeyKind.MODEL_HOSTNAME, "C405 PRT-1")


def test_a_model_alone_is_no_key() -> None:
    assert identity.printer_key(Identity(model="C405", hostname=None)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("urn:uuid:CFE92100-67c4-11d4-a45f-f8d027761251", "cfe92100-67c4-11d4-a45f-f8d027761251"),
        ("cfe92100-67c4-11d4-a45f-f8d027761251", "cfe92100-67c4-11d4-a45f-f8d027761251"),
        ("00000000-0000-0000-0000-000000000000", None),
        ("cfe92100", None),
        (None, None),
    ],
)
def test_a_uuid_is_a_key_where_there_is_no_better(text: str | None, expected: str | None) -> None:
    assert identity.normal_uuid(text) == expected
    key = identity.printer_key(Identity(uuid=text))
    assert (key.value if key else None) == expected
