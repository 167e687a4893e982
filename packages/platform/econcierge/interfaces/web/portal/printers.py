"""A printer's page, what people say of it, and its enrolment."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import Invalid
from econcierge.fleet import assistants, operations
from econcierge.fleet import queries as fleet
from econcierge.interfaces.web import access
from econcierge.interfaces.web.portal import printer_page
from econcierge.journeys import enrol as enrolment

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)


class Description(forms.Form):
    """What people know of a printer and the printer does not."""

    label = forms.CharField(
        label=gettext_lazy("What you call it"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as “Reception”. This name stands in mails and lists."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where it stands"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Such as “2nd floor, beside the kitchen”. The technician looks for it there."),
    )
    installed_on = forms.DateField(
        label=gettext_lazy("Installed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A printer can be covered until it is five years old."),
    )
    warranty_ends_on = forms.DateField(
        label=gettext_lazy("Manufacturer’s warranty ends on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: one year after it was installed. A printer can be enrolled until that day."),
    )
    extension_ends_on = forms.DateField(
        label=gettext_lazy("Purchased warranty extension ends on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    managed_print = forms.BooleanField(
        label=gettext_lazy("It is under a managed print services agreement"), required=False
    )


@require_safe
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def printer(request: access.Request, printer_id: int) -> HttpResponse:
    found = fleet.printer(request.actor.scope, printer_id=printer_id)
    return render(request, "portal/printer.html", printer_page.page(request.actor, found, now=clock.now()))


@require_POST
@access.opens(Permission.SEE_FLEET, *AUDIENCES)
def read_now(request: access.Request, printer_id: int) -> HttpResponse:
    """Has the computers of its site read it now."""
    found = fleet.printer(request.actor.scope, printer_id=printer_id)
    if assistants.ask_to_read_printer(actor=request.actor, printer=found, now=clock.now()):
        messages.success(request, _("The printer is read within a minute; this page then shows it by itself."))
    else:
        messages.warning(request, _("No connected computer reads this printer."))
    return redirect("printer", printer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.MANAGE_FLEET, *AUDIENCES)
def describe(request: access.Request, printer_id: int) -> HttpResponse:
    found = fleet.printer(request.actor.scope, printer_id=printer_id)
    known = {name: getattr(found, name) for name in Description.base_fields}
    form = Description(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            operations.describe_printer(actor=request.actor, printer=found, now=clock.now(), **form.cleaned_data)
        except Invalid as error:
            for field in error.fields or (None,):
                form.add_error(field, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("printer", printer_id)
    return render(request, "portal/describe.html", {"form": form, "printer": found})


@require_POST
@access.opens(Permission.MANAGE_FLEET, *AUDIENCES)
def enrol(request: access.Request, printer_id: int) -> HttpResponse:
    found = fleet.printer(request.actor.scope, printer_id=printer_id)
    enrolment.enrol(actor=request.actor, printer=found, now=clock.now())
    messages.success(request, _("The printer is enrolled. Its coverage is worked out now and shown below in a moment."))
    return redirect("printer", printer_id)
