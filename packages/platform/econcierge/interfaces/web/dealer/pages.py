"""The dealer's day in four short lists, its customers, and one customer with its fleet."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Permission, Scope, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import NotFound
from econcierge.coverage import queries as coverage
from econcierge.fleet import disputes
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Assistant
from econcierge.interfaces.shared import typed
from econcierge.interfaces.web import access
from econcierge.interfaces.web.portal import fleet as fleet_table
from econcierge.interfaces.web.portal import needs
from econcierge.journeys import ship
from econcierge.orders import queries as orders
from econcierge.payments import queries as payments

SILENT_AFTER = timedelta(hours=24)
SHORT = 10
AUDIENCES = (ScopeKind.DEALER, ScopeKind.ALL)


@require_safe
@access.opens(Permission.SEE_ORDERS, ScopeKind.DEALER)
def home(request: access.Request) -> HttpResponse:
    scope, now = request.actor.scope, clock.now()
    names = dict(accounts.customers(scope).values_list("pk", "name"))
    running_out = needs.needs(request.actor, customer_id=None, now=now)
    to_ship = orders.orders(scope).filter(state__in=orders.NOT_SHIPPED).order_by("ships_by_at")
    context = {
        "to_ship": to_ship[:SHORT],
        "to_ship_total": to_ship.count(),
        "to_decide": coverage.at_risk(scope),
        "contested": coverage.contested(scope),
        "to_sort_out": len(disputes.disputes(scope)),
        "running_out": [
            dataclasses.replace(need, customer=names.get(need.customer_id, ""))
            for need in running_out.shown
            if need.key.startswith("s")
        ],
        "silent": _silent(scope, now=now)[:SHORT],
    }
    return render(request, "dealer/home.html", context)


@require_safe
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def customers(request: access.Request) -> HttpResponse:
    query = typed.search_words(request.GET.get("q", ""))
    in_use = Q(printers__retired_at__isnull=True)
    found = accounts.customers(request.actor.scope).filter(left_at__isnull=True)
    found = found.filter(name__icontains=query).annotate(printer_count=Count("printers", filter=in_use))
    return render(request, "dealer/customers.html", {"customers": found, "query": query})


@require_safe
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def customer(request: access.Request, customer_id: int) -> HttpResponse:
    actor, now = request.actor, clock.now()
    found = accounts.customers(actor.scope).filter(pk=customer_id).first()
    if found is None:
        raise NotFound(_("There is no such customer."))
    query, page = typed.search_words(request.GET.get("q", "")), request.GET.get("page", "1")
    agreement = payments.agreements(actor.scope, customer_id=customer_id, on=clock.day_of(now)).first()
    context = {
        "customer": found,
        "table": fleet_table.table(actor.scope, customer_id=customer_id, query=query, page=page, now=now),
        "needs": needs.needs(actor, customer_id=customer_id, now=now),
        "orders": list(orders.orders(actor.scope, customer_id=customer_id)[:SHORT]),
        "people": accounts.people(actor.scope, customer_id=customer_id),
        "assistants": list(fleet.assistants(actor.scope, customer_id=customer_id)),
        "agreement": agreement,
        "credit": payments.credit(agreement) if agreement else None,
    }
    return render(request, "dealer/customer.html", context)


@require_POST
@access.opens(Permission.ORDER, ScopeKind.DEALER)
def send_again(request: access.Request, purchase_order_id: int) -> HttpResponse:
    """The dealer has seen to why a purchase order failed."""
    ship.send_again(actor=request.actor, purchase_order_id=purchase_order_id, now=clock.now())
    messages.success(request, gettext("It is sent again now."))
    return redirect("dealer_home")


def _silent(scope: Scope, *, now: datetime) -> list[Assistant]:
    """Computers that have not reported for a day, the longest silence first."""
    quiet = Q(last_report_at__lt=now - SILENT_AFTER) | Q(last_report_at__isnull=True, paired_at__lt=now - SILENT_AFTER)
    return list(fleet.assistants(scope).filter(quiet).select_related("customer", "site").order_by("last_report_at"))
