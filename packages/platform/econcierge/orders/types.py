"""An order's words: states of lines and orders, taxes, totals, delivery options, who ships what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from econcierge.core.errors import Invalid


class LineState(StrEnum):
    DRAFT = "draft"
    PLACED = "placed"
    ACCEPTED = "accepted"
    BACK_ORDERED = "back_ordered"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class OrderState(StrEnum):
    """The same words for a whole order; it follows from the lines and is never moved by itself."""

    DRAFT = "draft"
    PLACED = "placed"
    ACCEPTED = "accepted"
    BACK_ORDERED = "back_ordered"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class DeliveryKind(StrEnum):
    GROUND = "ground"
    EXPRESS = "express"


class BasketStanding(StrEnum):
    """What becomes of a basket's line at check-out: READY is ordered, everything else stays out and is said."""

    READY = "ready"
    ORDERED_SINCE = "ordered_since"  # by somebody else, or by itself, after it was put in
    NO_PRICE = "no_price"
    DOES_NOT_FIT = "does_not_fit"
    NOT_SOLD = "not_sold"
    OUT_OF_SERVICE = "out_of_service"


class NoTaxRates(Invalid):
    """The table has no rates for the place of delivery on that day, so nothing can be priced."""

    code = "no_tax_rates"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax where goods are delivered, in parts per million (5 % is 50,000), for a half-open period."""

    region: str
    code: str  # GST | HST | QST | PST
    rate_ppm: int
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Tax:
    code: str
    rate_ppm: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class LineToPrice:
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Whole minor units of one currency; `line_minor` in the order of the lines."""

    line_minor: tuple[int, ...]
    goods_minor: int
    shipping_minor: int
    taxes: tuple[Tax, ...]
    total_minor: int


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """How long and how dear: business days in the carrier's hands and a price in minor units."""

    kind: DeliveryKind
    transit_business_days: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    kind: DeliveryKind
    ships_on: date
    expected_on: date
    price_minor: int


@dataclass(frozen=True, slots=True)
class LineToShip:
    position: int
    part_number: str
    quantity: int


@dataclass(frozen=True, slots=True)
class DistributorStock:
    """What a distributor last said it holds; a part that it never named is not in `quantities`."""

    distributor: str
    quantities: dict[str, int]


@dataclass(frozen=True, slots=True)
class Allocation:
    """The lines (by position) that one distributor is asked to ship."""

    distributor: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LineToPlace:
    """A line as it is ordered; `eligible`: it counts for coverage (R28)."""

    part_id: int
    printer_id: int | None
    quantity: int
    unit_price_minor: int
    eligible: bool


@dataclass(frozen=True, slots=True)
class LineMove:
    """Where a line stands now: so many shipped and delivered of it."""

    line_id: int
    to: LineState
    quantity_shipped: int = 0
    quantity_delivered: int = 0
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to an order, for its timeline; `what` is a stable code, `details` plain values."""

    at: datetime
    what: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """A step of an order's story (R24). `at` None: not yet; `promised_at` is then by when (a moment, or a day)."""

    at: datetime | None
    state: OrderState
    what: str
    details: dict[str, Any]
    promised_at: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class BasketLineFacts:
    """A basket's line as the rules see it. `latest_order_at`: of the same supply of that printer, undone ones aside."""

    put_at: datetime
    is_printer_in_use: bool
    is_sold: bool
    is_fitting: bool
    has_price: bool
    latest_order_at: datetime | None = None
