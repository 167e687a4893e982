"""The messages between assistant and platform: a reading and a report of readings, format 1, as JSON objects.

Written by one side and checked by the other: types, enumerations, ranges (`limits`), text that a database can
store (no NUL, no lone surrogate), moments with a zone, each index once. Required are `format`, `read_at`,
`target`, `protocol`, `identity`, `supplies`, and in a supply `index`, `kind`, `class`, `state`; what else is
absent is unknown. Keys that we do not know are ignored, so that a newer assistant can talk to an older
platform; words that we do not know are errors. The first bad field raises `WireError` with its path, such as
`readings[3].supplies[0].percent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from econcierge_printers import limits
from econcierge_printers import wire_fields as fields
from econcierge_printers.model import (
    AlertSeverity,
    Counters,
    DeviceAlert,
    Identity,
    LevelState,
    PrinterState,
    Reading,
    Status,
    Supply,
    SupplyClass,
    SupplyKind,
    Tray,
)
from econcierge_printers.wire_fields import JsonObject, WireError

__all__ = ["FORMAT", "Report", "WireError", "reading_from_json", "reading_to_json"]
__all__ += ["report_from_json", "report_to_json"]

FORMAT = 1
Word = TypeVar("Word", bound=StrEnum)


def _words(members: type[Word]) -> dict[str, Word]:
    return {member.value: member for member in members}


_LEVEL_STATES = _words(LevelState)
_KINDS = _words(SupplyKind)
_CLASSES = _words(SupplyClass)
_PRINTER_STATES = _words(PrinterState)
_SEVERITIES = _words(AlertSeverity)
_PROTOCOLS = {word: word for word in ("snmp-1", "snmp-2c", "snmp-3", "ipp", "recording")}
_COUNTER_UNITS = {word: word for word in ("impressions", "sheets", "unknown")}
_NO_STATUS = Status()
_NO_COUNTERS = Counters()


@dataclass(frozen=True, slots=True)
class Report:
    """What an assistant delivers at once; the platform ignores a `message_id` that it already has."""

    message_id: UUID
    sent_at: datetime  # UTC
    readings: tuple[Reading, ...]


def report_to_json(report: Report) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "message_id": str(report.message_id),
        "sent_at": _iso(report.sent_at),
        "readings": [reading_to_json(reading) for reading in report.readings],
    }


def report_from_json(obj: object) -> Report:
    """Raises `WireError`, whatever the object is."""
    report = _formatted(obj)
    fields.required(report, "readings")
    return Report(
        message_id=_message_id(report),
        sent_at=fields.moment(report, "sent_at"),
        readings=fields.parts(report, "readings", reading_from_json, limits.MAX_READINGS_PER_REPORT),
    )


def reading_to_json(reading: Reading) -> dict[str, Any]:
    status, counters = reading.status, reading.counters
    return {
        "format": FORMAT,
        "read_at": _iso(reading.read_at),
        "target": reading.target,
        "protocol": reading.protocol,
        "identity": {name: getattr(reading.identity, name) for name in Identity.__slots__},
        "status": {
            "state": status.state.value,
            "conditions": list(status.conditions),
            "console": list(status.console),
        },
        "counters": {name: getattr(counters, name) for name in Counters.__slots__},
        "supplies": [_supply_to_json(supply) for supply in reading.supplies],
        "alerts": [_alert_to_json(alert) for alert in reading.alerts],
        "trays": [_tray_to_json(tray) for tray in reading.trays],
    }


def reading_from_json(obj: object) -> Reading:
    """Raises `WireError`, whatever the object is."""
    reading = _formatted(obj)
    fields.required(reading, "supplies")
    return Reading(
        read_at=fields.moment(reading, "read_at"),
        target=fields.text(reading, "target"),
        protocol=fields.choice(reading, "protocol", _PROTOCOLS),
        identity=fields.part(reading, "identity", _identity),
        status=fields.part(reading, "status", _status, _NO_STATUS),
        counters=fields.part(reading, "counters", _counters, _NO_COUNTERS),
        supplies=_once("supplies", fields.parts(reading, "supplies", _supply, limits.MAX_SUPPLIES)),
        alerts=fields.parts(reading, "alerts", _alert, limits.MAX_ALERTS),
        trays=_once("trays", fields.parts(reading, "trays", _tray, limits.MAX_TRAYS)),
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _supply_to_json(supply: Supply) -> dict[str, Any]:
    return {
        "index": supply.index,
        "kind": supply.kind.value,
        "colour": supply.colour,
        "class": supply.supply_class.value,
        "description": supply.description,
        "part_number": supply.part_number,
        "serial": supply.serial,
        "unit": supply.unit,
        "raw_capacity": supply.raw_capacity,
        "raw_level": supply.raw_level,
        "state": supply.state.value,
        "percent": supply.percent,
        "source": supply.source,
        "panel": supply.panel,
        "disagrees": supply.disagrees,
    }


def _alert_to_json(alert: DeviceAlert) -> dict[str, Any]:
    return {
        "severity": alert.severity.value,
        "group": alert.group,
        "supply_index": alert.supply_index,
        "code": alert.code,
        "text": alert.text,
    }


def _tray_to_json(tray: Tray) -> dict[str, Any]:
    return {
        "index": tray.index,
        "name": tray.name,
        "raw_capacity": tray.raw_capacity,
        "raw_level": tray.raw_level,
        "state": tray.state.value,
        "percent": tray.percent,
    }


def _formatted(obj: object) -> JsonObject:
    message = fields.mapping(obj)
    number = fields.required(message, "format")
    if type(number) is not int or number != FORMAT:
        raise WireError("format", f"is not {FORMAT}")
    return message


def _message_id(report: JsonObject) -> UUID:
    text = fields.text(report, "message_id")
    try:
        return UUID(text)
    except ValueError:
        raise WireError("message_id", "is not a UUID") from None


def _identity(obj: JsonObject) -> Identity:
    return Identity(*(fields.optional_text(obj, name) for name in Identity.__slots__))


def _status(obj: JsonObject) -> Status:
    return Status(
        state=fields.choice(obj, "state", _PRINTER_STATES, PrinterState.UNKNOWN),
        conditions=fields.texts(obj, "conditions", limits.MAX_CONDITIONS, fields.checked_word),
        console=fields.texts(obj, "console", limits.MAX_CONSOLE_LINES),
    )


def _counters(obj: JsonObject) -> Counters:
    return Counters(
        total=fields.optional_count(obj, "total"),
        unit=fields.choice(obj, "unit", _COUNTER_UNITS, "unknown"),
        black=fields.optional_count(obj, "black"),
        colour=fields.optional_count(obj, "colour"),
    )


def _supply(obj: JsonObject) -> Supply:
    state = fields.choice(obj, "state", _LEVEL_STATES)
    return Supply(
        index=fields.word(obj, "index"),
        kind=fields.choice(obj, "kind", _KINDS),
        colour=fields.optional_word(obj, "colour"),
        supply_class=fields.choice(obj, "class", _CLASSES),
        description=fields.text(obj, "description", ""),
        part_number=fields.optional_text(obj, "part_number"),
        serial=fields.optional_text(obj, "serial"),
        unit=fields.word(obj, "unit", "unknown"),
        raw_capacity=fields.optional_int(obj, "raw_capacity"),
        raw_level=fields.optional_int(obj, "raw_level"),
        state=state,
        percent=_percent(obj, state),
        source=fields.word(obj, "source", "printer-mib"),
        panel=fields.optional_word(obj, "panel"),
        disagrees=obj.get("disagrees") is True,
    )


def _alert(obj: JsonObject) -> DeviceAlert:
    return DeviceAlert(
        severity=fields.choice(obj, "severity", _SEVERITIES),
        group=fields.word(obj, "group"),
        supply_index=fields.optional_word(obj, "supply_index"),
        code=fields.optional_int(obj, "code"),
        text=fields.text(obj, "text", ""),
    )


def _tray(obj: JsonObject) -> Tray:
    state = fields.choice(obj, "state", _LEVEL_STATES)
    return Tray(
        index=fields.word(obj, "index"),
        name=fields.text(obj, "name", ""),
        raw_capacity=fields.optional_int(obj, "raw_capacity"),
        raw_level=fields.optional_int(obj, "raw_level"),
        state=state,
        percent=_percent(obj, state),
    )


def _percent(obj: JsonObject, state: LevelState) -> float | None:
    """Present exactly if the level was measured, 0 to 100."""
    value = obj.get("percent")
    if state is not LevelState.MEASURED:
        if value is not None:
            raise WireError("percent", f"is given although the state is {state.value}")
        return None
    if type(value) is not int and type(value) is not float:
        raise WireError("percent", "is not a number although the state is measured")
    if not 0 <= value <= 100:
        raise WireError("percent", "is not within 0 to 100")
    return float(value)


Row = TypeVar("Row", Supply, Tray)


def _once(name: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows are kept under their index, so none may come twice."""
    seen: set[str] = set()
    for at, row in enumerate(rows):
        if row.index in seen:
            raise WireError(f"{name}[{at}].index", "is there twice")
        seen.add(row.index)
    return rows
