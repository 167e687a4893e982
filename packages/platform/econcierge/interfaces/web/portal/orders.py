"""All orders, and one order as a line of what happened and what is next (R24)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.fulfilment.models import PurchaseOrder, Shipment
from econcierge.fulfilment.types import PurchaseOrderState
from econcierge.interfaces.shared import order_story, typed
from econcierge.interfaces.web import access
from econcierge.orders import queries as orders
from econcierge.orders.models import Order

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
A_PAGE = 40


@require_safe
@access.opens(Permission.SEE_ORDERS, *AUDIENCES)
def all_orders(request: access.Request) -> HttpResponse:
    found = orders.orders(request.actor.scope)
    query = typed.search_words(request.GET.get("q", ""))
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
        "steps": order_story.steps(found, now=now),
        "shipments": list(shipments),
        "promise": order_story.promise(found, now=now),
        "is_late": found.state in orders.OPEN and now > found.ships_by_at,
    }
