"""A purchase order, a distributor's answer about it, and the changes that the answer makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from econcierge.core.errors import Conflict


class PurchaseOrderState(StrEnum):
    """UNKNOWN: a request may have been taken; it is asked about and never sent again blindly."""

    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"


class PurchaseOrderLineState(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    BACK_ORDERED = "back_ordered"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class ShippedTooMany(Conflict):
    """A distributor says that it shipped more of a line than was ordered; nothing of the answer is taken."""

    code = "shipped_too_many"

    def __init__(self, *, number: str, line: int, ordered: int, shipped: int) -> None:
        super().__init__(f"{number} line {line}: {shipped} shipped of {ordered} ordered", fields=("shipments",))
        self.line = line
        self.ordered = ordered
        self.shipped = shipped


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a purchase order as we know it."""

    line: int
    part_number: str
    quantity: int
    state: PurchaseOrderLineState = PurchaseOrderLineState.SENT
    expected_ship_on: date | None = None


@dataclass(frozen=True, slots=True)
class ShippedLine:
    line: int
    quantity: int
    part_number: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel; the distributor's own id makes its notice once."""

    their_id: str
    carrier: str
    tracking_number: str
    shipped_at: datetime
    lines: tuple[ShippedLine, ...]
    tracking_url: str = ""
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    number: str
    state: PurchaseOrderState
    lines: tuple[Line, ...]
    their_number: str = ""
    shipments: tuple[Shipment, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """What the distributor says of a line before it ships: accepted, back-ordered, refused or cancelled."""

    line: int
    part_number: str
    state: PurchaseOrderLineState
    expected_ship_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of one purchase order; lists are what the distributor tells so far, not only what is new."""

    number: str
    their_number: str = ""
    lines: tuple[AnsweredLine, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NumberLearned:
    their_number: str


@dataclass(frozen=True, slots=True)
class LineChanged:
    line: int
    state: PurchaseOrderLineState
    expected_ship_on: date | None


@dataclass(frozen=True, slots=True)
class ShipmentSeen:
    """A new parcel, with only those of its lines that are ours."""

    shipment: Shipment


@dataclass(frozen=True, slots=True)
class ShipmentDelivered:
    their_id: str
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class StateChanged:
    state: PurchaseOrderState


Change = NumberLearned | LineChanged | ShipmentSeen | ShipmentDelivered | StateChanged


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """A line that the distributor names and we did not order (or under another part); the rest goes on (P33)."""

    line: int
    part_number: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    changes: tuple[Change, ...]
    unknown_lines: tuple[UnknownLine, ...]


@dataclass(frozen=True, slots=True)
class AfterFailure:
    """Where a purchase order stands after a failed request; `next_attempt_at` None: a person has to look."""

    state: PurchaseOrderState
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a distributor's system is; the secret stands in the environment variable named."""

    kind: str
    base_url: str
    secret_variable: str


@dataclass(frozen=True, slots=True)
class Request:
    """A purchase order as it is sent: the same number always has the same content."""

    number: str
    account_number: str
    placed_at: datetime
    ship_to: dict[str, str]
    delivery: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A part at a distributor: how many it holds, its price to the dealer in minor units, days until it ships."""

    part_number: str
    quantity: int
    cost_minor: int
    currency: str
    lead_days: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A purchase order that one job has leased: ask first whether it arrived, or send it at once."""

    purchase_order_id: int
    leased_until: datetime
    ask_first: bool
    endpoint: Endpoint
    request: Request
