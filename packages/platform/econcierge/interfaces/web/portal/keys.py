"""Connected applications and keys: what acts for a person, made here by hand or by pairing, and taken back here."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from econcierge.accounts import tokens
from econcierge.accounts.types import ScopeKind, TokenKind
from econcierge.core import clock
from econcierge.core.errors import Invalid, NotAllowed
from econcierge.interfaces.web import access

USERS = (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL)


class NewKey(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=120,
        help_text=gettext_lazy("Such as “Accounting system”, so that you know it again."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def keys(request: access.Request) -> HttpResponse:
    """GET: all of a person's own. POST: a new one, whose text is shown this once."""
    form, made = NewKey(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(request, form.cleaned_data["name"])
        except Invalid as error:
            form.add_error("name", str(error))
        else:
            form = NewKey()
    assert request.actor.user_id is not None  # the page is for people who signed in
    context = {
        "form": form,
        "made": made,
        "keys": list(tokens.in_use(user_id=request.actor.user_id).select_related("membership")),
        "may_have": request.actor.scope.kind in USERS,
        "openapi": reverse("api-1:openapi-json"),
    }
    return render(request, "portal/keys.html", context, status=400 if form.is_bound else 200)


def _made(request: access.Request, name: str) -> str:
    if request.membership is None or request.actor.scope.kind not in USERS:
        raise NotAllowed(_("Keys are for customers and dealers."))
    _row, text = tokens.create(
        membership=request.membership, name=name, kind=TokenKind.INTEGRATION, now=clock.now(), actor=request.actor
    )
    return text


@require_POST
@access.signed_in
def revoke(request: access.Request, token_id: int) -> HttpResponse:
    taken = tokens.revoke(actor=request.actor, token_id=token_id, now=clock.now())
    messages.success(request, _("%(name)s can no longer act for you.") % {"name": taken.name})
    return redirect("keys")
