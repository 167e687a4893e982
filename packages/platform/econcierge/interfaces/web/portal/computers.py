"""The computers that report: how they are, what they delivered that could not be used; searching, disconnecting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts.types import Permission, Scope, ScopeKind
from econcierge.core import clock
from econcierge.fleet import assistants, operations, rules, site_settings
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Assistant
from econcierge.interfaces.shared import moments, wording
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
    """`waiting`: reports that it could not deliver yet; `problems`: its own sentences."""

    assistant_id: int
    name: str
    site_id: int
    site: str
    customer_id: int
    customer: str
    last_report_at: datetime | None
    last_heartbeat_at: datetime | None
    version: str
    waiting: int
    oldest_waiting_at: datetime | None
    printers_read: int
    printers_silent: int
    problems: tuple[str, ...]
    clock: str  # a sentence where its clock is wrong, or empty
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
    heard = max((at for at in (row.last_report_at, row.last_heartbeat_at) if at), default=row.paired_at)
    return Computer(
        assistant_id=row.pk,
        name=row.name,
        site_id=row.site_id,
        site=row.site.name,
        customer_id=row.customer_id,
        customer=row.customer.name,
        last_report_at=row.last_report_at,
        last_heartbeat_at=row.last_heartbeat_at,
        version=row.version,
        waiting=row.waiting,
        oldest_waiting_at=row.oldest_waiting_at,
        printers_read=row.printers_read,
        printers_silent=row.printers_silent,
        problems=tuple(str(one.get("text", "")) for one in row.problems if one.get("text")),
        clock=_clock(row.clock_skew_s),
        is_silent=heard < now - SILENT_AFTER,
        not_used=tuple(
            NotUsed(one.target, wording.word("refusal", one.reason), one.at, one.times)
            for one in refused[:MOST_REFUSED]
        ),
        more=max(0, len(refused) - MOST_REFUSED),
    )


def _clock(skew_s: int | None) -> str:
    """`skew_s`: our clock less its own; empty within what readings are not moved for."""
    if skew_s is None or abs(skew_s) <= rules.CLOCK_TOLERANCE.total_seconds():
        return ""
    off = moments.how_long(timedelta(seconds=abs(skew_s)))
    if skew_s < 0:
        return _("This computer’s clock is %(off)s fast; its readings are dated by our clock.") % {"off": off}
    return _("This computer’s clock is %(off)s slow; its readings are dated by our clock.") % {"off": off}


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.MANAGE_FLEET, *AUDIENCES)
def disconnect(request: access.Request, assistant_id: int) -> HttpResponse:
    """GET asks once more, POST takes the computer's token back."""
    found = fleet.assistant(request.actor.scope, assistant_id=assistant_id)
    if request.method != "POST":
        return render(request, "portal/disconnect.html", {"computer": found})
    operations.revoke_assistant(actor=request.actor, assistant=found, now=clock.now())
    messages.success(request, _("%(name)s is disconnected. What it still sends is not taken.") % {"name": found.name})
    return redirect("computers")


@require_POST
@access.opens(Permission.MANAGE_FLEET, *AUDIENCES)
def search(request: access.Request, site_id: int) -> HttpResponse:
    """Has the computers of a site look for printers now."""
    site = site_settings.site(request.actor.scope, site_id=site_id)
    if assistants.ask_to_search(actor=request.actor, site_id=site.pk, now=clock.now()):
        messages.success(request, _("The search begins within a minute. New printers appear by themselves."))
    else:
        messages.warning(request, _("No computer is connected at this site."))
    return redirect("computers")
