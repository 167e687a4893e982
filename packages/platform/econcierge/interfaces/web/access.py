"""Who may open a page: signed in, with a permission, as one of the audiences. What is denied is said; what is
another's is not found."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from econcierge.accounts import rules
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Actor, Permission, ScopeKind
from econcierge.core.errors import NotAllowed

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as our middleware leaves it."""

    actor: Actor
    membership: Membership | None
    memberships: list[Membership]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then come back. A refresh of part of a page leads the whole page there, not that part."""
    address = redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(address.url) if request.htmx else address


def opens(permission: Permission, *audiences: ScopeKind) -> Callable[[View], View]:
    """A page for people with a permission, of any of the audiences (all of them when none is named)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *arguments: Any, **values: Any) -> HttpResponse:
            if request.actor.user_id is None:
                return to_sign_in(request)
            if audiences and request.actor.scope.kind not in audiences:
                raise NotAllowed(_("This page belongs to another role than yours."))
            if request.actor.role is None or not rules.may(request.actor.role, permission):
                raise NotAllowed(_("Your role does not include this."))
            return view(request, *arguments, **values)

        return guarded

    return decorate


def signed_in(view: View) -> View:
    """A page for anybody who has signed in, whatever their role."""

    @wraps(view)
    def guarded(request: Request, *arguments: Any, **values: Any) -> HttpResponse:
        if request.actor.user_id is None:
            return to_sign_in(request)
        return view(request, *arguments, **values)

    return guarded
