"""Who is a printer, and which of those found are one (pure rules)."""

from __future__ import annotations

import ipaddress

import pytest

from econcierge_printers.discovery import who
from econcierge_printers.discovery.services import Service
from econcierge_printers.discovery.together import together
from econcierge_printers.discovery.who import Found
from econcierge_printers.mib import oids
from econcierge_printers.model import Identity
from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value, integer, octet_string
from econcierge_printers.targets import Target


def device(enterprise: str, descr: str, *signs: tuple[Oid, Value]) -> Found:
    objects = {
        oids.SYS_DESCR: octet_string(descr),
        oids.SYS_OBJECT_ID: values.object_identifier(f"1.3.6.1.4.1.{enterprise}"),
        **dict(signs),
    }
    return who.recognise(objects, target=Target("10.0.0.7"), protocol="snmp-2c")


BARE = {"jetdirect_2", "tsc"}  # an object id alone that says no more than the maker's number
CHANGES = ((1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 1, 1), integer(0))
PRINTER_TYPE = ((*oids.HR_DEVICE_TYPE, 1), values.object_identifier(oids.HR_DEVICE_PRINTER))
SERIAL = ((*oids.SERIAL_NUMBER, 1), octet_string("ABC1234567"))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (device("253.8.62.1", "Xerox Phaser 4600"), True),
        (device("11.2.3.9.1", "HP ETHERNET MULTI-ENVIRONMENT"), True),
        (device("11.2.3.7.11.17", "HP J4813A ProCurve Switch 2524"), False),
        (device("9.1.1208", "Cisco IOS"), False),
        (device("318.1.3.2", "APC Web/SNMP Management Card"), False),
        (device("1248.1.1", "EPSON Built-in 11b/g/n Print Server", CHANGES), True),
        (device("6574.1", "Linux NAS 4.4", CHANGES), False),
        (device("8072.3.2.10", "Linux server 6.1"), False),
        (device("8072.3.2.10", "TSC TTP-247", CHANGES, SERIAL), True),
        (device("8072.3.2.10", "Linux label", PRINTER_TYPE, SERIAL), True),
        (device("367.1.1", "RICOH scanner fi-8170"), False),
        (
            device("367.1.1", "SAVIN MP C4503 1.18 / SAVIN Network Printer C / SAVIN Network Scanner C"),
            True,
        ),
        (device("1248.1.1.2.1.3.22", "EPSON 10/100/1000 Ethernet USB Ext. Scan Server"), False),
        (device("236.11.5.1", "Samsung ML-2850 Series OS 1.01.15.47"), True),
        (device("674.10895.3000", "Dell Networking N2048"), False),
        (device("674.10898.10.52", "Dell 3115cn; Net 9.26"), True),
        (device("99999.1", "A maker nobody knows", PRINTER_TYPE), True),
    ],
    ids=lambda held: held.identity.sys_descr if isinstance(held, Found) else str(held),
)
def test_printers_are_told_from_everything_else_that_answers(found: Found, expected: bool) -> None:
    assert found.is_printer is expected


def service(
    kind: str = "ipp", host: str = "prt.local", address: str = "10.0.0.7", port: int = 631, **facts: str
) -> Service:
    return Service("Prt", kind, host, port, (ipaddress.ip_address(address),), {"ty": "Xerox C405", **facts})


def announced(**given: str) -> Found:
    found = who.advertised(service(**given))  # type: ignore[arg-type]
    assert found is not None
    return found


def answered(host: str, serial: str | None = "ABC1234567", model: str = "C405", printer: bool = True) -> Found:
    return Found(Target(host), "snmp-2c", printer, Identity("Xerox", model, serial), ("sweep",))


def test_an_announcement_says_who_and_where() -> None:
    found = announced(rp="ipp/print", uuid="cfe92100-67c4-11d4-a45f-f8d027761251")
    assert (found.identity.manufacturer, found.identity.model, found.identity.mac) == (
        "Xerox",
        "C405",
        "f8:d0:27:76:12:51",
    )
    assert (found.protocol, found.ways, found.ipp_uri) == ("mdns", ("mdns",), "ipp://10.0.0.7:631/ipp/print")
    bare = who.advertised(Service("Prt", "printer", "prt.local", 515, (), {"product": "(HP LaserJet 4)"}))
    assert bare is not None
    assert (str(bare.target), bare.identity.model) == ("prt.local", "LaserJet 4")


def test_a_fax_queue_is_no_printer() -> None:
    assert who.advertised(service(rp="ipp/faxout")) is None


def test_one_device_by_several_ways_is_one() -> None:
    (found,) = together([announced(rp="ipp/print"), announced(kind="printer", port=515), answered("10.0.0.7")])  # type: ignore[arg-type]
    assert (found.protocol, found.identity.serial, found.identity.hostname) == ("snmp-2c", "ABC1234567", "prt")
    assert (found.ways, found.ipp_uri) == (("sweep", "mdns"), "ipp://10.0.0.7:631/ipp/print")


def test_one_device_at_two_addresses_is_one_by_two_keys() -> None:
    """P18, P19: the address is no key; a serial number with the model is."""
    (found,) = together([answered("10.0.0.7"), answered("fd00::7")])
    assert (str(found.target), found.other_addresses) == ("10.0.0.7", ("fd00::7",))


def test_one_device_announced_from_two_addresses_is_one_by_its_uuid() -> None:
    uuid = "1c852a4d-b800-4f08-abcd-3863bb7e4ac1"
    (found,) = together([announced(uuid=uuid), announced(uuid=uuid, address="10.0.0.8", kind="ipps")])
    assert (found.identity.uuid, found.other_addresses) == (uuid, ("10.0.0.8",))
    assert len(together([announced(), announced(address="10.0.0.8", host="other.local")])) == 2


def test_two_serial_numbers_are_two_devices() -> None:
    assert len(together([answered("10.0.0.7"), answered("10.0.0.7", serial="XYZ7654321")])) == 2


def test_a_print_server_has_several_printers_behind_one_address() -> None:
    queues = [announced(rp="printers/a"), announced(rp="printers/b", ty="HP LaserJet 4")]
    raw = [announced(kind="pdl-datastream", host="box.local", address="10.0.0.8", ty=ty) for ty in ("HP A", "HP B")]
    server = answered("10.0.0.7", serial=None, model="Linux", printer=False)
    found = together([server, *queues, *raw])
    assert [(one.ipp_uri, one.identity.model) for one in found if one.is_printer] == [
        ("ipp://10.0.0.7:631/printers/a", "C405"),
        ("ipp://10.0.0.7:631/printers/b", "LaserJet 4"),
        (None, "A"),
        (None, "B"),
    ]
    with_snmp = together([answered("10.0.0.8", model="B"), *raw])
    assert [(one.identity.model, one.ways) for one in with_snmp] == [("B", ("sweep", "mdns")), ("A", ("mdns",))]
