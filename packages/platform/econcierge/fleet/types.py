"""Who a printer is: what a reading claims, what is known, and how the two were joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID


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


DISCOVERY_METHODS = ("sweep", "mdns", "broadcast")


class Client(StrEnum):
    """Which half of the Supplies Assistant asks to be connected."""

    ASSISTANT = "assistant"
    DESKTOP = "desktop"


class PairingState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    COLLECTED = "collected"  # its token was given, which happens once


@dataclass(frozen=True, slots=True)
class Asked:
    """What a computer is given to wait with; the device code is known only to it."""

    device_code: str
    user_code: str  # eight letters, no dash


class PairingFailure(StrEnum):
    """Why a token is not given (RFC 8628 section 3.5, RFC 6749 section 5.2)."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    INVALID_GRANT = "invalid_grant"
    INVALID_CLIENT = "invalid_client"


class TokenFailure(StrEnum):
    """Why a token is refused: taken back (the computer was connected once), or never given."""

    REVOKED = "token_revoked"
    UNKNOWN = "token_unknown"


class RangeFault(StrEnum):
    UNREADABLE = "unreadable"
    TOO_MANY = "too_many"
    BACKWARDS = "backwards"


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """How the printers of a site are found and read. No ranges: the networks in which the computer stands.

    `deny`: addresses and MACs that are never asked. Version 0: nobody has changed anything yet.
    """

    version: int = 0
    ranges: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    interval_s: int = 900
    near_empty_interval_s: int = 300
    night_interval_s: int = 3600
    night_from: time = time(20, 0)
    night_to: time = time(6, 0)
    discover: bool = True
    discovery_at: time = time(3, 0)
    methods: tuple[str, ...] = DISCOVERY_METHODS
    heartbeat_h: int = 6


class CommandKind(StrEnum):
    READ = "read"
    DISCOVER = "discover"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a computer says of itself: reports that wait, printers read and silent, what is wrong, what was done."""

    version: str = ""
    host: str = ""
    waiting: int = 0
    oldest_waiting_at: datetime | None = None
    printers: int = 0
    silent: int = 0
    settings_version: int = 0
    problems: tuple[tuple[str, str], ...] = ()  # code, sentence
    done: tuple[UUID, ...] = ()


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
class Doubt:
    """A count that cannot follow the one before it, seen `times` in a row, from its first value to its last."""

    began_at: datetime
    first: int
    last: int
    unit: str
    times: int


@dataclass(frozen=True, slots=True)
class PageCount:
    """A life counter. `before` is what earlier epochs add, so that `before + total` never goes back (P20).

    `at` is when it was read; `epoch_began_at` only of the reading that starts a new epoch.
    """

    total: int | None
    unit: str
    before: int = 0
    at: datetime | None = None
    doubt: Doubt | None = None
    epoch_began_at: datetime | None = None

    @property
    def lifetime(self) -> int | None:
        return None if self.total is None else self.before + self.total
