"""What is told to people, and how a message to one of them fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message is about; each has its words in `templates/notifications/<kind>.html` and `.txt`."""

    SUPPLY_LOW = "supply_low"
    SUPPLY_ALMOST_EMPTY = "supply_almost_empty"
    DEALER_SUPPLY_EARLY = "dealer_supply_early"
    COLLEAGUE_ASKS = "colleague_asks"
    DAILY = "daily"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_SHIPPED = "order_shipped"
    ORDER_DELIVERED = "order_delivered"
    ORDER_PROBLEM = "order_problem"
    COVERAGE_ACTIVE = "coverage_active"
    COVERAGE_CHANGED = "coverage_changed"
    SERVICE_RECEIVED = "service_received"
    SERVICE_DISPATCHED = "service_dispatched"
    SERVICE_COMPLETED = "service_completed"
    SERVICE_ASSIGNED = "service_assigned"
    AUTO_ORDER_ANNOUNCED = "auto_order_announced"
    AUTO_ORDER_STOPPED = "auto_order_stopped"
    MONTHLY_REPORT = "monthly_report"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell some people. `key` makes it once for each of them; `context` holds plain JSON values."""

    kind: Kind
    user_ids: tuple[int, ...]
    key: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """The dealer that a customer's mail comes from (R36), as the mail names it."""

    name: str
    email: str
    phone: str = ""
    website: str = ""
    postal_address: str = ""
    accent: str = ""  # "#rrggbb" as the dealer gave it


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it goes out."""

    subject: str
    text: str
    html: str
    from_header: str
    to: str
    message_id: str
    reply_to: str = ""
    unsubscribe_url: str = ""  # takes one POST without a sign-in (RFC 8058)


@dataclass(frozen=True, slots=True)
class Headline:
    """Paths are below the public address, or whole addresses; "" for no button, and for no link beside it."""

    subject: str
    fact: str
    button: str = ""
    button_path: str = ""
    also: str = ""
    also_path: str = ""


class Outcome(StrEnum):
    """What the mail server made of a message. REFUSED: never; TRY_LATER: not now, or nobody knows.

    RETURNED: never, and there is no such address.
    """

    SENT = "sent"
    TRY_LATER = "try_later"
    REFUSED = "refused"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Lease:
    """Messages claimed by one job until a moment; nobody else sends them before that."""

    delivery_ids: tuple[int, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Habit:
    """How a person wants what can wait: `daily_at` None is at once; times are of `time_zone`."""

    time_zone: str
    daily_at: time | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a message goes out, and whether it waits for its reader's one mail a day."""

    at: datetime
    is_gathered: bool = False


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery status notification (RFC 3464) says of one message that did not arrive for good."""

    message_id: str
    recipient: str
    said: str
