"""What a slot said, what is remembered of it, and what a reading changes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from econcierge_printers.model import LevelState


class CartridgeEvidence(StrEnum):
    """Why we say that another cartridge is in a slot."""

    FIRST = "first"
    SERIAL = "serial"
    PART = "part"
    ALERT = "alert"
    LEVEL_RISE = "level_rise"
    PAGES = "pages"


class CartridgeKind(StrEnum):
    """FIRST: nothing was known of the slot; REINSERTED: it was in this slot before; MOVED_IN: in another of ours."""

    FIRST = "first"
    REPLACED = "replaced"
    REINSERTED = "reinserted"
    MOVED_IN = "moved_in"


class Age(StrEnum):
    """How far a level can be trusted by its age alone."""

    CURRENT = "current"
    STALE = "stale"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class SlotReading:
    """One row of a reading: what a slot says at a moment (UTC). `percent` only where measured."""

    at: datetime
    state: LevelState
    percent: float | None = None
    raw_level: int | None = None
    raw_capacity: int | None = None
    serial: str | None = None
    part_number: str | None = None
    pages: int | None = None  # over all epochs of the counter
    counter_in_doubt: bool = False  # it says another page count than it can have: it starts, or is being repaired
    panel: str | None = None  # what the device's own alert says of it: low, empty, missing ...


@dataclass(frozen=True, slots=True)
class Departure:
    """Levels that left their course, up or down, and wait for more of their kind: `count` readings so far.

    `from_percent` is the course they left; `levels` the first of them and `level` their median, which one wild reading
    among them does not move; `missed` counts readings in a row that were back on the course.
    """

    began_at: datetime
    from_percent: float
    levels: tuple[float, ...]
    level: float
    count: int
    missed: int = 0
    course_at: datetime | None = None  # when the course was last seen
    pages: int | None = None  # at the first of them
    course_pages: int | None = None  # when the course was last seen
    leap: float | None = None  # one reading far above the others, at `leap_at`: wild, or the beginning of another rise
    leap_at: datetime | None = None
    reach: tuple[float, ...] = ()  # the first levels, and what was used of each since it began
    is_same_serial: bool = False  # the cartridge that was there before says so: it cannot be another one's beginning


@dataclass(frozen=True, slots=True)
class Course:
    """What a slot's level has been doing, as little as is needed to tell a rise that lasts from noise.

    `recent`: the last measured percentages that belong together, newest last. `fell_from`: the level before a sudden
    fall that lasted, to which a cartridge may come back, with `fell_at` and `fell_pages`. `agreeing`: readings that
    agreed since the cartridge came, counted up to two. `anchor`: a percentage and a page count early in this
    cartridge's life; `pages_a_point` is learnt from there, and kept from one cartridge to the next. `numbers` counts
    readings in a row that had one; `some_left`, `low` and `left` the readings of a gauge without: those that ever said
    "some left", and in a row those that said it is low (`low_pages` when it began), and no longer.
    """

    recent: tuple[float, ...] = ()
    measured_at: datetime | None = None
    pages: int | None = None
    departure: Departure | None = None
    fell_from: float | None = None
    fell_at: datetime | None = None
    fell_pages: int | None = None
    agreeing: int = 0
    anchor: tuple[float, int] | None = None
    pages_a_point: float | None = None
    numbers: int = 0
    some_left: int = 0
    low: int = 0
    low_pages: int | None = None
    low_until_pages: int | None = None
    low_again: int = 0  # so many that it is low, while "some left" waits to be believed
    left: int = 0
    left_since: datetime | None = None
    top: float | None = None  # the most this cartridge said, at `top_at`; days a point are learnt from there
    top_at: datetime | None = None
    points_a_day: float | None = None  # of the cartridge before
    interval_hours: float | None = None  # usual, between two levels
    off_grid: int = 0  # readings in a row between two steps of the gauge
    glimpse_at: datetime | None = None  # a nearly full one was seen once or twice, and then no more
    glimpse_percent: float | None = None
    glimpse_pages: int | None = None
    claimed_serial: str | None = None  # another serial beside a level that did not change; the next reading decides
    claimed_part: str | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlotMemory:
    """What is stored of a slot: what it last said, its cartridge, and the course of its level.

    `percent` and `measured_at` are of the last measured level, however long ago; `gauge_step` is in points.
    """

    read_at: datetime
    state: LevelState
    percent: float | None = None
    measured_at: datetime | None = None
    raw_level: int | None = None
    raw_capacity: int | None = None
    serial: str | None = None
    part_number: str | None = None
    course: Course = Course()
    gauge_step: float | None = None
    earlier_serials: frozenset[str] = frozenset()
    serials_elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A cartridge that came: `at` is when it was first seen, `end_percent` what was left of the one before.

    `end_measured_at` is when that was measured, None where nobody can say.
    """

    at: datetime
    kind: CartridgeKind
    evidence: CartridgeEvidence
    end_percent: float | None
    start_percent: float | None
    confidence: float = 1.0
    end_measured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlotChange:
    """What one reading does to a slot. `is_news`: a row of history; `cartridge` None: the same one stays."""

    memory: SlotMemory
    is_news: bool
    cartridge: Replacement | None


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot as pages show it. `percent` only where it is measured now; `last_percent` is the last one measured.

    `step` is the gauge's, in points, None while unknown; `low_percent` the mark that applies; `episode` "" | "low" |
    "almost_empty", the further of those that are open.
    """

    slot_id: int
    printer_id: int
    index: str
    kind: str
    colour: str
    supply_class: str
    description: str
    state: str
    percent: float | None
    last_percent: float | None
    step: float | None
    measured_at: datetime | None
    read_at: datetime
    changed_at: datetime
    part_number: str
    cartridge_serial: str
    installed_at: datetime | None
    episode: str
    low_percent: float
    panel: str = ""  # what the device's own alert says of it: low, empty, near_full, full, missing
    panel_disagrees: bool = False


@dataclass(frozen=True, slots=True)
class RefusedReading:
    """A printer that a computer asked and whose readings were not used, for one reason: when last, and how often."""

    assistant_id: int
    target: str
    reason: str  # econcierge.fleet.types.Refusal
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """A row of a slot's history: what it said from `at` until the next row. `pages` never goes back."""

    at: datetime
    state: str
    percent: float | None
    pages: int | None
    cartridge_id: int | None


@dataclass(frozen=True, slots=True)
class ReplacementSeen:
    """A cartridge that came into a slot after another one."""

    at: datetime
    slot_id: int
    kind: str
    colour: str
    came: CartridgeKind
    evidence: CartridgeEvidence
    part_number: str
    serial: str
    end_percent: float | None
    start_percent: float | None


@dataclass(frozen=True, slots=True)
class CartridgeLife:
    """One cartridge's stay in a slot, told whole. `left_at` None: it is there now.

    `percent_when_left` is the last that was measured; beside another `state_when_left` than measured it is older than
    three days. `pages` printed in its stay, None while the
    counter is not known. `left_because` is the kind of the cartridge that came after it.
    """

    cartridge_id: int
    slot_id: int
    printer_id: int
    site_id: int
    customer_id: int
    supply_kind: str
    colour: str
    supply_class: str
    sequence: int
    kind: CartridgeKind
    evidence: CartridgeEvidence
    confidence: float
    part_number: str
    serial: str
    came_at: datetime
    left_at: datetime | None
    start_percent: float | None
    percent_when_left: float | None
    state_when_left: str
    left_because: CartridgeKind | None
    pages: int | None


@dataclass(frozen=True, slots=True)
class Spare:
    """Cartridges of one part on a site's shelf: counted by a person, less those of it that came into printers since."""

    customer_id: int
    site_id: int
    part_id: int
    part_number: str
    kind: str
    colour: str
    counted: int
    used_since: int
    counted_at: datetime

    @property
    def quantity(self) -> int:
        return max(self.counted - self.used_since, 0)
