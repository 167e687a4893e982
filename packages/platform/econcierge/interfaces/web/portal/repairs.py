"""Asking for a repair, with the coverage of this moment said first, and following it (R34)."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.coverage.types import Status
from econcierge.fleet import queries as fleet
from econcierge.interfaces.shared import wording
from econcierge.interfaces.web import access
from econcierge.journeys import ask_for_service
from econcierge.service import queries as service
from econcierge.service import rules
from econcierge.service.types import State

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
A_PAGE = 40


class Problem(forms.Form):
    problem = forms.CharField(
        label=_("What is wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you see, since when, and what the printer’s panel says."),
    )
    contact_name = forms.CharField(label=_("Whom should the technician ask for?"), max_length=120)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)


@require_safe
@access.opens(Permission.ASK_FOR_SERVICE, *AUDIENCES)
def repairs(request: access.Request) -> HttpResponse:
    sheet = Paginator(service.requests(request.actor.scope), A_PAGE).get_page(request.GET.get("page", "1"))
    return render(request, "portal/repairs.html", {"repairs": sheet})


@require_safe
@access.opens(Permission.ASK_FOR_SERVICE, *AUDIENCES)
def repair(request: access.Request, request_id: int) -> HttpResponse:
    found = service.request(request.actor.scope, request_id=request_id)
    context = {
        "repair": found,
        "events": service.events(found),
        "may_cancel": rules.may_move(state=State(found.state), to=State.CANCELLED),
    }
    return render(request, "portal/repair.html", context)


@require_POST
@access.opens(Permission.ASK_FOR_SERVICE, *AUDIENCES)
def cancel(request: access.Request, request_id: int) -> HttpResponse:
    ask_for_service.move(actor=request.actor, request_id=request_id, to=State.CANCELLED, note="", now=clock.now())
    return redirect("repair", request_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.ASK_FOR_SERVICE, *AUDIENCES)
def ask(request: access.Request, printer_id: int) -> HttpResponse:
    actor, now = request.actor, clock.now()
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    first = {"submission_key": uuid4(), "contact_name": actor.name}
    form = Problem(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        key: UUID = said.pop("submission_key")
        opened = ask_for_service.ask(actor=actor, printer_id=printer_id, submission_key=key, now=now, **said)
        return redirect("repair", opened.pk)
    decision = ask_for_service.coverage_now(printer=printer, now=now)
    context = {
        "form": form,
        "printer": printer,
        "is_covered": decision.status in (Status.ACTIVE, Status.AT_RISK),
        "reasons": [wording.word("reason", reason) for reason in decision.reasons],
    }
    return render(request, "portal/ask_for_repair.html", context)
