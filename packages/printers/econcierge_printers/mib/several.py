"""Several printers behind one address: a print server has a row of each table for every printer (hrDeviceIndex).

One device may fill several rows too (its fax, its second marker): only rows that hrDeviceType calls printers and that
have supplies or a serial number of their own are printers apart, and never under the same serial number.
"""

from __future__ import annotations

from collections.abc import Mapping

from econcierge_printers import identity
from econcierge_printers.mib import oids
from econcierge_printers.mib.objects import Objects
from econcierge_printers.snmp.values import Oid, Value

MAX_PRINTERS = 16
_HR_ROWS: tuple[Oid, ...] = ((1, 3, 6, 1, 2, 1, 25, 3, 2, 1), (1, 3, 6, 1, 2, 1, 25, 3, 5, 1))  # then column, device
_PRINTER_MIB: Oid = (1, 3, 6, 1, 2, 1, 43)  # then table, entry, 1, column, device
_INTERFACES: Oid = (1, 3, 6, 1, 2, 1, 2)


def split(values: Mapping[Oid, Value]) -> list[Objects]:
    """The objects of each printer, the first with all that is not of another one; usually of the only one."""
    objects = Objects(values)
    devices = _printers(objects)
    if len(devices) < 2:
        return [objects]
    return [Objects(_of_device(values, device, devices[0])) for device in devices[:MAX_PRINTERS]]


def _printers(objects: Objects) -> list[int]:
    types = objects.column(oids.HR_DEVICE_TYPE)
    printers = [index[0] for index, value in types.items() if value.oid == oids.HR_DEVICE_PRINTER]
    if len(printers) < 2:
        return printers
    serials = {index[0]: identity.normal_serial(text) for index, text in objects.texts(oids.SERIAL_NUMBER).items()}
    supplied = {index[0] for index in objects.numbers(oids.SUPPLY_LEVEL) if len(index) > 1}
    own = [device for device in printers if device in supplied or serials.get(device)]
    said = [serials[device] for device in own if serials.get(device)]
    return own if len(set(said)) == len(said) else own[:1]


def _of_device(values: Mapping[Oid, Value], device: int, first: int) -> Mapping[Oid, Value]:
    return {oid: value for oid, value in values.items() if _is_of(oid, device, first)}


def _is_of(oid: Oid, device: int, first: int) -> bool:
    """Of no device, or of this one; network card and private objects are the server's, so the first printer's."""
    if any(oid[: len(base)] == base for base in _HR_ROWS) and len(oid) > 11:
        return oid[11] == device
    if oid[: len(_PRINTER_MIB)] == _PRINTER_MIB and len(oid) > 11:
        return oid[11] == device
    if oid[: len(_INTERFACES)] == _INTERFACES or oid[: len(oids.ENTERPRISES)] == oids.ENTERPRISES:
        return device == first
    return True
