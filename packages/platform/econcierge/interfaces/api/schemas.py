"""The shapes of `/api/v1/`; `openapi.json` is made from them. Add freely; what is there keeps its name and meaning.

Moments are ISO in UTC (`…Z`), days ISO, texts in the language of the request. What is not known is null, never 0.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _storable(text: str) -> str:
    """Neither a NUL character nor half a surrogate pair: PostgreSQL keeps no such text."""
    if "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise PydanticCustomError("string_not_storable", "Text may contain neither NUL nor half a surrogate pair")
    return text


Text = Annotated[str, AfterValidator(_storable)]


class Fault(Schema):
    code: str
    text: str = Field(description="A sentence for a person.")
    fields: dict[str, str] = Field(default_factory=dict, description="What is wrong, by the name of the input.")


class Failure(Schema):
    error: Fault


class Money(Schema):
    amount_minor: int = Field(description="Whole cents.")
    currency: str
    text: str


class Named(Schema):
    id: int
    name: str


class Dealer(Schema):
    name: str
    phone: str
    email: str
    website: str
    accent: str = Field(description='"#rrggbb", or "" where the dealer has none.')


class Me(Schema):
    name: str
    email: str
    language: str
    customer: Named | None
    dealer: Dealer | None
    role: str
    may_order: bool
    may_ask_for_repair: bool
    portal_url: str


class Forecast(Schema):
    """By `p50_on` half of such supplies are empty, by `p10_on` ten of a hundred, by `p90_on` ninety."""

    p10_on: date
    p50_on: date
    p90_on: date
    basis: str
    text: str


class Coming(Schema):
    order_id: int
    number: str
    state: str
    expected_on: date | None
    text: str


class Supply(Schema):
    slot_id: int
    index: str
    kind: str
    colour: str
    name: str
    description: str
    state: str
    percent: float | None = Field(description="Only where the printer measures it; of a receptacle, the space left.")
    word: str
    text: str
    read_at: datetime
    age: str
    gauge_step: float | None
    low_percent: float
    almost_empty_percent: float
    forecast: Forecast | None
    coming: Coming | None
    may_be_ordered: bool


class Site(Schema):
    id: int
    name: str


class Printer(Schema):
    id: int
    name: str
    place: str
    model: str
    serial: str
    mac: str
    target: str
    site: Site
    customer: Named
    state: str
    networked: bool
    last_read_at: datetime | None
    age: str
    worst: str
    supplies: list[Supply]


class Printers(Schema):
    items: list[Printer]
    next: str | None
    looked_at: datetime | None = Field(description="When an assistant last reported.")
    server_time: datetime = Field(description="Now; ages are to be counted from it.")


class Coded(Schema):
    code: str
    text: str


class Told(Schema):
    on: date
    text: str


class Coverage(Schema):
    status: str
    headline: str
    qualifying: int
    required: int
    active_from: date | None
    ends_on: date | None
    reasons: list[Coded]
    next_step: Coded | None
    story: list[Told]


class LevelPoint(Schema):
    at: datetime
    percent: float | None


class Replaced(Schema):
    at: datetime
    text: str


class SlotHistory(Schema):
    slot_id: int
    points: list[LevelPoint]
    replaced: list[Replaced]


class OrderShort(Schema):
    id: int
    number: str
    state: str
    state_text: str
    placed_at: datetime


class RepairShort(Schema):
    id: int
    number: str
    state: str
    state_text: str
    opened_at: datetime


class PrinterInFull(Printer):
    coverage: Coverage | None
    history: list[SlotHistory]
    pages_total: int | None
    pages_per_week: int | None
    orders: list[OrderShort]
    repairs: list[RepairShort]
    portal_url: str


class Option(Schema):
    part_number: str
    description: str
    capacity: str
    capacity_text: str
    yield_pages: int | None
    price: Money | None
    price_per_page_text: str
    is_cheapest_per_page: bool
    lasts_text: str
    stock_text: str
    in_stock: bool | None
    arrives_on: date | None
    arrives_text: str
    is_recommended: bool
    is_programme: bool


class Choices(Schema):
    slot_id: int
    printer_id: int
    name: str
    options: list[Option]
    why_not: str | None


class LineWanted(Schema):
    slot_id: int
    part_number: Text = Field(max_length=60)
    quantity: int = Field(default=1, ge=1, le=99)


class QuoteWanted(Schema):
    lines: list[LineWanted] = Field(min_length=1, max_length=50)
    delivery: Text = "ground"


class OrderWanted(QuoteWanted):
    submission_key: UUID = Field(description="Your own; the same key again is the same order.")
    expected_total_minor: int = Field(description="The total that the person was shown; another one is refused.")
    purchase_order_number: Text = ""


class QuotedLine(Schema):
    slot_id: int
    part_number: str
    name: str
    printer: Named | None
    quantity: int
    unit_price: Money | None
    amount: Money | None


class DeliveryOption(Schema):
    code: str
    text: str
    price: Money
    arrives_on: date
    arrives_text: str


class TaxAmount(Schema):
    name: str
    amount: Money


class Payment(Schema):
    on_account: bool
    why_not: str | None
    needs_purchase_order_number: bool


class Quote(Schema):
    lines: list[QuotedLine]
    delivery_options: list[DeliveryOption]
    delivery: str
    subtotal: Money
    shipping: Money
    taxes: list[TaxAmount]
    total: Money
    payment: Payment
    checkout_url: str


class Tracking(Schema):
    carrier: str
    number: str
    url: str


class OrderLine(Schema):
    part_number: str
    name: str
    quantity: int
    state: str
    state_text: str
    printer: Named | None
    tracking: list[Tracking]


class Step(Schema):
    at: datetime | None
    when: str = Field(description="The same in words, also for what is only promised.")
    text: str
    detail: list[str]
    done: bool


class Order(Schema):
    id: int
    number: str
    state: str
    state_text: str
    placed_at: datetime
    customer: Named
    total: Money
    promise_text: str
    lines: list[OrderLine]
    timeline: list[Step]
    portal_url: str


class Orders(Schema):
    items: list[Order]
    next: str | None


class BasketLine(Schema):
    id: int
    slot_id: int | None
    part_number: str
    name: str
    printer: Named
    site: Named
    quantity: int
    put_at: datetime = Field(description="When its person last said that they want it.")
    unit_price: Money | None
    amount: Money | None
    price_was: Money | None = Field(description="What it cost when it was put in, where that is another price now.")
    note: str = Field(description="What to know before ordering it: another price, one on its way already.")
    is_ready: bool
    why_not: str | None = Field(description="Why it stays in the basket at check-out, for one that is not ready.")


class Parcel(Schema):
    site: Named
    customer: Named
    line_ids: list[int]
    total: Money | None
    arrives_on: date | None
    arrives_text: str
    why_not: str | None


class Basket(Schema):
    lines: list[BasketLine]
    parcels: list[Parcel] = Field(description="The lines that are ready, an order for each address.")
    delivery: str
    total: Money = Field(description="Of all parcels that can be ordered, with taxes and delivery.")
    portal_url: str


class SeenTotal(Schema):
    site_id: int = Field(ge=1, le=2**62)
    total_minor: int


class CheckOutWanted(Schema):
    submission_key: UUID = Field(description="Your own; the same key again is the same orders.")
    expected: list[SeenTotal] = Field(
        min_length=1, max_length=50, description="The totals that the person was shown; other ones are refused."
    )
    delivery: Text = "ground"
    purchase_order_number: Text = ""


class CheckedOut(Schema):
    items: list[Order]


class RepairWanted(Schema):
    submission_key: UUID
    text: Text = Field(max_length=2000)
    contact: Text = Field(default="", max_length=120)
    phone: Text = Field(default="", max_length=40)


class Repair(Schema):
    id: int
    number: str
    state: str
    state_text: str


class ReadNow(Schema):
    asked: bool
    text: str


ERRORS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Failure)
