"""Who is a printer: from a few objects that every SNMP agent is asked for, or from what it announces by DNS-SD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from econcierge_printers import identity as identities
from econcierge_printers.discovery.services import Service
from econcierge_printers.ipp import device as ipp_device
from econcierge_printers.mib import device, names, oids, vendors
from econcierge_printers.mib.objects import Objects
from econcierge_printers.model import Identity
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.targets import Target

_HR_DEVICE_TYPE_1: Oid = (*oids.HR_DEVICE_TYPE, 1)
_CONFIG_CHANGES_1: Oid = (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 1, 1)
_SERIAL_NUMBER_1: Oid = (*oids.SERIAL_NUMBER, 1)
PROBE = (
    *oids.SCALARS,
    _HR_DEVICE_TYPE_1,
    (*oids.HR_DEVICE_DESCR, 1),
    _CONFIG_CHANGES_1,
    _SERIAL_NUMBER_1,
)
# Makers whose network cards sit in printers only
_ONLY_PRINTERS = frozenset({253, 297, 367, 641, 1347, 2001, 2435, 10642, 18334, 40093})
# net-snmp, UCD, Microsoft, Synology, QNAP (two), NetApp, FreeNAS
_COMPUTERS_AND_STORAGE = frozenset({8072, 2021, 311, 6574, 24681, 55062, 789, 50536})
_SCANNER = re.compile(r"\bscan(ner|jet|snap)?\b", re.IGNORECASE)
_PRINTER = re.compile(r"\b(printer|mfp|multifunction|laserjet|imprimante|drucker)\b", re.IGNORECASE)
_FAX_QUEUE = re.compile(r"fax", re.IGNORECASE)
# Where makers of more than printers keep theirs: HP, Samsung, Dell, Toshiba TEC, Canon
_PRINTERS_BELOW: tuple[Oid, ...] = tuple(
    (*oids.ENTERPRISES, *below)
    for below in ((11, 2, 3, 9), (236, 11, 5), (674, 10898), (1129, 1, 2), (1129, 2, 3), (1602, 1), (1602, 4))
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that answered."""

    target: Target
    protocol: str  # as in a reading, or mdns where nothing else was asked
    is_printer: bool
    identity: Identity
    ways: tuple[str, ...] = ()  # how it was found: sweep, broadcast, mdns
    ipp_uri: str | None = None  # where it says that it takes IPP
    other_addresses: tuple[str, ...] = ()


def recognise(values: Mapping[Oid, Value], *, target: Target, protocol: str) -> Found:
    objects = Objects(values)
    identity = device.identity(objects, vendors.of(objects))
    return Found(target, protocol, _is_printer(values, objects), identity, ("sweep",))


def advertised(service: Service) -> Found | None:
    """A printer from what it announces (Bonjour Printing Specification); None for a queue that sends faxes."""
    facts = service.facts
    if _FAX_QUEUE.search(facts.get("rp", "")):
        return None
    kind_of_device = facts.get("ty") or facts.get("product", "").strip("()")
    maker, model = facts.get("usb_mfg"), facts.get("usb_mdl")
    brands = (names.brand_in(text) for text in (kind_of_device, maker, model))
    models = (names.model_in(text) for text in (kind_of_device, model) if text)
    identity = Identity(
        manufacturer=next((brand for brand in brands if brand), None) or maker,
        model=next((text for text in models if text), None),
        hostname=service.host.removesuffix(".local") or None,
        mac=ipp_device.card_of_uuid(facts.get("uuid")),
        uuid=identities.normal_uuid(facts.get("uuid")),
    )
    hosts = [str(address) for address in service.addresses] or [service.host]
    return Found(Target(hosts[0]), "mdns", True, identity, ("mdns",), service.ipp_uri, tuple(hosts[1:]))


def _is_printer(values: Mapping[Oid, Value], objects: Objects) -> bool:
    """It has a Printer-MIB, calls its first device or itself a printer, or comes from a maker of nothing else.

    Computers and storage carry stubs of these for the queues that they serve: of them more than one sign is wanted.
    """
    kind = values.get(_HR_DEVICE_TYPE_1)
    signs = [
        _CONFIG_CHANGES_1 in values,
        bool(objects.first_text(oids.SERIAL_NUMBER)),
        kind is not None and kind.oid == oids.HR_DEVICE_PRINTER,
    ]
    if objects.enterprise in _COMPUTERS_AND_STORAGE:
        return sum(signs) >= 2
    if any(signs):
        return True
    descr = objects.text(oids.SYS_DESCR) or ""
    if _PRINTER.search(descr):
        return True
    if _SCANNER.search(descr):
        return False
    sys_object_id = objects.sys_object_id or ()
    below = any(sys_object_id[: len(prefix)] == prefix for prefix in _PRINTERS_BELOW)
    return below or objects.enterprise in _ONLY_PRINTERS
