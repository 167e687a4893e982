"""Connecting a computer: type its code or follow its link, see what it will be able to do, approve or refuse."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from econcierge.accounts import invitations, scoping
from econcierge.core import clock, codes
from econcierge.core.errors import EconciergeError, Invalid, NotAllowed, NotFound
from econcierge.fleet import pairing
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import PairingRequest, Site
from econcierge.fleet.types import Client
from econcierge.interfaces.web import access
from econcierge.journeys import join

MOST_SITES = 500


class Code(forms.Form):
    code = forms.CharField(
        label=_("The code that the computer shows"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Eight letters, such as BDWP-HQPK."),
    )


class Place(forms.Form):
    """Where the computer's printers are; asked only where there is a choice."""

    site = forms.ModelChoiceField(label=_("The site whose printers it reads"), queryset=Site.objects.none())

    def __init__(self, *arguments: Any, sites: list[Site], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        shown = [(site.pk, f"{site.customer.name}, {site.name}") for site in sites]
        self.fields["site"].choices = shown if len(shown) == 1 else [("", "—"), *shown]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: access.Request) -> HttpResponse:
    """Signs in first; somebody whose computer carries an invitation joins first."""
    if request.actor.user_id is None:
        return _to_join(request) or access.to_sign_in(request)
    return _pair(request)


def _to_join(request: access.Request) -> HttpResponse | None:
    """The page of the invitation that the waiting computer carries, which leads back here."""
    with scoping.as_the_platform(request.actor.scope):
        code = pairing.invitation_of(typed=request.GET.get("code", ""), now=clock.wall())
        try:
            invitation = invitations.waiting(code=code, now=clock.wall())
        except NotFound:
            return None
        return redirect(join.link(invitation, then=request.get_full_path()))


def _pair(request: access.Request) -> HttpResponse:
    """No code: asks for it. A code: who waits with it. POST `answer`: approve or refuse."""
    typed = (request.POST if request.method == "POST" else request.GET).get("code", "")
    if not typed:
        return _ask(request, Code())
    if request.actor.scope.kind not in pairing.USERS:
        raise NotAllowed(_("Only a customer’s or a dealer’s people connect computers."))
    try:
        found = pairing.waiting(actor=request.actor, typed=typed, now=clock.wall())
    except NotFound as error:
        pairing.note_wrong_code(actor=request.actor, now=clock.wall())
        return _ask(request, _wrong(typed, error))
    except NotAllowed as error:
        return _ask(request, _wrong(typed, error), status=429)
    answer = request.POST.get("answer", "")
    if answer == "refuse":
        pairing.refuse(actor=request.actor, request=found, now=clock.wall(), at=clock.now())
        return render(request, "portal/pair_done.html", {"refused": True, "found": found})
    return _approve(request, found) if answer == "approve" else _decide(request, found)


def _ask(request: access.Request, form: Code, *, status: int = 0) -> HttpResponse:
    return render(request, "portal/pair.html", {"form": form}, status=status or (400 if form.is_bound else 200))


def _wrong(typed: str, error: EconciergeError) -> Code:
    form = Code({"code": typed[:20]})
    form.is_valid()
    form.add_error("code", str(error))
    return form


def _approve(request: access.Request, found: PairingRequest) -> HttpResponse:
    halves = _allowed(request, found)
    place = _place(request, halves, data=request.POST)
    if place is not None and not place.is_valid():
        return _decide(request, found, place=place)
    assert request.membership is not None  # who has no role may approve nothing, which `approve` has said
    try:
        approved = pairing.approve(
            actor=request.actor, membership=request.membership, request=found,
            site=place.cleaned_data["site"] if place else None, now=clock.wall(), at=clock.now(),
        )  # fmt: skip
    except Invalid as error:
        return _decide(request, found, error=error)
    return render(request, "portal/pair_done.html", {"found": found, "approved": {half.client for half in approved}})


def _allowed(request: access.Request, found: PairingRequest) -> list[PairingRequest]:
    halves = pairing.halves(found, now=clock.wall())
    allowed = [half for half in halves if pairing.may_approve(request.actor, half)]
    if not allowed:
        raise NotAllowed(_("Your role does not let you connect a computer. Ask your company’s administrator."))
    return allowed


def _place(request: access.Request, allowed: list[PairingRequest], *, data: Any = None) -> Place | None:
    if not any(half.client == Client.ASSISTANT for half in allowed):
        return None
    sites = list(fleet.sites(request.actor.scope)[:MOST_SITES])
    return Place(data, sites=sites)


def _decide(
    request: access.Request, found: PairingRequest, *, place: Place | None = None, error: Invalid | None = None
) -> HttpResponse:
    allowed = _allowed(request, found)
    clients = {half.client for half in allowed}
    context = {
        "found": found,
        "code": codes.shown(found.user_code),
        "reads": Client.ASSISTANT in clients,
        "desktop": Client.DESKTOP in clients,
        "company": _company(request) if Client.DESKTOP in clients else "",
        "left_out": len(pairing.halves(found, now=clock.wall())) > len(allowed),
        "place": place or _place(request, allowed),
        "error": error,
        "wall": clock.wall(),
    }
    return render(request, "portal/pair_decide.html", context, status=400 if error or place else 200)


def _company(request: access.Request) -> str:
    """For which of a person's companies the desktop application will act."""
    role = request.membership
    organisation = role and (role.customer or role.dealer)
    return organisation.name if organisation else ""
