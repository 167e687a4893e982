"""Reading orders. Everything takes the scope first; what is not there and what is not yours look the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.core.errors import NotFound
from econcierge.orders import rules
from econcierge.orders import types as t
from econcierge.orders.models import BasketLine, Order, OrderEvent, OrderLine, TaxRate

OPEN = frozenset(
    {t.OrderState.PLACED, t.OrderState.ACCEPTED, t.OrderState.BACK_ORDERED, t.OrderState.PARTIALLY_SHIPPED}
)
AT_RISK = "promise_at_risk"  # told to the dealer; no step of the story
ABOUT_SOME_LINES = frozenset({"accepted", "back_ordered", "refused", "cancelled", "delivered"})
NOT_SHIPPED = (t.OrderState.PLACED, t.OrderState.ACCEPTED, t.OrderState.BACK_ORDERED)


def orders(scope: Scope, *, customer_id: int | None = None, printer_id: int | None = None) -> QuerySet[Order]:
    """Orders, the latest first, with customer, dealer, site and who placed them; lines are prefetched."""
    found = accounts.limit(scope, Order.objects.all())
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    if printer_id is not None:
        found = found.filter(pk__in=OrderLine.objects.filter(printer_id=printer_id).values("order_id"))
    found = found.select_related("customer", "dealer", "site", "placed_by")
    return found.prefetch_related("lines__part", "lines__printer").order_by("-placed_at", "-id")


def order(scope: Scope, *, order_id: int) -> Order:
    """One order with its lines. Raises `NotFound`."""
    found = orders(scope).filter(pk=order_id).first()
    if found is None:
        raise NotFound(_("There is no such order."))
    return found


def by_submission(scope: Scope, *, customer_id: int, submission_key: UUID) -> Order | None:
    """The order that a form already made."""
    return orders(scope, customer_id=customer_id).filter(submission_key=submission_key).first()


def basket(scope: Scope, *, user_id: int | None) -> QuerySet[BasketLine]:
    """A person's own lines, in the order in which they were put in."""
    mine = accounts.limit(scope, BasketLine.objects.filter(user_id=user_id))
    return mine.select_related("part", "printer__site", "customer__dealer").order_by("id")


def basket_count(scope: Scope, *, user_id: int | None) -> int:
    return accounts.limit(scope, BasketLine.objects.filter(user_id=user_id)).count()


def in_baskets(scope: Scope, *, printer_ids: Iterable[int], since: datetime) -> list[BasketLine]:
    """Whoever's lines for these printers, the latest first; of people who still may sign in."""
    lines = BasketLine.objects.filter(printer_id__in=list(printer_ids), put_at__gte=since, user__is_active=True)
    return list(accounts.limit(scope, lines).select_related("part", "user", "printer__site").order_by("-put_at", "-id"))


def ordered_for(scope: Scope, *, printer_ids: Iterable[int], since: datetime) -> list[OrderLine]:
    """Lines for these printers that were ordered after a moment and not undone, the latest first."""
    lines = OrderLine.objects.filter(printer_id__in=list(printer_ids), order__placed_at__gt=since)
    lines = accounts.limit(scope, lines.exclude(state__in=rules.UNDONE))
    return list(lines.select_related("part", "order__placed_by").order_by("-order__placed_at", "-id"))


def tax_rates(*, region: str) -> tuple[t.TaxRate, ...]:
    """Every dated rate of a place of delivery."""
    return tuple(
        t.TaxRate(row.region, row.code, row.rate_ppm, row.valid_from, row.valid_to, row.source)
        for row in TaxRate.objects.filter(region=region)
    )


def printer_ids(order: Order) -> list[int]:
    """The printers whose coverage may depend on an order."""
    lines = OrderLine.objects.filter(order=order, printer__isnull=False)
    return sorted(set(lines.values_list("printer_id", flat=True)))


def line_details(line: OrderLine, *, quantity: int) -> dict[str, Any]:
    """A line as timelines and messages tell it: plain values."""
    return {
        "part_number": line.part.part_number,
        "kind": line.part.kind,
        "colour": line.part.colour,
        "quantity": quantity,
        "printer": line.printer.name if line.printer else "",
    }


def timeline(order: Order) -> list[t.TimelineStep]:
    """An order's story so far, and then what is promised next (R22, R24).

    A step about some lines or a parcel has the state of those, whatever the rest of the order waits for.
    """
    events = OrderEvent.objects.filter(order=order, line__isnull=True).exclude(reason=AT_RISK)
    steps = [
        t.TimelineStep(
            event.at,
            t.OrderState(event.reason if event.reason in ABOUT_SOME_LINES else event.to_state),
            event.reason,
            event.details,
        )
        for event in events.order_by("at", "id")
    ]
    return [*steps, *_promised(order)]


def _promised(order: Order) -> list[t.TimelineStep]:
    state = t.OrderState(order.state)
    ahead: list[t.TimelineStep] = []
    if state in OPEN:
        ahead.append(t.TimelineStep(None, t.OrderState.SHIPPED, "shipped", {}, order.ships_by_at))
    if state in OPEN or state is t.OrderState.SHIPPED:
        expected: date | None = order.expected_on
        ahead.append(t.TimelineStep(None, t.OrderState.DELIVERED, "delivered", {}, expected))
    return ahead
