"""What was sent to a provider, and its next steps."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import Conflict, EconciergeError, Invalid
from econcierge.interfaces.shared import typed
from econcierge.interfaces.web import access
from econcierge.journeys import ask_for_service
from econcierge.service import queries as service
from econcierge.service import rules
from econcierge.service.models import ServiceRequest
from econcierge.service.types import State

NEEDS_NOTE = frozenset({State.COMPLETED, State.DECLINED})


@require_safe
@access.opens(Permission.WORK_ON_SERVICE, ScopeKind.PROVIDER)
def home(request: access.Request) -> HttpResponse:
    found = service.requests(request.actor.scope)
    context = {
        "waiting": found.filter(state__in=(State.DISPATCHED, State.SCHEDULED, State.COMPLETED)),
        "done": found.filter(state__in=(State.CLOSED, State.CANCELLED, State.DECLINED))[:20],
    }
    return render(request, "provider/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.WORK_ON_SERVICE, ScopeKind.PROVIDER)
def repair(request: access.Request, request_id: int) -> HttpResponse:
    """GET: the request with its next steps. POST `to_state`, `note`, `visit_on`: one of them."""
    found = service.request(request.actor.scope, request_id=request_id)
    if request.method != "POST":
        return _page(request, found)
    try:
        _move(request, found)
    except (Invalid, Conflict) as error:
        return _page(request, found, error=error)
    messages.success(request, _("Saved. The customer is told."))
    return redirect("provider_request", request_id)


def _page(request: access.Request, found: ServiceRequest, *, error: EconciergeError | None = None) -> HttpResponse:
    moves = rules.MOVES[State(found.state)] & rules.PROVIDER_MOVES
    context = {
        "repair": found,
        "events": service.events(found),
        "moves": {state.value for state in moves},
        "error": error,
        "given": request.POST,
    }
    return render(request, "provider/request.html", context, status=400 if error else 200)


def _move(request: access.Request, found: ServiceRequest) -> None:
    to = _state(request.POST.get("to_state", ""))
    note = typed.readable(request.POST.get("note", "")).strip()[:2000]
    if to in NEEDS_NOTE and not note:
        raise Invalid(_("Say what was done, or why not: the customer reads it."), fields=("note",))
    visit_on = _day(request.POST.get("visit_on", "")) if to is State.SCHEDULED else None
    ask_for_service.move(actor=request.actor, request_id=found.pk, to=to, note=note, visit_on=visit_on, now=clock.now())


def _state(text: str) -> State:
    try:
        return State(text)
    except ValueError:
        raise Invalid(_("There is no such step."), fields=("to_state",)) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Give the day of the visit."), fields=("visit_on",)) from None
