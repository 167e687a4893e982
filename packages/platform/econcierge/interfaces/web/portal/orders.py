"""All orders, and one order as a line of what happened and what is next (R24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.fulfilment.models import PurchaseOrder, Shipment
from econcierge.fulfilment.types import PurchaseOrderState
from econcierge.interfaces.shared import moments, wording
from econcierge.interfaces.web import access
from econcierge.orders import queries as orders
from econcierge.orders.models import Order
from econcierge.orders.types import OrderState, TimelineStep

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
A_PAGE = 40
WRONG = frozenset({OrderState.BACK_ORDERED, OrderState.CANCELLED, OrderState.REFUSED})


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the line; `is_next`: not yet."""

    when: str
    what: str
    details: tuple[str, ...]
    tracking_url: str
    tracking: str
    is_next: bool
    is_wrong: bool


@require_safe
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def all_orders(request: access.Request) -> HttpResponse:
    found = orders.orders(request.actor.scope)
    query = request.GET.get("q", "").strip()
    if query:
        found = found.filter(number__icontains=query) | found.filter(customer_reference__icontains=query)
    sheet = Paginator(found, A_PAGE).get_page(request.GET.get("page", "1"))
    return render(request, "portal/orders.html", {"orders": sheet, "query": query})


@require_safe
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def order(request: access.Request, order_id: int) -> HttpResponse:
    found = orders.order(request.actor.scope, order_id=order_id)
    context = page(found, now=clock.now())
    if request.actor.scope.kind is ScopeKind.DEALER:
        failed = PurchaseOrder.objects.filter(order=found, state=PurchaseOrderState.FAILED)
        context["to_send_again"] = list(failed.select_related("distributor"))
    return render(request, "portal/order.html", context)


def page(found: Order, *, now: datetime) -> dict[str, Any]:
    shipments = Shipment.objects.filter(purchase_order__order=found).order_by("shipped_at", "id")
    return {
        "order": found,
        "lines": list(found.lines.all()),
        "steps": [_step(step, now=now) for step in orders.timeline(found)],
        "shipments": list(shipments),
        "promise": _promise(found, now=now),
        "is_late": found.state in orders.OPEN and now > found.ships_by_at,
    }


def _promise(found: Order, *, now: datetime) -> str:
    """The 24-hour promise while it is one (R22)."""
    if OrderState(found.state) not in orders.NOT_SHIPPED:
        return ""
    when = moments.moment(found.ships_by_at, now=now)
    if now > found.ships_by_at:
        return _("It should have shipped by %(when)s. Your dealer has been told.") % {"when": when}
    return _("Ships by %(when)s.") % {"when": when}


def _step(step: TimelineStep, *, now: datetime) -> Step:
    return Step(
        when=_when(step, now=now),
        what=wording.sentence(wording.word("order", step.state)),
        details=tuple(_details(step)),
        tracking_url=str(step.details.get("tracking_url", "")),
        tracking=" ".join(str(step.details.get(name, "")) for name in ("carrier", "tracking_number")).strip(),
        is_next=step.at is None,
        is_wrong=step.at is not None and step.state in WRONG,
    )


def _when(step: TimelineStep, *, now: datetime) -> str:
    if step.at is not None:
        return moments.moment(step.at, now=now)
    promised = step.promised_at
    if isinstance(promised, datetime):
        return _("by %(when)s") % {"when": moments.moment(promised, now=now)}
    if isinstance(promised, date):
        return moments.around(promised, on=clock.day_of(now))
    return ""


def _details(step: TimelineStep) -> list[str]:
    """The lines that a step is about: "2 × black toner 106R03480"."""
    return [
        f"{line.get('quantity', 1)} × {wording.supply(line.get('kind', ''), line.get('colour', ''))} "
        f"{line.get('part_number', '')}"
        for line in step.details.get("lines", [])
    ]
