"""Who calls: a person's token, which acts for them in one of their roles and in nobody else's scope."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from econcierge.accounts import rules as roles
from econcierge.accounts import scoping, tokens
from econcierge.accounts.models import ApiToken
from econcierge.accounts.types import Actor, Permission, Scope, ScopeKind
from econcierge.core import clock
from econcierge.core.errors import NotAllowed
from econcierge.interfaces.shared import pace

PACE = pace.Pace(per_second=settings.API_PER_SECOND, burst=settings.API_BURST)


class TooMany(Exception):
    """This token asked too often; come again in `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(str(wait_s))
        self.wait_s = wait_s


class Caller(HttpRequest):
    """A request as `TokenAuth` leaves it."""

    actor: Actor
    token: ApiToken


class TokenAuth(HttpBearer):
    """`Authorization: Bearer ecp_…`. The transaction is the middleware's, one a request; here its scope is entered."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        scoping.enter(Scope.everything())
        found = tokens.by_text(token.strip())
        if found is None:
            scoping.enter(Scope.nothing())
            return None
        if wait_s := PACE.wait_s(found.pk):
            raise TooMany(wait_s)
        tokens.note_use(token=found, now=clock.now())
        if "Accept-Language" not in request.headers:
            translation.activate(found.user.language)  # the middleware puts it back after the answer
        request.token = found
        request.actor = scoping.enter_as(user=found.user, membership=found.membership)
        return found


def require(actor: Actor, permission: Permission) -> None:
    """Raises `NotAllowed`."""
    if actor.scope.kind not in (ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL):
        raise NotAllowed(_("This is for customers and dealers."))
    if actor.role is None or not roles.may(actor.role, permission):
        raise NotAllowed(_("Your role does not include this."))


def require_customer(actor: Actor, permission: Permission) -> None:
    """What only a customer's own people do here: dealers and the operator read. Raises `NotAllowed`."""
    require(actor, permission)
    if actor.scope.kind is not ScopeKind.CUSTOMER:
        raise NotAllowed(_("Here a dealer reads; order and ask for repairs in the portal."))
