"""Who is a printer: from a few objects that every SNMP agent is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from econcierge_printers.mib import device, oids, vendors
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
# Makers whose network cards sit in printers only; HP's printers are below 11.2.3.9
_ONLY_PRINTERS = frozenset({253, 297, 367, 641, 1347, 2001, 2435, 10642, 18334, 40093})
_HP_PRINTERS: Oid = (*oids.ENTERPRISES, 11, 2, 3, 9)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that answered."""

    target: Target
    protocol: str
    is_printer: bool
    identity: Identity


def recognise(values: Mapping[Oid, Value], *, target: Target, protocol: str) -> Found:
    objects = Objects(values)
    identity = device.identity(objects, vendors.of(objects))
    return Found(target, protocol, _is_printer(values, objects), identity)


def _is_printer(values: Mapping[Oid, Value], objects: Objects) -> bool:
    """It has a Printer-MIB, calls its first device a printer, or comes from a maker of nothing else."""
    if _CONFIG_CHANGES_1 in values or _SERIAL_NUMBER_1 in values:
        return True
    kind = values.get(_HR_DEVICE_TYPE_1)
    if kind is not None and kind.oid == oids.HR_DEVICE_PRINTER:
        return True
    sys_object_id = objects.sys_object_id or ()
    return objects.enterprise in _ONLY_PRINTERS or sys_object_id[: len(_HP_PRINTERS)] == _HP_PRINTERS
