"""What a person has to sort out: serials that two printers claim. And what lies on the shelf."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue.models import Part
from econcierge.core import clock
from econcierge.core.errors import NotFound
from econcierge.fleet import disputes
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer, Site
from econcierge.interfaces.shared import wording
from econcierge.interfaces.web import access
from econcierge.supplies import queries as supplies
from econcierge.supplies import shelf
from econcierge_printers.identity import Verdict

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
SAMENESS = {
    Verdict.SAME: gettext_lazy("Other signs agree too: most likely they are one printer."),
    Verdict.DIFFERENT: gettext_lazy("Other signs differ: most likely they are two printers."),
    Verdict.UNSURE: gettext_lazy("The other signs do not settle it."),
}


@require_safe
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def to_sort_out(request: access.Request) -> HttpResponse:
    scope = request.actor.scope
    found = [(one, SAMENESS[one.sameness.verdict]) for one in disputes.disputes(scope)]
    return render(request, "portal/sorting.html", {"disputes": found, "merged": disputes.merged(scope)})


@require_POST
@access.opens(Permission.MANAGE_FLEET, *AUDIENCES)
def sort_out(request: access.Request, printer_id: int) -> HttpResponse:
    """`what` is merge (with `into`), apart or undo."""
    actor, now = request.actor, clock.now()
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    what = request.POST.get("what", "")
    if what == "merge":
        disputes.merge(actor=actor, printer=printer, into=_named(request), now=now)
        messages.success(request, _("They are one printer from now on. It can be taken back below."))
    elif what == "undo":
        disputes.take_apart_again(actor=actor, printer=printer, now=now)
        messages.success(request, _("They are two printers again."))
    elif what == "apart":
        disputes.tell_apart(actor=actor, printer=printer, now=now)
        messages.success(request, _("They stay two printers; you are not asked again."))
    return redirect("to_sort_out")


def _named(request: access.Request) -> Printer:
    into = request.POST.get("into", "")
    if not (into.isascii() and into.isdecimal() and len(into) < 19):
        raise NotFound(_("There is no such printer."))
    return fleet.printer(request.actor.scope, printer_id=int(into))


class Count(forms.Form):
    """One part and how many of it lie there."""

    part = forms.ModelChoiceField(
        label=gettext_lazy("Supply"),
        queryset=Part.objects.none(),
        to_field_name="part_number",
        empty_label=gettext_lazy("Choose"),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many lie on the shelf"), min_value=0, max_value=shelf.MOST_ON_A_SHELF
    )

    def __init__(self, *arguments: object, parts: list[Part], **options: object) -> None:
        super().__init__(*arguments, **options)
        self.fields["part"].queryset = Part.objects.filter(pk__in=[part.pk for part in parts]).order_by("part_number")
        self.fields["part"].label_from_instance = _named_part


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.ORDER, ScopeKind.CUSTOMER, ScopeKind.DEALER)
def on_the_shelf(request: access.Request, site_id: int) -> HttpResponse:
    actor, now = request.actor, clock.now()
    site = fleet.sites(actor.scope).filter(pk=site_id).first()
    if site is None:
        raise NotFound(_("There is no such site."))
    form = Count(request.POST or None, parts=_parts(site))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        shelf.count(actor=actor, site=site, part=said["part"], quantity=said["quantity"], now=now)
        messages.success(request, _("Counted. It goes down by itself when one is put into a printer."))
        return redirect("on_the_shelf", site_id)
    spares = supplies.spares(actor.scope, site_ids=[site.pk])
    named = [(one, wording.supply(one.kind, one.colour)) for one in spares]
    context = {"site": site, "form": form, "spares": named}
    return render(request, "portal/shelf.html", context)


def _named_part(part: Part) -> str:
    return f"{part.part_number}, {wording.supply(part.kind, part.colour)}"


def _parts(site: Site) -> list[Part]:
    """Those that fit a printer of the site."""
    printers = Printer.objects.filter(site=site, retired_at__isnull=True, model__isnull=False)
    return catalogue.parts_for_models(model_ids=set(printers.values_list("model_id", flat=True)))
