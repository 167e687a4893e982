"""When people are told: a customer's own marks, which can only be earlier, and the dealer's mail before them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Permission, ScopeKind
from econcierge.alerts import operations as alerts
from econcierge.alerts import queries as alert_queries
from econcierge.alerts import rules
from econcierge.fleet import queries as fleet
from econcierge.interfaces.shared import numbers, wording
from econcierge.interfaces.web import access

KINDS = ("toner", "ink", "drum", "imaging_unit", "waste_container", "fuser", "transfer_belt", "maintenance_kit")
MOST_PRINTERS_LISTED = 500
EVERY = "all"


class Mark(forms.Form):
    place = forms.ChoiceField(label=gettext_lazy("Where"), initial=EVERY)
    kind = forms.ChoiceField(label=gettext_lazy("Supply"), initial=EVERY)
    low_percent = forms.IntegerField(label=gettext_lazy("Low, at so many percent"), min_value=1, max_value=90)
    almost_empty_percent = forms.IntegerField(
        label=gettext_lazy("Almost empty, at so many percent"), min_value=1, max_value=90, required=False
    )

    def __init__(self, *arguments: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["place"].choices = [(EVERY, _("everywhere")), *places]
        self.fields["kind"].choices = [(EVERY, _("every supply")), *((kind, wording.supply(kind)) for kind in KINDS)]

    def clean_low_percent(self) -> int:
        percent: int = self.cleaned_data["low_percent"]
        if percent <= rules.PROGRAMME_MARKS.low_percent:
            mark = numbers.percent(rules.PROGRAMME_MARKS.low_percent)
            raise forms.ValidationError(_("You are told at %(mark)s in any case; choose more.") % {"mark": mark})
        return percent

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        low, empty = given.get("low_percent"), given.get("almost_empty_percent")
        mark = rules.PROGRAMME_MARKS.almost_empty_percent
        if empty is not None and low is not None and not mark < empty < low:
            named = {"mark": numbers.percent(mark), "low": numbers.percent(low)}
            self.add_error("almost_empty_percent", _("Choose between %(mark)s and %(low)s.") % named)
        return given


class Wish(forms.Form):
    wanted = forms.BooleanField(label=gettext_lazy("Tell my people before the customer"), required=False)
    points = forms.IntegerField(
        label=gettext_lazy("So many points earlier"), min_value=0, max_value=50, required=False,
        help_text=gettext_lazy(
            "With 10, you hear at 30 % where your customer hears at 20 %. What is ordered already is left out."
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.SEE_FLEET, ScopeKind.CUSTOMER, ScopeKind.DEALER)
def marks(request: access.Request) -> HttpResponse:
    if request.actor.scope.kind is ScopeKind.DEALER:
        return _dealers(request)
    may_change = roles.may(request.actor.role, Permission.MANAGE_FLEET)
    form = Mark(request.POST or None, places=_places(request), initial={"low_percent": 25})
    if request.method == "POST" and may_change and form.is_valid():
        alerts.set_mark(actor=request.actor, **_placed(form.cleaned_data))
        messages.success(request, sentence(form.cleaned_data["kind"], form.cleaned_data["low_percent"]))
        return redirect("marks")
    percent, kind = form["low_percent"].value(), form["kind"].value()
    context = {
        "form": form, "may_change": may_change, "known": _known(request),
        "sentence": sentence(kind, int(percent)) if str(percent).isdecimal() else "",
    }  # fmt: skip
    return render(request, "notices/marks.html", context, status=400 if form.errors else 200)


@require_safe
@access.opens(Permission.SEE_FLEET, ScopeKind.CUSTOMER)
def preview(request: access.Request) -> HttpResponse:
    """The sentence beside the field, while it is being chosen (P25)."""
    percent, kind = request.GET.get("low_percent", ""), request.GET.get("kind", "")
    is_known = percent.isascii() and percent.isdecimal() and 1 <= int(percent[:4]) <= 90 and kind in (EVERY, *KINDS)
    text = sentence(kind, int(percent)) if is_known else _("Choose a number from 1 to 90.")
    return render(request, "notices/sentence.html", {"sentence": text})


@require_POST
@access.opens(Permission.MANAGE_FLEET, ScopeKind.CUSTOMER)
def forget(request: access.Request, mark_id: int) -> HttpResponse:
    alerts.forget_mark(actor=request.actor, mark_id=mark_id)
    return redirect("marks")


def sentence(kind: str, percent: int) -> str:
    """ "You will be told when toner falls to 25 % or lower", so that nobody wonders which way it counts."""
    mark = rules.PROGRAMME_MARKS.low_percent
    named = {"percent": numbers.percent(max(percent, mark))}
    named["supply"] = wording.the_supply(kind) if kind in KINDS else ""
    if percent <= mark:
        return (
            _("You are told at %(percent)s or lower in any case, or earlier where the model’s mark is higher.") % named
        )
    if kind not in KINDS:
        return _("You will be told when a supply falls to %(percent)s or lower.") % named
    if kind == "waste_container":
        return _("You will be told when the space left in %(supply)s falls to %(percent)s or lower.") % named
    return _("You will be told when %(supply)s falls to %(percent)s or lower.") % named


def _dealers(request: access.Request) -> HttpResponse:
    wish = alert_queries.dealer_wish(dealer_id=request.actor.scope.dealer_id)
    known = {"wanted": wish.wanted, "points": wish.points} if wish else {"wanted": False, "points": 10}
    may_change = roles.may(request.actor.role, Permission.MANAGE_PEOPLE)
    form = Wish(request.POST or None, initial=known)
    if request.method == "POST" and may_change and form.is_valid():
        given = form.cleaned_data
        alerts.set_dealer_wish(actor=request.actor, wanted=given["wanted"], points=given["points"] or 0)
        messages.success(request, _("Saved."))
        return redirect("marks")
    context = {"form": form, "may_change": may_change}
    return render(request, "notices/dealer.html", context, status=400 if form.errors else 200)


def _places(request: access.Request) -> list[tuple[str, str]]:
    sites = [(f"s{site.pk}", site.name) for site in fleet.sites(request.actor.scope)]
    printers = fleet.printers(request.actor.scope).order_by("id")[:MOST_PRINTERS_LISTED]
    return sites + [(f"p{printer.pk}", printer.name) for printer in printers]


def _placed(given: dict[str, Any]) -> dict[str, Any]:
    place = given["place"]
    return {
        "site_id": int(place[1:]) if place.startswith("s") else None,
        "printer_id": int(place[1:]) if place.startswith("p") else None,
        "kind": given["kind"] if given["kind"] in KINDS else "",
        "low_percent": given["low_percent"],
        "almost_empty_percent": given["almost_empty_percent"],
    }


def _known(request: access.Request) -> list[dict[str, Any]]:
    found = alert_queries.customer_marks(request.actor.scope)
    return [
        {
            "id": mark.pk,
            "place": mark.printer.name if mark.printer else mark.site.name if mark.site else _("everywhere"),
            "sentence": sentence(mark.kind, mark.low_percent),
            "again": "" if mark.almost_empty_percent is None else numbers.percent(mark.almost_empty_percent),
        }
        for mark in found
        if mark.low_percent is not None
    ]
