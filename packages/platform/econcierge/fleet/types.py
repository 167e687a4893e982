"""Who a printer is: what a reading claims, what is known, and how the two were joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MatchedBy(StrEnum):
    """The key that joined a reading with a printer, the strongest first; an address is none of them."""

    SERIAL = "serial"
    MAC = "mac"
    MODEL_AND_HOSTNAME = "model_and_hostname"


class Refusal(StrEnum):
    """Why one reading of a report was not used; kept with the report, where a person can see it."""

    FROM_THE_FUTURE = "from_the_future"
    TOO_OLD = "too_old"
    NO_IDENTITY = "no_identity"
    AMBIGUOUS_IDENTITY = "ambiguous_identity"
    PRINTER_RETIRED = "printer_retired"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one reading says of its printer's identity, normalised; empty text where it says nothing usable.

    `said_serial` is the serial's key even where it is disputed, so that a person may look into it.
    """

    read_at: datetime
    target: str
    serial_key: str = ""
    mac: str = ""
    model_key: str = ""
    hostname_key: str = ""
    said_serial: str = ""


@dataclass(frozen=True, slots=True)
class KnownPrinter:
    """A printer of the customer as the rules see it. A disputed serial is said (`said_serial`) but is no key."""

    printer_id: int
    serial_key: str = ""
    mac: str = ""
    model_key: str = ""
    hostname_key: str = ""
    said_serial: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """`printer_id` None: nobody we know; a new printer, unless `refusal` says why it cannot be one."""

    printer_id: int | None
    by: MatchedBy | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A batch joined with printers: a match a claim, the printers' keys afterwards, and whether any key is new."""

    matches: tuple[Match, ...]
    printers: dict[int, KnownPrinter]
    learned: bool


@dataclass(frozen=True, slots=True)
class PageCount:
    """A life counter. `before` is what earlier epochs add, so that `before + total` never goes back (P20)."""

    total: int | None
    unit: str
    before: int = 0

    @property
    def lifetime(self) -> int | None:
        return None if self.total is None else self.before + self.total
