"""The computers that report, and what they delivered that could not be used, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from econcierge.accounts.types import Permission, Scope, ScopeKind
from econcierge.core import clock
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Assistant
from econcierge.interfaces.shared import wording
from econcierge.interfaces.web import access
from econcierge.supplies import queries as supplies
from econcierge.supplies.types import RefusedReading

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
LOOKED_BACK = timedelta(days=7)
SILENT_AFTER = timedelta(hours=24)
MOST_COMPUTERS = 100
MOST_REFUSED = 12  # a computer


@dataclass(frozen=True, slots=True)
class NotUsed:
    """One printer's readings that could not be used."""

    target: str  # its address, as the computer asked it
    why: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Computer:
    name: str
    site: str
    customer_id: int
    customer: str
    last_report_at: datetime | None
    is_silent: bool
    not_used: tuple[NotUsed, ...]
    more: int  # that are not shown


@require_safe
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def computers(request: access.Request) -> HttpResponse:
    """All that a person may see; `?customer=` narrows a dealer's page to one customer."""
    asked = request.GET.get("customer", "")
    customer_id = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    found = connected(request.actor.scope, customer_id=customer_id, now=clock.now())
    return render(request, "portal/computers.html", {"computers": found})


def connected(scope: Scope, *, customer_id: int | None, now: datetime) -> list[Computer]:
    """Two queries however many computers; those that were silent longest first."""
    found = fleet.assistants(scope, customer_id=customer_id).select_related("site", "customer")
    rows = list(found.order_by("last_report_at", "customer__name", "name", "id")[:MOST_COMPUTERS])
    refused = supplies.refused_readings(scope, assistant_ids=[row.pk for row in rows], since=now - LOOKED_BACK)
    return [_computer(row, refused.get(row.pk, []), now=now) for row in rows]


def _computer(row: Assistant, refused: list[RefusedReading], *, now: datetime) -> Computer:
    return Computer(
        name=row.name,
        site=row.site.name,
        customer_id=row.customer_id,
        customer=row.customer.name,
        last_report_at=row.last_report_at,
        is_silent=(row.last_report_at or row.paired_at) < now - SILENT_AFTER,
        not_used=tuple(
            NotUsed(one.target, wording.word("refusal", one.reason), one.at, one.times)
            for one in refused[:MOST_REFUSED]
        ),
        more=max(0, len(refused) - MOST_REFUSED),
    )
