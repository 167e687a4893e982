"""How the printers of a site are found and read: what its computers are told."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import Invalid
from econcierge.fleet import site_settings
from econcierge.fleet.types import WatchSettings
from econcierge.interfaces.web import access

AUDIENCES = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)
IN_MINUTES = ("interval_s", "near_empty_interval_s", "night_interval_s")
METHODS = [
    ("sweep", gettext_lazy("Ask every address of the networks above")),
    ("mdns", gettext_lazy("Listen for printers that announce themselves (Bonjour)")),
    ("broadcast", gettext_lazy("Call once to all printers of the network (SNMP)")),
]


def _minutes(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=1440, help_text=help_text)


def _time(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, help_text=help_text)


class Reading(forms.Form):
    """The settings as people think of them: minutes, and one place a line."""

    ranges = forms.CharField(
        label=gettext_lazy("Networks in which printers are looked for"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line: 10.0.0.0/24, 10.0.0.10-10.0.0.99, an address or a name. Empty: the network in which the "
            "computer itself is."
        ),
    )
    deny = forms.CharField(
        label=gettext_lazy("Never ask"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("Addresses, networks or MAC addresses that are left alone, one a line."),
    )
    interval_s = _minutes(gettext_lazy("Read every (minutes)"))
    near_empty_interval_s = _minutes(gettext_lazy("Near empty, every (minutes)"))
    night_interval_s = _minutes(
        gettext_lazy("At night, every (minutes)"), gettext_lazy("Sleeping printers are not woken for nothing.")
    )
    night_from = _time(pgettext_lazy("night", "Night begins at"))
    night_to = _time(pgettext_lazy("night", "Night ends at"))
    discover = forms.BooleanField(label=gettext_lazy("Look for new printers every night"), required=False)
    discovery_at = _time(gettext_lazy("Look for them at"))
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("How they are found"),
        choices=METHODS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.MANAGE_FLEET, *AUDIENCES)
def reading(request: access.Request, site_id: int) -> HttpResponse:
    site = site_settings.site(request.actor.scope, site_id=site_id)
    present = site_settings.of_site(site)
    form = Reading(request.POST or None, initial=_shown(present))
    if request.method == "POST" and form.is_valid():
        try:
            wanted = _wanted(form.cleaned_data, present)
            site_settings.change(actor=request.actor, site=site, wanted=wanted, now=clock.now())
        except Invalid as error:
            for field in error.fields or (None,):
                form.add_error(field, str(error))
        else:
            messages.success(request, _("Saved. The computers of this site follow within minutes."))
            return redirect("site_reading", site_id)
    return render(request, "portal/reading.html", {"form": form, "site": site, "version": present.version})


def _shown(present: WatchSettings) -> dict[str, Any]:
    values = dataclasses.asdict(present)
    values |= {name: max(1, values[name] // 60) for name in IN_MINUTES}
    return values | {name: "\n".join(values[name]) for name in ("ranges", "deny")}


def _wanted(said: dict[str, Any], present: WatchSettings) -> WatchSettings:
    return dataclasses.replace(
        present,
        **{name: said[name] * 60 for name in IN_MINUTES},
        **{name: tuple(said[name].replace(",", "\n").splitlines()) for name in ("ranges", "deny")},
        **{name: said[name] for name in ("night_from", "night_to", "discover", "discovery_at")},
        methods=tuple(said["methods"]),
    )
