"""Who the printer is and how it is: identity, status, counters."""

from __future__ import annotations

import re
from typing import TypeVar

from econcierge_printers import identity as identities
from econcierge_printers.limits import MAX_CONSOLE_LINES
from econcierge_printers.mib import names, oids
from econcierge_printers.mib.objects import Objects
from econcierge_printers.mib.vendors.base import Vendor
from econcierge_printers.model import Counters, Identity, PrinterState, Status
from econcierge_printers.snmp.values import Oid, format_oid

# RFC 2790 section 4, hrPrinterDetectedErrorState; bit 0 is the highest of the first octet
CONDITIONS = (
    "low_paper",
    "no_paper",
    "low_toner",
    "no_toner",
    "door_open",
    "jammed",
    "offline",
    "service_requested",
    "input_tray_missing",
    "output_tray_missing",
    "marker_supply_missing",
    "output_near_full",
    "output_full",
    "input_tray_empty",
    "overdue_prevent_maintenance",
)
T = TypeVar("T")
_IDLE, _PRINTING, _WARM_UP, _OTHER = 3, 4, 5, 1
_RUNNING, _WARNING, _DOWN = 2, 3, 5
_STATES = {
    _IDLE: PrinterState.IDLE,
    _PRINTING: PrinterState.PRINTING,
    _WARM_UP: PrinterState.WARMING_UP,
}
_ASLEEP = re.compile(
    r"sleep|deep sleep|power ?sav|energy ?sav|veille|mode veille|économie|énergie|ruhe|schlaf|energiespar|reposo|"
    r"ahorro|risparmio|sospensione|poupança|repouso|slaap|energiebesp|uśpien|tryb uśpienia|uyku|спящий|"
    r"睡眠|休眠|スリープ|節電",
    re.IGNORECASE,
)
_MADE_UP_BIT = 2  # locally administered (IEEE 802)
_COUNTER_UNITS = {7: "impressions", 8: "sheets"}


def identity(objects: Objects, vendor: Vendor) -> Identity:
    """The brand in the printer's own name goes before the maker of the engine or the network card."""
    descr = objects.text(oids.SYS_DESCR)
    name = _printer_row(objects, objects.texts(oids.HR_DEVICE_DESCR))
    ieee1284 = _first(objects, vendor.ieee1284) or _ieee1284_in(descr)
    fields = names.ieee1284_fields(ieee1284)
    maker = fields.get("MFG") or fields.get("MANUFACTURER")
    model = fields.get("MDL") or fields.get("MODEL")
    general = objects.first_text(oids.PRINTER_NAME)
    private = _first(objects, vendor.models)
    own_names = (name, model, private, general, None if ieee1284 == descr else descr)
    brands = (names.brand_in(text) for text in (name, maker, model, private, descr))
    models = (names.model_in(text) for text in own_names)
    return Identity(
        manufacturer=next((brand for brand in brands if brand), None) or maker or vendor.name or None,
        model=next((text for text in models if text), None),
        serial=_serial(objects, vendor, descr),
        hostname=objects.text(oids.SYS_NAME) or _first(objects, vendor.hostnames),
        mac=_mac(objects),
        firmware=names.version(_first(objects, vendor.firmwares)) or names.firmware_in(descr),
        sys_object_id=format_oid(objects.sys_object_id) if objects.sys_object_id else None,
        sys_descr=descr,
        ieee1284=ieee1284,
    )


def status(objects: Objects) -> Status:
    """State after the table of RFC 2790 section 4: "other" while running is stand-by, "down" is stopped."""
    printer = _printer_row(objects, objects.numbers(oids.HR_PRINTER_STATUS))
    device = _printer_row(objects, objects.numbers(oids.HR_DEVICE_STATUS))
    errors = _printer_row(objects, objects.octets(oids.HR_PRINTER_ERROR_STATE))
    console = [line for line in objects.console_texts(oids.CONSOLE_TEXT).values() if line]
    state = _state(printer, device)
    if state is PrinterState.IDLE and console and _ASLEEP.match(console[0]):
        state = PrinterState.SLEEPING
    return Status(
        state=state,
        conditions=_conditions(errors or b""),
        console=tuple(console[:MAX_CONSOLE_LINES]),
    )


def counters(objects: Objects) -> Counters:
    """The life count of the first marker; several markers count the same sheets."""
    counts = {index: n for index, n in objects.numbers(oids.MARKER_LIFE_COUNT).items() if n >= 0}
    if not counts:
        return Counters()
    first = min(counts)
    unit = objects.numbers(oids.MARKER_COUNTER_UNIT).get(first, 0)
    return Counters(total=counts[first], unit=_COUNTER_UNITS.get(unit, "unknown"))


def _state(printer: int | None, device: int | None) -> PrinterState:
    if device == _DOWN:
        return PrinterState.STOPPED
    if printer == _OTHER:
        return PrinterState.SLEEPING if device in (_RUNNING, _WARNING) else PrinterState.UNKNOWN
    return _STATES.get(printer or 0, PrinterState.UNKNOWN)


def _conditions(octets: bytes) -> tuple[str, ...]:
    bits = ((octet >> shift) & 1 for octet in octets[:2] for shift in range(7, -1, -1))
    return tuple(word for word, bit in zip(CONDITIONS, bits, strict=False) if bit)


def _printer_row(objects: Objects, column: dict[Oid, T]) -> T | None:
    """The row of the device that is a printer (hrDeviceType); the first where the device does not say."""
    for index, value in objects.column(oids.HR_DEVICE_TYPE).items():
        if value.oid == oids.HR_DEVICE_PRINTER and index in column:
            return column[index]
    return next(iter(column.values()), None)


def _serial(objects: Objects, vendor: Vendor, descr: str | None) -> str | None:
    """The first that is no placeholder, as the device writes it."""
    stated = [objects.first_text(oids.SERIAL_NUMBER), _first(objects, vendor.serials), names.serial_in(descr)]
    return next((serial for serial in stated if serial and identities.normal_serial(serial)), None)


def _mac(objects: Objects) -> str | None:
    """The first card's in the table, the same whichever is in use; made-up addresses (Wi-Fi Direct) last."""
    found = [mac for mac in map(identities.normal_mac, objects.octets(oids.IF_PHYS_ADDRESS).values()) if mac]
    of_a_maker = (mac for mac in found if not int(mac[:2], 16) & _MADE_UP_BIT)
    return next(of_a_maker, found[0] if found else None)


def _first(objects: Objects, instances: tuple[Oid, ...]) -> str | None:
    return next((text for text in map(objects.text, instances) if text), None)


def _ieee1284_in(descr: str | None) -> str | None:
    """Some devices (Pantum) give their IEEE 1284 id as sysDescr."""
    return descr if descr and "MDL:" in descr and ";" in descr else None
