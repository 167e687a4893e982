"""What the window shows, as frozen dataclasses: percentages 0 to 100, money in minor units, moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Worst(StrEnum):
    """How a printer, or all of them, are; the order is by urgency (`worst.URGENCY`)."""

    FINE = "fine"
    ATTENTION = "attention"
    LOW = "low"
    ALMOST_EMPTY = "almost_empty"
    EMPTY = "empty"
    SILENT = "silent"


class Age(StrEnum):
    CURRENT = "current"
    STALE = "stale"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Money:
    amount_minor: int
    currency: str
    text: str  # as the reader's language writes it


@dataclass(frozen=True, slots=True)
class Forecast:
    p10_on: date | None
    p50_on: date | None
    p90_on: date | None
    basis: str
    text: str


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on its way for a slot."""

    order_id: str
    number: str
    state: str
    expected_on: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Supply:
    slot_id: str
    index: str
    kind: str
    colour: str
    name: str
    description: str = ""
    state: str = "unknown"
    percent: float | None = None  # only when it was measured
    word: str = "not_reported"
    text: str = ""
    read_at: datetime | None = None
    age: Age = Age.CURRENT
    gauge_step: float | None = None  # points; a printer that only says 25, 50, 75
    low_percent: float | None = None
    almost_empty_percent: float | None = None
    forecast: Forecast | None = None
    coming: Coming | None = None
    may_be_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Printer:
    printer_id: str  # "" when only the service on this computer knows it
    name: str
    place: str = ""
    model: str = ""
    serial: str = ""
    mac: str = ""
    target: str = ""
    site: str = ""
    state: str = ""
    networked: bool = True
    last_read_at: datetime | None = None
    age: Age = Age.CURRENT
    worst: Worst = Worst.FINE
    supplies: tuple[Supply, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from the others in this window."""
        return self.printer_id or f"{self.serial}|{self.mac}|{self.target}"


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    on: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    status: str
    headline: str
    qualifying: int = 0
    required: int = 2
    active_from: date | None = None
    ends_on: date | None = None
    reasons: tuple[Reason, ...] = ()
    next_step: Reason | None = None
    story: tuple[StoryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    percent: float | None  # None: a time without a number, which breaks the line


@dataclass(frozen=True, slots=True)
class Replacement:
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class History:
    slot_id: str
    points: tuple[Point, ...] = ()
    replaced: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderShort:
    order_id: str
    number: str
    state: str
    state_text: str
    placed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Repair:
    repair_id: str
    number: str
    state: str
    state_text: str
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PrinterPage:
    printer: Printer
    coverage: Coverage | None = None
    history: tuple[History, ...] = ()
    pages_total: int | None = None
    pages_per_week: float | None = None
    orders: tuple[OrderShort, ...] = ()
    repairs: tuple[Repair, ...] = ()
    portal_url: str = ""


@dataclass(frozen=True, slots=True)
class Fleet:
    """A page of printers, or all of them put together."""

    printers: tuple[Printer, ...] = ()
    next_url: str = ""
    looked_at: datetime | None = None
    server_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dealer:
    name: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    accent: str = ""  # "#rrggbb"


@dataclass(frozen=True, slots=True)
class Me:
    name: str
    email: str
    customer: str
    dealer: Dealer = field(default_factory=Dealer)
    language: str = ""
    role: str = ""
    may_order: bool = False
    may_ask_for_repair: bool = False
    portal_url: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One supply that fits a slot."""

    part_number: str
    description: str
    capacity: str = ""
    capacity_text: str = ""
    yield_pages: int | None = None
    price: Money | None = None
    price_per_page_text: str = ""
    is_cheapest_per_page: bool = False
    lasts_text: str = ""
    stock_text: str = ""
    in_stock: bool | None = None
    arrives_on: date | None = None
    arrives_text: str = ""
    is_recommended: bool = False
    is_programme: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    slot_id: str
    printer_id: str
    name: str
    options: tuple[Option, ...] = ()
    why_not: str = ""

    @property
    def recommended(self) -> Option | None:
        """The one to begin with: the recommended, else the first."""
        return next((one for one in self.options if one.is_recommended), self.options[0] if self.options else None)


@dataclass(frozen=True, slots=True)
class QuoteLine:
    slot_id: str
    part_number: str
    name: str
    quantity: int
    unit_price: Money | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Delivery:
    code: str
    text: str
    price: Money | None = None
    arrives_on: date | None = None
    arrives_text: str = ""


@dataclass(frozen=True, slots=True)
class Tax:
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Payment:
    on_account: bool = False
    why_not: str = ""
    needs_purchase_order_number: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    total: Money
    lines: tuple[QuoteLine, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    delivery: str = ""
    subtotal: Money | None = None
    shipping: Money | None = None
    taxes: tuple[Tax, ...] = ()
    payment: Payment = field(default_factory=Payment)
    checkout_url: str = ""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line of the platform's basket. `why_not`: why it stays in there at check-out, "" for one that does not."""

    line_id: str
    slot_id: str
    part_number: str
    name: str
    quantity: int = 1
    printer: str = ""
    site: str = ""
    note: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Basket:
    lines: tuple[BasketLine, ...] = ()
    portal_url: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    carrier: str
    number: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    part_number: str
    name: str
    quantity: int
    state: str
    state_text: str
    printer: str = ""
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an order's story: what happened, or what is next."""

    at: datetime | None
    text: str
    detail: tuple[str, ...] = ()
    done: bool = False
    when: str = ""  # in words, also of what is promised


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    number: str
    state: str
    state_text: str
    placed_at: datetime | None = None
    total: Money | None = None
    promise_text: str = ""
    lines: tuple[OrderLine, ...] = ()
    timeline: tuple[Step, ...] = ()
    portal_url: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code that a signed-in person approves in the portal (RFC 8628)."""

    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How the monitoring service on this computer is."""

    state: str
    text: dict[str, str] = field(default_factory=dict)  # by language: en, fr
    version: str = ""
    server: str = ""
    site: str = ""
    customer: str = ""
    printers: int = 0
    silent: int = 0
    waiting: int = 0
    last_delivered_at: datetime | None = None
    last_search_at: datetime | None = None
    searching: bool = False
    token_kept_in: str = ""
    problems: tuple[dict[str, str], ...] = ()
    pairing: Pairing | None = None
