"""A month as the report tells it: every figure with the things that it was counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class EmptySpell:
    """A time in which a cartridge said 0 %. `to_at` None: it still does."""

    slot_id: int
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """So many for one place of a printer, on a day."""

    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class StockOut:
    """A supply that was empty with no spare at hand; days within the month."""

    printer_id: int
    printer: str
    kind: str
    colour: str
    from_at: datetime
    to_at: datetime | None
    days: float


class RushReason(StrEnum):
    """FASTER: not by ground; ALMOST_EMPTY: ordered when the supply was almost empty already."""

    FASTER = "faster"
    ALMOST_EMPTY = "almost_empty"


@dataclass(frozen=True, slots=True)
class RushOrder:
    order_id: int
    number: str
    placed_at: datetime
    why: RushReason


@dataclass(frozen=True, slots=True)
class Premature:
    """A cartridge that left too early. `cost_minor` None: its part or price is not known."""

    printer_id: int
    printer: str
    kind: str
    colour: str
    left_at: datetime
    percent: float
    cost_minor: int | None


@dataclass(frozen=True, slots=True)
class ForecastError:
    """`said_on` as it was last forecast ten days or more ahead; `was_on` as it happened."""

    printer_id: int
    printer: str
    kind: str
    colour: str
    said_on: date
    was_on: date

    @property
    def days(self) -> int:
        return abs((self.was_on - self.said_on).days)


@dataclass(frozen=True, slots=True)
class Report:
    """One customer's month. `minutes_a_week` None: the customer said nothing."""

    customer_id: int
    customer: str
    month: date
    printers: int
    stock_outs: tuple[StockOut, ...]
    rush_orders: tuple[RushOrder, ...]
    premature: tuple[Premature, ...]
    forecast_errors: tuple[ForecastError, ...]
    orders: int
    orders_minor: int
    automatic: int
    printer_weeks: float
    minutes_a_week: Decimal | None
    currency: str = "CAD"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. What is None does not belong to the figure, or is not known."""

    code: str
    count: int | None = None
    days: float | None = None
    amount_minor: int | None = None
    hours: float | None = None
    currency: str = "CAD"
