"""A purchase order as the dealer's platform sends it, checked field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

DELIVERIES = ("ground", "express")
SHIP_TO_FIELDS = (
    "name",
    "address_line_1",
    "address_line_2",
    "city",
    "region",
    "postal_code",
    "country",
    "contact",
)
MAX_LINES, MAX_QUANTITY, MAX_TEXT = 200, 999, 200


class BadOrder(ValueError):
    """A field of a purchase order is not as it should be."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OrderLine:
    line: int
    part_number: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """`ship_to` holds every field of `SHIP_TO_FIELDS`, empty where nothing was said."""

    number: str
    account_number: str
    placed_at: str
    ship_to: dict[str, str]
    delivery: str
    lines: tuple[OrderLine, ...]


def parse(body: Any, *, number: str) -> PurchaseOrder:
    """The order in a request's JSON; `BadOrder` names the first bad field."""
    if not isinstance(body, dict):
        raise BadOrder("body", "is not an object")
    if body.get("number") != number:
        raise BadOrder("number", "is not the number in the address")
    delivery = _text(body, "delivery")
    if delivery not in DELIVERIES:
        raise BadOrder("delivery", "is neither ground nor express")
    return PurchaseOrder(
        number=number,
        account_number=_text(body, "account_number"),
        placed_at=_text(body, "placed_at"),
        ship_to=_ship_to(body.get("ship_to")),
        delivery=delivery,
        lines=_lines(body.get("lines")),
    )


def fingerprint(body: Any) -> str:
    """The same for the same content, however it is spaced and ordered."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _text(holder: dict[str, Any], field: str) -> str:
    value = holder.get(field)
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
        raise BadOrder(field, "is not a text")
    return value


def _ship_to(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise BadOrder("ship_to", "is not an object")
    for field in ("name", "address_line_1", "city", "postal_code", "country"):
        if not isinstance(value.get(field), str) or not value[field].strip():
            raise BadOrder(f"ship_to.{field}", "is not a text")
    return {field: str(value.get(field) or "")[:MAX_TEXT] for field in SHIP_TO_FIELDS}


def _lines(value: Any) -> tuple[OrderLine, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_LINES:
        raise BadOrder("lines", f"is not a list of 1 to {MAX_LINES}")
    lines = tuple(_line(item, f"lines[{place}]") for place, item in enumerate(value))
    if len({line.line for line in lines}) != len(lines):
        raise BadOrder("lines", "have a line number twice")
    return lines


def _line(item: Any, where: str) -> OrderLine:
    if not isinstance(item, dict):
        raise BadOrder(where, "is not an object")
    for field, most in (("line", 10_000), ("quantity", MAX_QUANTITY)):
        value = item.get(field)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise BadOrder(f"{where}.{field}", f"is not a whole number from 1 to {most}")
    return OrderLine(line=item["line"], part_number=_text(item, "part_number"), quantity=item["quantity"])
