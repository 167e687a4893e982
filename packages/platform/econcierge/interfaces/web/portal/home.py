"""A customer's first page: what needs somebody, then every printer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from econcierge.core import clock
from econcierge.fleet import disputes
from econcierge.fleet import queries as fleet
from econcierge.interfaces.shared import typed
from econcierge.interfaces.web import access
from econcierge.interfaces.web.portal import fleet as fleet_table
from econcierge.interfaces.web.portal import needs


def home(request: access.Request) -> HttpResponse:
    actor, now = request.actor, clock.now()
    customer_id = actor.scope.customer_id
    table = fleet_table.table(
        actor.scope,
        customer_id=customer_id,
        query=typed.search_words(request.GET.get("q", "")),
        page=request.GET.get("page", "1"),
        now=now,
    )
    found = needs.needs(actor, customer_id=customer_id, now=now)
    assistants = list(fleet.assistants(actor.scope, customer_id=customer_id))
    reports = [one.last_report_at for one in assistants if one.last_report_at]
    context = {
        "table": table,
        "needs": found,
        "fine": max(0, table.total - len({need.printer_id for need in found.shown})),
        "looked_at": max(reports, default=None),
        "has_assistant": bool(assistants),
        "to_sort_out": len(disputes.disputes(actor.scope)),
    }
    return render(request, "portal/home.html", context)
