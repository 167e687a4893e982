"""A customer's first page: what needs somebody, then every printer."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.fleet import disputes
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer
from econcierge.interfaces.shared import typed
from econcierge.interfaces.web import access
from econcierge.interfaces.web.portal import fleet as fleet_table
from econcierge.interfaces.web.portal import needs
from econcierge.supplies import rules

SILENT_NAMED = 5


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
    silent = _silent(actor.scope, customer_id=customer_id, now=now)
    assistants = list(fleet.assistants(actor.scope, customer_id=customer_id))
    reports = [one.last_report_at for one in assistants if one.last_report_at]
    context = {
        "table": table,
        "needs": found,
        "fine": max(0, table.total - len({need.printer_id for need in found.shown} | set(silent))),
        "silent": len(silent),
        "silent_named": _named(actor.scope, silent[:SILENT_NAMED]),
        "looked_at": max(reports, default=None),
        "has_assistant": bool(assistants),
        "to_sort_out": len(disputes.disputes(actor.scope)),
    }
    return render(request, "portal/home.html", context)


def _silent(scope: Scope, *, customer_id: int | None, now: datetime) -> list[int]:
    """Printers that were read once and have said nothing for a week, the longest first: whether they are fine, nobody
    knows."""
    since = now - rules.SILENT_AFTER
    found = fleet.printers(scope, customer_id=customer_id).filter(last_read_at__lte=since)
    return list(found.order_by("last_read_at", "pk").values_list("pk", flat=True))


def _named(scope: Scope, printer_ids: list[int]) -> list[Printer]:
    if not printer_ids:
        return []
    found = fleet.printers(scope).in_bulk(printer_ids)
    return [found[printer_id] for printer_id in printer_ids if printer_id in found]
