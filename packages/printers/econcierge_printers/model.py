"""What a printer said, once: the reading and its parts.

Frozen dataclasses, units in names, raw integers beside what we made of them. The JSON form of each is
the public face "a reading" (format 1); `wire` writes and reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class LevelState(StrEnum):
    """What a level means; only `MEASURED` has a percentage (RFC 3805, prtMarkerSuppliesLevel)."""

    MEASURED = "measured"
    SOME_REMAINING = "some_remaining"  # -3
    UNKNOWN = "unknown"  # -2, or nothing to divide by
    UNRESTRICTED = "unrestricted"  # -1
    OVERDUE = "overdue"  # below -3: past its end, not a sentinel
    IMPLAUSIBLE = "implausible"  # above its capacity


class SupplyKind(StrEnum):
    TONER = "toner"
    INK = "ink"
    SOLID_INK = "solid_ink"
    DRUM = "drum"
    IMAGING_UNIT = "imaging_unit"
    DEVELOPER = "developer"
    FUSER = "fuser"
    TRANSFER_BELT = "transfer_belt"
    TRANSFER_ROLLER = "transfer_roller"
    BELT_CLEANER = "belt_cleaner"
    WASTE_CONTAINER = "waste_container"
    MAINTENANCE_KIT = "maintenance_kit"
    STAPLES = "staples"
    OTHER = "other"


class SupplyClass(StrEnum):
    """prtMarkerSuppliesClass: used up, or filled up (a receptacle: its level is the space left)."""

    CONSUMED = "consumed"
    FILLED = "filled"
    OTHER = "other"
    UNKNOWN = "unknown"


class PrinterState(StrEnum):
    IDLE = "idle"
    PRINTING = "printing"
    WARMING_UP = "warming_up"
    STOPPED = "stopped"
    SLEEPING = "sleeping"
    UNKNOWN = "unknown"


class AlertSeverity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a printer says it is; every part may be missing, the address is none of them."""

    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    hostname: str | None = None
    mac: str | None = None  # lower case, colons
    firmware: str | None = None
    sys_object_id: str | None = None
    sys_descr: str | None = None
    ieee1284: str | None = None
    uuid: str | None = None  # as RFC 9562 writes it, lower case; told over IPP and DNS-SD


@dataclass(frozen=True, slots=True)
class Status:
    state: PrinterState = PrinterState.UNKNOWN
    conditions: tuple[str, ...] = ()  # words of hrPrinterDetectedErrorState (RFC 2790), snake case
    console: tuple[str, ...] = ()  # lines of the panel, for people only


@dataclass(frozen=True, slots=True)
class Counters:
    """Life counts since the printer was made, in `unit` (prtMarkerCounterUnit)."""

    total: int | None = None
    unit: str = "unknown"  # impressions | sheets | unknown
    black: int | None = None
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """One row of the supplies table, keyed by its index, never by its place or its words."""

    index: str
    kind: SupplyKind
    colour: str | None
    supply_class: SupplyClass
    description: str
    part_number: str | None
    serial: str | None
    unit: str
    raw_capacity: int | None
    raw_level: int | None
    state: LevelState
    percent: float | None  # 0 to 100, one decimal; None unless measured; of a receptacle, the space left
    source: str = "printer-mib"
    panel: str | None = None  # what the device's own alert says of it: low, empty, near_full, full, missing
    disagrees: bool = False  # the panel and the level cannot both be right


@dataclass(frozen=True, slots=True)
class DeviceAlert:
    """A row of prtAlertTable that means something."""

    severity: AlertSeverity
    group: str
    supply_index: str | None
    code: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Tray:
    index: str
    name: str
    raw_capacity: int | None
    raw_level: int | None
    state: LevelState
    percent: float | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one printer said in one visit."""

    read_at: datetime  # UTC
    target: str  # where it was asked: host or host:port, or a file's name
    protocol: str  # snmp-1 | snmp-2c | snmp-3 | ipp | recording
    identity: Identity = field(default_factory=Identity)
    status: Status = field(default_factory=Status)
    counters: Counters = field(default_factory=Counters)
    supplies: tuple[Supply, ...] = ()
    alerts: tuple[DeviceAlert, ...] = ()
    trays: tuple[Tray, ...] = ()
