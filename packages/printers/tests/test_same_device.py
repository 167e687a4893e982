"""When two identities are one device, with reasons (P16 to P19); printers behind one address are several."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from econcierge_printers import gauge, identity, read, wire
from econcierge_printers.identity import Verdict
from econcierge_printers.mib import decode, oids
from econcierge_printers.model import Identity, Reading
from econcierge_printers.snmp import values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.values import Oid, Value, integer, octet_string
from econcierge_printers.targets import Target

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
C405 = Identity("Xerox", "VersaLink C405", "4GX123456", "prt-1", "9c:93:4e:11:22:33")


def like(**fields: str | None) -> Identity:
    base = {name: getattr(C405, name) for name in ("manufacturer", "model", "serial", "hostname", "mac")}
    return Identity(**(base | fields))


@pytest.mark.parametrize(
    ("other", "verdict", "first_reason"),
    [
        (like(), Verdict.SAME, "serial_equal"),
        (like(mac="9c:93:4e:11:22:34"), Verdict.SAME, "serial_equal"),  # P19: two network cards
        (like(hostname=None, mac=None), Verdict.SAME, "serial_equal"),
        (like(model="VersaLink C405 Color MFP"), Verdict.SAME, "serial_equal"),
        (like(serial="004GX123456"), Verdict.SAME, "serial_equal_but_for_zeros"),  # P16
        (like(serial="4GX12345600"), Verdict.SAME, "serial_equal_but_for_zeros"),
        (like(serial=None), Verdict.SAME, "mac_equal"),
        (like(serial="1234567890000"), Verdict.SAME, "mac_equal"),  # P17
        (like(serial="4GX999999", mac=None, hostname=None), Verdict.DIFFERENT, "serial_differs"),
        (like(serial="4GX999999"), Verdict.UNSURE, "serial_differs"),  # a new board, or a swap in place
        (like(model="Phaser 6510"), Verdict.UNSURE, "model_differs"),
        (like(model="Phaser 6510", serial=None, mac=None), Verdict.DIFFERENT, "model_differs"),
        (Identity(serial="4GX123456"), Verdict.UNSURE, "serial_equal"),  # one key only
        (Identity(model="VersaLink C405"), Verdict.UNSURE, "model_equal"),
        (like(serial=None, mac="9c:93:4e:11:22:34"), Verdict.UNSURE, "hostname_equal"),
        (like(serial=None, mac=None), Verdict.SAME, "hostname_equal"),
        (like(serial=None, mac=None, hostname="printer"), Verdict.UNSURE, "model_equal"),
    ],
)
def test_two_keys_make_two_identities_one_device(other: Identity, verdict: Verdict, first_reason: str) -> None:
    found = identity.same_device(C405, other)
    assert (found.verdict, found.reasons[0]) == (verdict, first_reason)
    assert identity.same_device(other, C405).verdict is verdict


def test_nothing_to_compare_is_unsure() -> None:
    assert identity.same_device(Identity(), Identity()) == identity.Sameness(Verdict.UNSURE, ())


@pytest.mark.parametrize(
    "serial",
    [
        "no serial number",
        "<private>",
        "Not Available",
        "N/A",
        "00000000",
        "1234567890000",
        "12345678",
        "XXXXXXXXXX",
        "----",
    ],
)
def test_words_for_no_serial_number_are_none(serial: str) -> None:
    assert identity.normal_serial(serial) is None
    assert identity.serial_stem(serial) is None


def test_a_short_serial_keeps_its_zeros() -> None:
    assert identity.serial_stem("00A100") == "00A100"
    assert identity.serial_stem("000A5J431816") == "A5J431816"


def printer(device: int, *, serial: str | None, level: int) -> dict[Oid, Value]:
    made = {
        (*oids.HR_DEVICE_TYPE, device): values.object_identifier(oids.HR_DEVICE_PRINTER),
        (*oids.HR_DEVICE_DESCR, device): octet_string(f"HP LaserJet 42{device}0"),
        (*oids.SUPPLY_TYPE, device, 1): integer(3),
        (*oids.SUPPLY_DESCRIPTION, device, 1): octet_string("Black Cartridge"),
        (*oids.SUPPLY_CAPACITY, device, 1): integer(100),
        (*oids.SUPPLY_LEVEL, device, 1): integer(level),
    }
    return made | ({(*oids.SERIAL_NUMBER, device): octet_string(serial)} if serial else {})


SERVER: Mapping[Oid, Value] = {
    oids.SYS_NAME: octet_string("prtsrv"),
    oids.SYS_OBJECT_ID: values.object_identifier("1.3.6.1.4.1.11.2.3.9.1"),
    (*oids.IF_PHYS_ADDRESS, 1): octet_string(bytes.fromhex("9c934e112233")),
}


def test_a_print_server_with_two_printers_gives_two_readings() -> None:
    objects = {**SERVER, **printer(1, serial="CNB1111111", level=10), **printer(2, serial="CNB2222222", level=20)}
    first, second = decode.readings(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")
    assert (first.target, second.target) == ("10.0.0.7", "10.0.0.7#2")
    assert (first.identity.serial, second.identity.serial) == ("CNB1111111", "CNB2222222")
    assert (first.identity.mac, second.identity.mac) == ("9c:93:4e:11:22:33", None)
    assert (first.identity.hostname, second.identity.hostname) == ("prtsrv", "prtsrv#2")
    assert [supply.percent for reading in (first, second) for supply in reading.supplies] == [10.0, 20.0]
    assert identity.same_device(first.identity, second.identity).verdict is Verdict.DIFFERENT
    for reading in (first, second):
        assert wire.reading_from_json(wire.reading_to_json(reading)) == reading
    assert decode.reading(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c") == first


def test_printers_without_serial_numbers_are_told_apart_by_their_supplies() -> None:
    objects = {**SERVER, **printer(1, serial=None, level=10), **printer(3, serial=None, level=20)}
    found = decode.readings(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")
    assert [reading.identity.model for reading in found] == ["LaserJet 4210", "LaserJet 4230"]


@pytest.mark.parametrize("serials", [("CNB1111111", "CNB1111111")])
def test_one_device_with_two_rows_stays_one(serials: tuple[str, str]) -> None:
    objects = {**SERVER, **printer(1, serial=serials[0], level=10), **printer(2, serial=serials[1], level=20)}
    (reading,) = decode.readings(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")
    assert reading.target == "10.0.0.7"


def test_a_fax_beside_the_printer_is_no_printer() -> None:
    fax = {(*oids.HR_DEVICE_TYPE, 2): values.object_identifier("1.3.6.1.2.1.25.3.1.1")}
    objects = {**SERVER, **printer(1, serial="CNB1111111", level=10), **fax}
    assert len(decode.readings(objects, target="10.0.0.7", read_at=NOW, protocol="snmp-2c")) == 1


@pytest.mark.parametrize(
    ("percents", "step"),
    [([100, 90, 80, 80, 20], 10.0), ([100, 0], None), ([100, 75, 50], 25.0), ([66.7, 33.3, 100], 33.3), ([], None)],
)
def test_the_step_of_a_gauge_is_learnt(percents: list[float], step: float | None) -> None:
    """P11."""
    assert gauge.step(percents=percents) == step


@pytest.mark.parametrize(("capacity", "step"), [(20, 5.0), (10_000, 0.01), (0, None), (-2, None), (None, None)])
def test_a_capacity_bounds_the_step(capacity: int | None, step: float | None) -> None:
    assert gauge.finest_step(raw_capacity=capacity) == step


async def test_a_print_server_is_read_as_several_where_they_are_wanted(
    start_agent: Callable[..., asyncio.Future[Target]], agent_class: type
) -> None:
    objects = {**SERVER, **printer(1, serial="CNB1111111", level=10), **printer(2, serial="CNB2222222", level=20)}
    target = await start_agent(agent_class(objects))
    async with SnmpClient() as client:
        every = [r async for r in read.read_many(client, [target], clock=lambda: NOW, several=True)]
        first = [r async for r in read.read_many(client, [target], clock=lambda: NOW)]
    assert [reading.target for reading in every if isinstance(reading, Reading)] == [str(target), f"{target}#2"]
    assert first == every[:1]
