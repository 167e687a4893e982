"""What a virtual printer is (`PrinterSpec`, never changes) and where it stands (`PrinterState`, plain data).

Levels and capacities are whole impressions; of a receptacle the level is the room left (RFC 3805, class 4).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class SupplyType(IntEnum):
    """prtMarkerSuppliesType (RFC 3805, PrtMarkerSuppliesTypeTC)."""

    TONER = 3
    WASTE_TONER = 4
    DRUM = 9


class Wear(StrEnum):
    """Which pages wear a supply."""

    EVERY_PAGE = "every_page"  # black toner too: it is in colour pages as well
    COLOUR = "colour"  # colour pages only


class Gauge(StrEnum):
    """How a device reports its levels."""

    MEASURED = "measured"
    SENTINEL = "sentinel"  # -3 "some remaining" until empty, capacity -2


@dataclass(frozen=True, slots=True)
class Part:
    """A cartridge that fits: its part number and how many impressions it holds."""

    part_number: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One row of the supplies table: the place that cartridges are put into."""

    index: str  # "<hrDeviceIndex>.<row>"
    type: SupplyType
    colour: str | None
    name: str  # in the panel's language
    wear: Wear
    parts: tuple[Part, ...]
    gauge: Gauge = Gauge.MEASURED
    step_points: int = 1
    low_points: int = 15  # "almost empty" alert from this percentage down
    unit: int = 7  # prtMarkerSuppliesSupplyUnit: 7 impressions, 19 percent
    bought_elsewhere: bool = False  # the office replaces it by itself, not from what was delivered

    @property
    def is_receptacle(self) -> bool:
        return self.type is SupplyType.WASTE_TONER

    def capacity_of(self, part_number: str) -> int | None:
        return next((part.capacity for part in self.parts if part.part_number == part_number), None)


@dataclass(frozen=True, slots=True)
class TraySpec:
    index: str
    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Habit:
    """How an office uses a printer. Hours are local to `time_zone`, `closes_h` exclusive; weekdays only."""

    pages_per_day: int
    colour_share: float = 0.0
    pages_per_job: int = 6
    opens_h: int = 8
    closes_h: int = 18
    time_zone: str = "America/Toronto"
    off_when_closed: bool = False  # switched off at night and at weekends: silent then


@dataclass(frozen=True, slots=True)
class PrinterSpec:
    """A printer as it left the factory and was put in its place."""

    id: str
    name: str
    customer: str
    site: str
    address: str  # loopback address that it answers on
    manufacturer: str
    model: str
    serial: str
    mac: str
    hostname: str
    location: str
    sys_descr: str
    sys_object_id: str
    language: str  # of its panel: "fr" or "en"
    slots: tuple[Slot, ...]
    trays: tuple[TraySpec, ...]
    habit: Habit
    seed: int
    pages_at_start: int
    description_form: str  # of a supply: with {name}, {part}, {serial}
    start_points: dict[str, int] = field(default_factory=dict)  # percent by slot index, 100 when absent
    community: str = "public"

    def slot(self, index: str) -> Slot:
        return next(slot for slot in self.slots if slot.index == index)


@dataclass(frozen=True, slots=True)
class Cartridge:
    """What is in a slot now."""

    index: str
    part_number: str
    serial: str
    capacity: int
    level: int


@dataclass(frozen=True, slots=True)
class TrayLevel:
    index: str
    level: int


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A row of prtAlertTable; `number` grows over the printer's life, `target` is the row it concerns."""

    number: int
    severity: int  # 3 critical, 4 warning
    group: int  # 8 input, 11 supplies
    code: int
    target: int
    text: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class PrinterState:
    """Everything that changes; `at` says up to which moment it has been lived."""

    at: datetime
    started_at: datetime
    pages_total: int
    pages_colour: int
    cartridges: tuple[Cartridge, ...]
    trays: tuple[TrayLevel, ...]
    alerts: tuple[AlertRow, ...] = ()
    next_alert: int = 1
    stopped: bool = False
    silenced: bool = False
    last_job_at: datetime | None = None

    def cartridge(self, index: str) -> Cartridge:
        return next(cartridge for cartridge in self.cartridges if cartridge.index == index)

    def to_json(self) -> dict[str, Any]:
        """Plain values; moments in ISO form."""
        facts = asdict(self)
        for key in ("at", "started_at", "last_job_at"):
            facts[key] = facts[key].isoformat() if facts[key] else None
        for alert in facts["alerts"]:
            alert["raised_at"] = alert["raised_at"].isoformat()
        return facts

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> PrinterState:
        """The reverse of `to_json`; `KeyError`, `TypeError` or `ValueError` when it is something else."""
        last_job_at = facts["last_job_at"]
        rows = {
            "cartridges": tuple(Cartridge(**row) for row in facts["cartridges"]),
            "trays": tuple(TrayLevel(**row) for row in facts["trays"]),
            "alerts": tuple(_alert(row) for row in facts["alerts"]),
            "at": datetime.fromisoformat(facts["at"]),
            "started_at": datetime.fromisoformat(facts["started_at"]),
            "last_job_at": datetime.fromisoformat(last_job_at) if last_job_at else None,
        }
        return cls(**{**facts, **rows})


def _alert(row: dict[str, Any]) -> AlertRow:
    return AlertRow(**{**row, "raised_at": datetime.fromisoformat(row["raised_at"])})
