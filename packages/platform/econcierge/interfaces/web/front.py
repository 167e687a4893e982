"""The first address: each role's own home, and switching between roles."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from econcierge.accounts import scoping
from econcierge.accounts.models import Membership, User
from econcierge.accounts.types import Scope, ScopeKind
from econcierge.core.errors import NotFound
from econcierge.interfaces.web import access, middleware
from econcierge.interfaces.web.portal import home as portal

HOMES = {
    ScopeKind.DEALER: "dealer_home",
    ScopeKind.PROVIDER: "provider_home",
    ScopeKind.ALL: "operator_home",
}


@dataclass(frozen=True, slots=True)
class RoleToChoose:
    membership_id: int
    role: str
    where: str
    is_current: bool


@access.signed_in
def home(request: access.Request) -> HttpResponse:
    kind = request.actor.scope.kind
    if kind is ScopeKind.NONE:
        return render(request, "web/no_role.html")
    if kind not in HOMES:
        return portal.home(request)
    return HttpResponseClientRedirect(reverse(HOMES[kind])) if request.htmx else redirect(HOMES[kind])


@access.signed_in
def roles(request: access.Request) -> HttpResponse:
    """A person's roles; POST `membership` goes on as that one."""
    if request.method == "POST":
        chosen = request.POST.get("membership", "")
        if chosen not in {str(membership.pk) for membership in request.memberships}:
            raise NotFound(_("You have no such role."))
        request.session[middleware.MEMBERSHIP_KEY] = int(chosen)
        return redirect("home")
    return render(request, "web/roles.html", {"roles": _to_choose(request)})


def _to_choose(request: access.Request) -> list[RoleToChoose]:
    """Names of organisations are read under each role's own scope; then this request's scope is entered again."""
    user = User.objects.get(pk=request.actor.user_id)
    current = request.membership.pk if request.membership else None
    found = []
    for membership in request.memberships:
        scoping.enter_as(user=user, membership=membership)
        found.append(RoleToChoose(membership.pk, membership.role, _where(membership), membership.pk == current))
    scoping.enter(request.actor.scope if current else Scope.nothing(user_id=user.pk))
    return found


def _where(membership: Membership) -> str:
    organisation = membership.customer or membership.dealer or membership.provider
    return organisation.name if organisation else _("The programme")
