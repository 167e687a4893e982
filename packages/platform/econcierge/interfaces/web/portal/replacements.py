"""A replacement that the programme did not deliver: its evidence, the customer's word, the decision, the contest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Permission, Role, ScopeKind
from econcierge.core import clock
from econcierge.coverage.types import ExplanationReason, Outcome
from econcierge.fleet import queries as fleet
from econcierge.interfaces.shared import wording
from econcierge.interfaces.web import access
from econcierge.journeys import explain_replacement
from econcierge.supplies import queries as supplies

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
REASONS = {
    ExplanationReason.SHELF: gettext_lazy("It was on our shelf from before the printer was enrolled"),
    ExplanationReason.DEALER_GIFT: gettext_lazy("Our dealer gave it to us"),
    ExplanationReason.SERVICE_VISIT: gettext_lazy("A technician put it in"),
    ExplanationReason.BOUGHT_ELSEWHERE: gettext_lazy("We bought it elsewhere"),
    ExplanationReason.GAUGE_ERROR: gettext_lazy("Nothing was replaced: the printer is mistaken"),
}
EVIDENCE = {
    "serial_of_another_customer": gettext_lazy("Its serial number was seen in another customer’s printer before."),
    "contract_or_foreign_part": gettext_lazy(
        "The printer names a part that is sold under contract or in other countries."
    ),
    "part_not_of_this_slot": gettext_lazy("The printer names a part that the catalogue does not know for this place."),
    "never_delivered": gettext_lazy("The printer names a part that was never delivered, and none was on the shelf."),
}
OUTCOMES = {
    Outcome.EXCUSED: gettext_lazy("Excused: the printer stays covered"),
    Outcome.OUTSIDE_SUPPLY: gettext_lazy("A supply from outside the programme: coverage ends"),
}


class Explanation(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Where did it come from?"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("What else should be known"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Decision(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The customer reads this."),
    )


class Contest(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Why the decision is wrong"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def replacement(request: access.Request, printer_id: int, cartridge_id: int) -> HttpResponse:
    actor, now = request.actor, clock.now()
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    found = explain_replacement.doubt(actor, printer_id=printer_id, cartridge_id=cartridge_id)
    kind = _form_for(request, found)
    form = None if kind is None else kind(request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        _keep(request, form, printer_id=printer_id, cartridge_id=cartridge_id, now=now)
        return redirect("replacement", printer_id, cartridge_id)
    context = {"printer": printer, "doubt": found, "form": form, "said": _said(found), **_seen(request, found)}
    return render(request, "portal/replacement.html", context)


def _form_for(request: access.Request, found: explain_replacement.Doubt) -> type[forms.Form] | None:
    """Who may say something now: the customer explains or contests, the dealer decides, the operator ends it."""
    actor = request.actor
    may_decide = roles.may(actor.role, Permission.DECIDE_OUTSIDE_SUPPLY)
    may_say = actor.scope.kind is ScopeKind.CUSTOMER and roles.may(actor.role, Permission.ORDER)
    if may_decide and (
        found.is_open or (found.is_contested and not _ended(found) and actor.role is Role.OPERATOR_ADMIN)
    ):
        return Decision
    if may_say and found.is_open:
        return Explanation
    if may_say and found.decided == Outcome.OUTSIDE_SUPPLY and not found.is_contested:
        return Contest
    return None


def _ended(found: explain_replacement.Doubt) -> bool:
    contests = [one.at for one in found.said if one.kind == "contest"]
    return bool(contests) and found.verdict.at > max(contests)


def _keep(request: access.Request, form: forms.Form, *, now: datetime, **where: int) -> None:
    said = form.cleaned_data
    if isinstance(form, Explanation):
        reason = ExplanationReason(said["reason"])
        explain_replacement.explain(actor=request.actor, reason=reason, text=said["text"], now=now, **where)
        messages.success(request, _("Sent to your dealer, who decides."))
    elif isinstance(form, Decision):
        outcome = Outcome(said["outcome"])
        explain_replacement.decide(actor=request.actor, outcome=outcome, note=said["note"], now=now, **where)
        messages.success(request, _("Decided. The customer sees it on this page."))
    else:
        explain_replacement.contest(actor=request.actor, text=said["text"], now=now, **where)
        messages.success(request, _("Sent to the programme operator, who decides."))


def _said(found: explain_replacement.Doubt) -> list[dict[str, Any]]:
    return [
        {
            "at": one.at,
            "by": one.by_name,
            "what": REASONS[ExplanationReason(one.reason)] if one.reason else _("The decision was contested"),
            "text": one.text,
        }
        for one in found.said
    ]


def _seen(request: access.Request, found: explain_replacement.Doubt) -> dict[str, Any]:
    cartridge = found.verdict.cartridge
    lives = supplies.cartridges(request.actor.scope, slot_ids=[cartridge.slot_id])
    before = next((one for one in lives if one.sequence == cartridge.sequence - 1), None)
    return {
        "supply": wording.supply(cartridge.slot.kind, cartridge.slot.colour, cartridge.slot.description),
        "cartridge": cartridge,
        "evidence": EVIDENCE.get(found.verdict.evidence.get("code", ""), ""),
        "note": found.verdict.evidence.get("note", ""),
        "left": before.percent_when_left if before else None,
        "waits_for_operator": found.is_contested and not _ended(found),
        "outcome": OUTCOMES[Outcome(found.decided)] if found.decided else "",
    }
