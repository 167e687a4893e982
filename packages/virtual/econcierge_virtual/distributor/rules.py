"""What becomes of a purchase order: a plan made when it is received, and how it looks at a moment.

Pure: the plan follows from the order, the moment it came, its place in the day's orders and what was in stock,
so that the same facts always tell the same story and nothing has to run in the background.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from econcierge_virtual.distributor.orders import OrderLine, PurchaseOrder

SPLIT_FROM_UNITS = 3  # a line of so many ships in two parts, even from a full shelf
RESTOCKED_AFTER = timedelta(days=3)
SECOND_PART_AFTER = timedelta(days=1)
CARRIERS = {"ground": "Transport Laurentien", "express": "Express Laurentien"}
TRACKING_URL = "https://track.example/{number}"


@dataclass(frozen=True, slots=True)
class Received:
    """An order as it was taken in; `available` is what could be sold of each of its parts at that moment."""

    order: PurchaseOrder
    sequence: int
    received_at: datetime
    available: Mapping[str, int]  # parts that are not sold here are missing
    is_refused: bool = False
    cancelled_at: datetime | None = None

    @property
    def their_number(self) -> str:
        return f"D-{100_000 + self.sequence}"


@dataclass(frozen=True, slots=True)
class ShippedLine:
    line: int
    part_number: str
    serials: tuple[str, ...]  # one a unit


@dataclass(frozen=True, slots=True)
class Shipment:
    shipment_id: str
    shipped_at: datetime
    delivered_at: datetime
    carrier: str
    tracking_number: str
    lines: tuple[ShippedLine, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """When everything happens; moments in the future are nobody's business but ours."""

    acknowledged_at: datetime
    shipments: tuple[Shipment, ...]
    back_ordered_until: Mapping[int, datetime]  # by line
    refused_lines: frozenset[int]


def plan(received: Received) -> Plan:
    """Acknowledged after about an hour, shipped within a day as far as stock goes, delivered 1 to 3 days later."""
    order, at = received.order, received.received_at
    chance = random.Random(f"{order.number}:{received.sequence}")  # noqa: S311 (repeatable on purpose)
    acknowledged_at = at + timedelta(minutes=chance.randint(45, 75))
    first_at = at + timedelta(minutes=chance.randint(4 * 60, 22 * 60))
    moments = (first_at, first_at + SECOND_PART_AFTER, at + RESTOCKED_AFTER)
    sold = [line for line in order.lines if not received.is_refused and line.part_number in received.available]
    batches = _batches(sold, received.available)
    shipments = tuple(
        _shipment(received, place, moments[place], batch, chance) for place, batch in enumerate(batches) if batch
    )
    return Plan(
        acknowledged_at=acknowledged_at,
        shipments=shipments,
        back_ordered_until={line.line: moments[2] for line, _, _ in batches[2]},
        refused_lines=frozenset(line.line for line in order.lines if line not in sold),
    )


Batch = list[tuple[OrderLine, int, int]]  # (line, first unit, units)


def _batches(lines: list[OrderLine], available: Mapping[str, int]) -> tuple[Batch, Batch, Batch]:
    """What ships first, what a day later, and what waits for stock; two lines of one part share its stock."""
    first: Batch = []
    second: Batch = []
    waiting: Batch = []
    left = dict(available)
    for line in lines:
        in_stock = min(line.quantity, left[line.part_number])
        left[line.part_number] -= in_stock
        at_first = (in_stock + 1) // 2 if in_stock >= SPLIT_FROM_UNITS else in_stock
        if at_first:
            first.append((line, 0, at_first))
        if in_stock > at_first:
            second.append((line, at_first, in_stock - at_first))
        if line.quantity > in_stock:
            waiting.append((line, in_stock, line.quantity - in_stock))
    return first, second, waiting


def _shipment(received: Received, place: int, shipped_at: datetime, batch: Batch, chance: random.Random) -> Shipment:
    is_express = received.order.delivery == "express"
    under_way = timedelta(hours=chance.randint(18, 24) if is_express else chance.randint(24, 72))
    return Shipment(
        shipment_id=f"{received.their_number}-{place + 1}",
        shipped_at=shipped_at,
        delivered_at=shipped_at + under_way,
        carrier=CARRIERS[received.order.delivery],
        tracking_number=f"TL{received.sequence:06d}{place + 1}CA",
        lines=tuple(
            ShippedLine(
                line=line.line,
                part_number=line.part_number,
                serials=tuple(
                    f"D{received.sequence:05d}{line.line:02d}{unit + 1:03d}" for unit in range(start, start + units)
                ),
            )
            for line, start, units in batch
        ),
    )


def state(received: Received, made: Plan, *, at: datetime) -> str:
    """One word for the whole order at a moment."""
    if received.cancelled_at is not None and received.cancelled_at <= at:
        return "cancelled"
    if len(made.refused_lines) == len(received.order.lines):
        return "refused"
    if at < made.acknowledged_at:
        return "received"
    shipped = sum(1 for shipment in made.shipments if shipment.shipped_at <= at)
    if shipped == 0:
        return "acknowledged"
    if shipped < len(made.shipments):
        return "partially_shipped"
    return "delivered" if all(one.delivered_at <= at for one in made.shipments) else "shipped"


def can_cancel(made: Plan, *, at: datetime) -> bool:
    """Until something has shipped."""
    return all(at < shipment.shipped_at for shipment in made.shipments)


def report(received: Received, *, at: datetime) -> dict[str, Any]:
    """The order as `GET /v1/purchase-orders/{number}` answers it at a moment."""
    made = plan(received)
    word = state(received, made, at=at)
    shipments = () if word == "cancelled" else made.shipments
    return {
        "number": received.order.number,
        "their_number": received.their_number,
        "state": word,
        "acknowledged_at": made.acknowledged_at.isoformat() if made.acknowledged_at <= at else None,
        "lines": [_line_report(line, made, at) for line in received.order.lines],
        "shipments": [_shipment_report(one, at) for one in shipments if one.shipped_at <= at],
    }


def _line_report(line: OrderLine, made: Plan, at: datetime) -> dict[str, Any]:
    is_refused = line.line in made.refused_lines
    waits_until = made.back_ordered_until.get(line.line)
    is_waiting = waits_until is not None and at < waits_until
    return {
        "line": line.line,
        "part_number": line.part_number,
        "quantity": line.quantity,
        "state": "refused" if is_refused else "back_ordered" if is_waiting else "accepted",
        "expected_ship_on": None if is_refused else _last_ship_on(line, made).isoformat(),
    }


def _last_ship_on(line: OrderLine, made: Plan) -> date:
    return max(
        shipment.shipped_at.date()
        for shipment in made.shipments
        for shipped in shipment.lines
        if shipped.line == line.line
    )


def _shipment_report(shipment: Shipment, at: datetime) -> dict[str, Any]:
    return {
        "shipment_id": shipment.shipment_id,
        "shipped_at": shipment.shipped_at.isoformat(),
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": TRACKING_URL.format(number=shipment.tracking_number),
        "delivered_at": shipment.delivered_at.isoformat() if shipment.delivered_at <= at else None,
        "lines": [
            {"line": line.line, "quantity": len(line.serials), "serials": list(line.serials)} for line in shipment.lines
        ],
    }
