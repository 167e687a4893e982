"""Thresholds of a supply's life, the episodes they open, and people who may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from econcierge.accounts.types import Role
from econcierge_printers.model import LevelState, SupplyClass, SupplyKind


class Threshold(StrEnum):
    """The two marks of a cartridge's life; each is told once (R13). EARLY is the dealer's own, before both."""

    LOW = "low"
    ALMOST_EMPTY = "almost_empty"
    EARLY = "early"


class Because(StrEnum):
    """Who says that a mark is reached. PASSED: the level fell past it to the next one, nobody is told."""

    DEVICE = "device"
    MODEL = "model"
    PROGRAMME = "programme"
    CUSTOMER = "customer"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class ThresholdPair:
    """Marks in percent left; reached at the mark or below it."""

    low_percent: float
    almost_empty_percent: float


@dataclass(frozen=True, slots=True)
class CustomerMark:
    """A customer's wish for a place: a site, a printer, a kind of supply; None or "" for every one of them."""

    site_id: int | None = None
    printer_id: int | None = None
    kind: str = ""
    low_percent: float | None = None
    almost_empty_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a customer and its dealer want earlier. `early_points` None: the dealer wants no mail of its own."""

    marks: tuple[CustomerMark, ...] = ()
    early_points: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    percent: float
    because: Because


@dataclass(frozen=True, slots=True)
class Thresholds:
    low: Mark
    almost_empty: Mark
    early_points: float | None = None

    def mark(self, threshold: Threshold) -> Mark:
        if threshold is Threshold.EARLY:
            return Mark(self.low.percent + (self.early_points or 0.0), self.low.because)
        return self.low if threshold is Threshold.LOW else self.almost_empty


@dataclass(frozen=True, slots=True)
class SlotLevel:
    """A slot as the rules see it; `device_says` is what the device's own alerts say of it.

    `percent` is the last one measured; it may be compared only where `state` is measured. `is_repeated`: the last
    two readings said the same.
    """

    kind: SupplyKind
    supply_class: SupplyClass
    state: LevelState
    percent: float | None
    device_says: Threshold | None = None
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """An episode that the present cartridge already had; at most one a threshold."""

    threshold: Threshold
    is_open: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """An episode to write; people are told only where `is_told`, the others are written closed."""

    threshold: Threshold
    because: Because
    percent: float | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class EpisodeChanges:
    """`disagrees`: the device calls it low while its gauge does not, and that is said too (P10)."""

    opened: tuple[Opened, ...]
    closed: tuple[Threshold, ...]
    disagrees: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the customer, without the sites that they muted; `wanted` None means that they chose nothing."""

    user_id: int
    address: str
    language: str
    role: Role
    muted_site_ids: frozenset[int] = frozenset()
    wanted: bool | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Recipient:
    user_id: int
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class SlotNow:
    """A slot after a batch of readings, with its present cartridge and the marks that apply."""

    slot_id: int
    cartridge_id: int
    cartridge_serial: str
    level: SlotLevel
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class ToTell:
    """An episode that people have to hear of."""

    slot_id: int
    episode_id: int
    opened: Opened
    threshold_percent: float
    disagrees: bool


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """An open episode as pages show it; `because` says who called it."""

    episode_id: int
    customer_id: int
    site_id: int
    printer_id: int
    printer: str
    place: str
    slot_id: int
    kind: str
    colour: str
    threshold: Threshold
    because: Because
    percent: float | None
    opened_at: datetime
    model_id: int | None = None


class Action(StrEnum):
    """What somebody can do from a mail; each link is good for one of them."""

    ORDER = "order"
    ALREADY_ORDERED = "already_ordered"
    LATER = "later"
    NOT_OURS = "not_ours"


class Telling(StrEnum):
    """TELL now; WAIT, because what is there already will do as long as it does not fail."""

    TELL = "tell"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Relief:
    """What is there for an episode already and can be relied on: until when, and whether somebody only said so."""

    until: date
    is_declared: bool = False
