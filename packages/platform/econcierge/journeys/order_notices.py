"""What people are told about an order: its buyers, and the dealer when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.models import User
from econcierge.accounts.types import Permission, Role, Scope
from econcierge.fulfilment.models import Shipment
from econcierge.notifications import operations as notifications
from econcierge.notifications.types import Kind
from econcierge.orders import queries as orders
from econcierge.orders.models import Order


def buyers(scope: Scope, order: Order) -> list[User]:
    """Who placed the order; if the dealer did it for them, everybody at the customer who may order."""
    people = accounts.people(scope, customer_id=order.customer_id)
    placed = [person.user for person in people if person.user_id == order.placed_by_id]
    return placed or [person.user for person in people if roles.may(Role(person.role), Permission.ORDER)]


def confirmed(scope: Scope, order: Order, *, now: datetime) -> None:
    lines = order.lines.select_related("part", "printer").order_by("position")
    context = {
        **_order(order),
        "lines": [
            orders.line_details(line, quantity=line.quantity) | {"unit_price_minor": line.unit_price_minor}
            for line in lines
        ],
        "goods_minor": order.goods_minor,
        "shipping_minor": order.shipping_minor,
        "taxes": order.taxes,
        "total_minor": order.total_minor,
        "currency": order.currency,
        "ships_by_at": order.ships_by_at.isoformat(),
        "expected_on": order.expected_on.isoformat() if order.expected_on else None,
        "site": order.site.name,
    }
    _tell(scope, order, kind=Kind.ORDER_CONFIRMED, key=f"order-{order.pk}-confirmed", context=context, now=now)


def shipped(scope: Scope, order: Order, shipment: Shipment, *, details: dict[str, Any], now: datetime) -> None:
    """Once a parcel: the shipment's own id is the key."""
    context = {**_order(order), **details}
    context["expected_on"] = order.expected_on.isoformat() if order.expected_on else None
    _tell(scope, order, kind=Kind.ORDER_SHIPPED, key=f"shipment-{shipment.pk}-shipped", context=context, now=now)


def delivered(scope: Scope, order: Order, shipment: Shipment, *, details: dict[str, Any], now: datetime) -> None:
    assert shipment.delivered_at is not None
    context = {**_order(order), **details, "delivered_at": shipment.delivered_at.isoformat()}
    _tell(scope, order, kind=Kind.ORDER_DELIVERED, key=f"shipment-{shipment.pk}-delivered", context=context, now=now)


def problem(order: Order, *, what: str, key: str, now: datetime) -> None:
    """Tells the dealer's people. `what`: refused, cancelled, failed, late, not_ordered, too_many or lost."""
    people: Sequence[Any] = accounts.dealer_people(dealer_id=order.dealer_id)
    notifications.notify(
        kind=Kind.ORDER_PROBLEM,
        users=[person.user for person in people],
        customer_id=order.customer_id,
        key=key,
        context={**_order(order), "what": what, "customer": order.customer.name},
        now=now,
    )


def _order(order: Order) -> dict[str, Any]:
    return {"order_id": order.pk, "number": order.number}


def _tell(scope: Scope, order: Order, *, kind: Kind, key: str, context: dict[str, Any], now: datetime) -> None:
    notifications.notify(
        kind=kind, users=buyers(scope, order), customer_id=order.customer_id, key=key, context=context, now=now
    )
