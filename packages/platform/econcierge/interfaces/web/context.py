"""What the frame around every page shows: the dealer's name and contacts (R36), the person, the demo's day."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from econcierge.accounts import queries as accounts
from econcierge.core import clock
from econcierge.interfaces.shared import moments


def site(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    now = clock.now()
    context: dict[str, Any] = {"actor": actor, "now": now, "demo": settings.DEMO}
    if settings.DEMO:
        context["pace"] = moments.pace(clock.speed() or 1.0)
    if actor is not None:
        context["dealer"] = accounts.dealer(actor.scope)
        context["membership"] = getattr(request, "membership", None)
    return context
