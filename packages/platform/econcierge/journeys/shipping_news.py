"""What a distributor's answer means for an order: lines move, people are told, books and coverage follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from econcierge.accounts.types import Scope
from econcierge.core import clock, jobs
from econcierge.fulfilment import operations, queries, rules
from econcierge.fulfilment import types as t
from econcierge.fulfilment.models import PurchaseOrder, Shipment, ShipmentLine
from econcierge.journeys import order_notices
from econcierge.orders import operations as order_operations
from econcierge.orders import pricing
from econcierge.orders import queries as orders
from econcierge.orders import rules as order_rules
from econcierge.orders import types as o
from econcierge.orders.models import Order
from econcierge.payments import operations as payments
from econcierge.payments.types import Amounts

EVERYTHING = Scope.everything()
# The words of a purchase order's lines are words of an order's lines; `sent` says nothing to a customer.
NEWS_OF_LINES = (
    t.PurchaseOrderLineState.ACCEPTED,
    t.PurchaseOrderLineState.BACK_ORDERED,
    t.PurchaseOrderLineState.REFUSED,
    t.PurchaseOrderLineState.CANCELLED,
)
UNDONE = (t.PurchaseOrderLineState.REFUSED, t.PurchaseOrderLineState.CANCELLED)


def record(*, order: Order, row: PurchaseOrder, answer: t.Answer, now: datetime) -> None:
    """Takes in an answer, step by step; the same answer again changes nothing. Order and row are locked."""
    known = queries.as_known(row)
    note = ""
    try:
        whole = rules.apply_status(po=known, answer=answer)
    except t.ShippedTooMany as error:
        order_notices.problem(order, what="too_many", key=f"purchase-order-{row.pk}-too-many", now=now)
        operations.record_heard(row=row, now=now, note=str(error))
        return
    if whole.unknown_lines:
        note = "names lines that were not ordered: " + ", ".join(str(line.line) for line in whole.unknown_lines)
        order_notices.problem(order, what="not_ordered", key=f"purchase-order-{row.pk}-not-ordered", now=now)
    for at, step in rules.steps(answer, now=now):
        changes = rules.apply_status(po=known, answer=step).changes
        after = rules.applied(po=known, changes=changes)
        parcels = operations.apply(row=row, changes=changes, at=at)
        _tell_of_lines(order, row, changes, after, at=at, now=now)
        _tell_of_parcels(order, row, parcels, after, now=now)
        known = after
    operations.record_heard(row=row, now=now, note=note)


def _tell_of_lines(
    order: Order,
    row: PurchaseOrder,
    changes: Iterable[t.Change],
    after: t.PurchaseOrder,
    *,
    at: datetime,
    now: datetime,
) -> None:
    changed = {change.line: change for change in changes if isinstance(change, t.LineChanged)}
    for state in NEWS_OF_LINES:
        numbers = [number for number, change in changed.items() if change.state is state]
        if not numbers:
            continue
        details = {"lines": _lines(row, dict.fromkeys(numbers)), "expected_ship_on": _expected(after, numbers)}
        news = o.News(at, state.value, details)
        order_operations.tell(order=order, moves=_moves(row, after, numbers), news=news)
        if state in UNDONE:
            _undo(order, row, what=state.value, now=now)


def _undo(order: Order, row: PurchaseOrder, *, what: str, now: datetime) -> None:
    """Refused or cancelled lines are not owed, do not count for coverage, and the dealer hears of it."""
    left = [line for line in order.lines.order_by("position") if o.LineState(line.state) not in order_rules.UNDONE]
    rates = [o.TaxRate("", tax["code"], tax["rate_ppm"], order.placed_at.date(), None, "") for tax in order.taxes]
    totals = pricing.price_lines(
        lines=[o.LineToPrice(line.quantity, line.unit_price_minor) for line in left],
        shipping_minor=order.shipping_minor if left else 0,
        rates=rates,
    )
    taxes = tuple((tax.code, tax.amount_minor) for tax in totals.taxes)
    amounts = Amounts(totals.goods_minor, totals.shipping_minor, taxes)
    key = f"order-{order.pk}-left-" + "-".join(str(line.position) for line in left)
    payments.credit_undone(order=order, amounts=amounts, key=key, now=now)
    order_notices.problem(order, what=what, key=f"purchase-order-{row.pk}-{what}", now=now)
    _decide_coverage(order)


def _tell_of_parcels(
    order: Order, row: PurchaseOrder, parcels: Iterable[Shipment], after: t.PurchaseOrder, *, now: datetime
) -> None:
    for parcel in parcels:
        quantities: dict[int, int | None] = {}
        numbers = {line.order_line_id: line.line for line in row.lines.all()}
        for part in ShipmentLine.objects.filter(shipment=parcel).order_by("order_line__position"):
            quantities[numbers[part.order_line_id]] = part.quantity
        is_here = parcel.delivered_at is not None
        state = order_operations.tell(
            order=order,
            moves=_moves(row, after, quantities),
            news=o.News(
                parcel.delivered_at or parcel.shipped_at,
                "delivered" if is_here else "shipped",
                _parcel_details(row, parcel, quantities),
            ),
        )
        details = _parcel_details(row, parcel, quantities)
        if is_here:
            order_notices.delivered(EVERYTHING, order, parcel, details=details, now=now)
            _decide_coverage(order)
        else:
            details["partial"] = state is o.OrderState.PARTIALLY_SHIPPED
            order_notices.shipped(EVERYTHING, order, parcel, details=details, now=now)


def _parcel_details(row: PurchaseOrder, parcel: Shipment, quantities: dict[int, int | None]) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "lines": _lines(row, quantities),
    }


def _moves(row: PurchaseOrder, after: t.PurchaseOrder, numbers: Iterable[int]) -> list[o.LineMove]:
    """Where the order's lines stand, as the purchase order's lines say."""
    order_lines = {line.line: line.order_line_id for line in row.lines.all()}
    states = {line.line: line.state for line in after.lines}
    return [
        o.LineMove(
            line_id=order_lines[number],
            to=o.LineState(states[number].value),
            quantity_shipped=rules.shipped_quantity(po=after, line=number),
            quantity_delivered=rules.shipped_quantity(po=after, line=number, delivered_only=True),
            delivered_on=_delivered_on(after, number),
        )
        for number in numbers
    ]


def _delivered_on(after: t.PurchaseOrder, number: int) -> Any:
    arrived = [
        parcel.delivered_at
        for parcel in after.shipments
        if parcel.delivered_at is not None and any(part.line == number for part in parcel.lines)
    ]
    return clock.day_of(max(arrived)) if arrived else None


def _lines(row: PurchaseOrder, quantities: dict[int, int | None]) -> list[dict[str, Any]]:
    """Lines as people read them; a quantity of None is the whole line's."""
    lines = {line.line: line for line in row.lines.all()}
    return [
        orders.line_details(lines[number].order_line, quantity=quantity or lines[number].quantity)
        for number, quantity in quantities.items()
    ]


def _expected(after: t.PurchaseOrder, numbers: Iterable[int]) -> str | None:
    days = [line.expected_ship_on for line in after.lines if line.line in set(numbers) and line.expected_ship_on]
    return max(days).isoformat() if days else None


def _decide_coverage(order: Order) -> None:
    if printers := orders.printer_ids(order):
        jobs.defer("coverage.decide", printer_ids=printers)
