"""What the frame around every page shows: the dealer's name and contacts (R36), the person, the demo's day."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission
from econcierge.core import clock
from econcierge.interfaces.shared import moments
from econcierge.orders import queries as orders


def _in_basket(actor: Actor) -> int | None:
    """How many lines are in the person's basket; None for who may not order."""
    may_order = actor.role is not None and roles.may(actor.role, Permission.ORDER)
    return orders.basket_count(actor.scope, user_id=actor.user_id) if may_order else None


def site(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    now = clock.now()
    context: dict[str, Any] = {"actor": actor, "now": now, "demo": settings.DEMO}
    if settings.DEMO:
        context["pace"] = moments.pace(clock.speed() or 1.0)
    if actor is not None:
        context["dealer"] = accounts.dealer(actor.scope)
        context["membership"] = getattr(request, "membership", None)
        context["in_basket"] = _in_basket(actor)
    return context
