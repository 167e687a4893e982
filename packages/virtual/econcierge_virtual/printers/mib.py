"""A living printer as the objects that it answers with: MIB-II, Host Resources, Printer-MIB.

Columns after RFC 3805 (Printer MIB v2), RFC 2790 (Host Resources) and RFC 1213; sparse as on real devices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from econcierge_printers.snmp import values
from econcierge_printers.snmp.values import Oid, Value
from econcierge_virtual.printers import living, wording
from econcierge_virtual.printers.spec import PrinterSpec, PrinterState, SupplyType

Table = Mapping[Oid, Value]

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
INTERFACE: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
HOST: Oid = (1, 3, 6, 1, 2, 1, 25, 3)
PRINTER: Oid = (1, 3, 6, 1, 2, 1, 43)
DEVICE_TYPE_PRINTER = "1.3.6.1.2.1.25.3.1.5"
CLASS_CONSUMED, CLASS_FILLED = 3, 4
LANGUAGE_COUNTRY = {"fr": ("fr", "CA"), "en": ("en", "CA")}
UTF_8 = 106  # IANACharset
# bits of hrPrinterDetectedErrorState, first octet (RFC 2790 section 4)
LOW_PAPER, LOW_TONER, NO_TONER, SERVICE_REQUESTED = 0x80, 0x20, 0x10, 0x01
ALREADY_UP_TICKS = 8_640_000  # a day: the printer was on before the story began

Row = tuple[Oid, Value]


def table(spec: PrinterSpec, state: PrinterState) -> dict[Oid, Value]:
    """Every object in order of its identifier."""
    parts = (_system, _interface, _host, _general, _localization, _cover, _input, _marker)
    more = (_supplies, _colorants, _console, _alerts)
    return dict(sorted(row for part in (*parts, *more) for row in part(spec, state)))


def _text(text: str) -> Value:
    return values.octet_string(text)


def _system(spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    yield (*SYSTEM, 1, 0), _text(spec.sys_descr)
    yield (*SYSTEM, 2, 0), values.object_identifier(spec.sys_object_id)
    yield (*SYSTEM, 3, 0), values.time_ticks(_ticks(state.started_at, state.at))
    yield (*SYSTEM, 4, 0), _text("")
    yield (*SYSTEM, 5, 0), _text(spec.hostname)
    yield (*SYSTEM, 6, 0), _text(spec.location)
    yield (*SYSTEM, 7, 0), values.integer(72)


def _interface(spec: PrinterSpec, _state: PrinterState) -> Iterator[Row]:
    yield (*INTERFACE, 1, 1), values.integer(1)
    yield (*INTERFACE, 2, 1), _text("Ethernet")
    yield (*INTERFACE, 3, 1), values.integer(6)
    yield (*INTERFACE, 6, 1), values.octet_string(bytes.fromhex(spec.mac.replace(":", "")))


def _host(spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    device_status = 5 if state.stopped else 3 if state.alerts else 2
    printer_status = 1 if state.stopped else 4 if living.is_printing(state) else 3
    yield (*HOST, 2, 1, 1, 1), values.integer(1)
    yield (*HOST, 2, 1, 2, 1), values.object_identifier(DEVICE_TYPE_PRINTER)
    yield (*HOST, 2, 1, 3, 1), _text(_device_name(spec))
    yield (*HOST, 2, 1, 5, 1), values.integer(device_status)
    yield (*HOST, 5, 1, 1, 1), values.integer(printer_status)
    yield (*HOST, 5, 1, 2, 1), values.octet_string(_error_state(spec, state))


def _device_name(spec: PrinterSpec) -> str:
    has_maker = spec.model.startswith(spec.manufacturer)
    return spec.model if has_maker else f"{spec.manufacturer} {spec.model}"


def _error_state(spec: PrinterSpec, state: PrinterState) -> bytes:
    codes = {alert.code for alert in state.alerts}
    bits = LOW_PAPER if living.TRAY_LOW in codes else 0
    bits |= LOW_TONER if 1104 in codes else 0
    bits |= NO_TONER if 1101 in codes else 0
    bits |= SERVICE_REQUESTED if codes & {1109, 1112} else 0
    return bytes([bits, 0]) if spec.manufacturer == "Xerox" else bytes([bits])


def _general(spec: PrinterSpec, _state: PrinterState) -> Iterator[Row]:
    general = (*PRINTER, 5, 1, 1)
    yield (*general, 1, 1), values.counter32(1)
    yield (*general, 2, 1), values.integer(1)
    yield (*general, 10, 1), values.integer(1)
    yield (*general, 16, 1), _text(spec.name)
    yield (*general, 17, 1), _text(spec.serial)


def _localization(spec: PrinterSpec, _state: PrinterState) -> Iterator[Row]:
    language, country = LANGUAGE_COUNTRY[spec.language]
    yield (*PRINTER, 7, 1, 1, 2, 1, 1), _text(language)
    yield (*PRINTER, 7, 1, 1, 3, 1, 1), _text(country)
    yield (*PRINTER, 7, 1, 1, 4, 1, 1), values.integer(UTF_8)


def _cover(_spec: PrinterSpec, _state: PrinterState) -> Iterator[Row]:
    yield (*PRINTER, 6, 1, 1, 3, 1, 1), values.integer(4)  # coverClosed


def _input(spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    column = (*PRINTER, 8, 2, 1)
    for tray, level in zip(spec.trays, state.trays, strict=True):
        index = _index(tray.index)
        yield (*column, 2, *index), values.integer(3)  # sheetFeedAutoRemovableTray
        yield (*column, 8, *index), values.integer(8)  # sheets
        yield (*column, 9, *index), values.integer(tray.capacity)
        yield (*column, 10, *index), values.integer(level.level)
        yield (*column, 13, *index), _text(tray.name)
        yield (*column, 18, *index), _text(tray.name)


def _marker(_spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    column = (*PRINTER, 10, 2, 1)
    yield (*column, 2, 1, 1), values.integer(4)  # electrophotographicLaser
    yield (*column, 3, 1, 1), values.integer(7)  # impressions
    yield (*column, 4, 1, 1), values.counter32(state.pages_total)
    yield (*column, 15, 1, 1), values.integer(5 if state.stopped else 0)


def _supplies(spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    column = (*PRINTER, 11, 1, 1)
    colorants = _colorant_numbers(spec)
    for slot in spec.slots:
        index, row = _index(slot.index), state.cartridge(slot.index)
        capacity, level = living.reported_level(slot, row)
        name = spec.description_form.format(name=slot.name, part=row.part_number, serial=row.serial)
        is_filled = slot.type is SupplyType.WASTE_TONER
        yield (*column, 2, *index), values.integer(1)
        yield (*column, 3, *index), values.integer(colorants.get(slot.colour or "", 0))
        yield (*column, 4, *index), values.integer(CLASS_FILLED if is_filled else CLASS_CONSUMED)
        yield (*column, 5, *index), values.integer(int(slot.type))
        yield (*column, 6, *index), _text(name)
        yield (*column, 7, *index), values.integer(slot.unit)
        yield (*column, 8, *index), values.integer(capacity)
        yield (*column, 9, *index), values.integer(level)


def _colorant_numbers(spec: PrinterSpec) -> dict[str, int]:
    colours = dict.fromkeys(slot.colour for slot in spec.slots if slot.colour)
    return {colour: number for number, colour in enumerate(colours, start=1)}


def _colorants(spec: PrinterSpec, _state: PrinterState) -> Iterator[Row]:
    column = (*PRINTER, 12, 1, 1)
    for colour, number in _colorant_numbers(spec).items():
        yield (*column, 2, 1, number), values.integer(1)
        yield (*column, 3, 1, number), values.integer(3)  # process
        yield (*column, 4, 1, number), _text(colour)


def _console(spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    key = "stopped" if state.stopped else "printing" if living.is_printing(state) else "ready"
    first = state.alerts[0].text if state.alerts else ""
    for number, line in enumerate((wording.CONSOLE[spec.language][key], first), start=1):
        yield (*PRINTER, 16, 5, 1, 2, 1, number), _text(line)


def _alerts(_spec: PrinterSpec, state: PrinterState) -> Iterator[Row]:
    column = (*PRINTER, 18, 1, 1)
    for alert in state.alerts:
        index = (1, alert.number)
        yield (*column, 2, *index), values.integer(alert.severity)
        yield (*column, 3, *index), values.integer(4)  # untrained operator can help
        yield (*column, 4, *index), values.integer(alert.group)
        yield (*column, 5, *index), values.integer(alert.target)
        yield (*column, 7, *index), values.integer(alert.code)
        yield (*column, 8, *index), _text(alert.text)
        yield (*column, 9, *index), values.time_ticks(_ticks(state.started_at, alert.raised_at))


def _ticks(since: datetime, at: datetime) -> int:
    """sysUpTime in hundredths of a second; it wraps at 32 bits, as the real one does."""
    return (int((at - since).total_seconds() * 100) + ALREADY_UP_TICKS) % 2**32


def _index(text: str) -> Oid:
    return values.parse_oid(text)
