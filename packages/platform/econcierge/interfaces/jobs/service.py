"""Jobs of repair requests."""

from __future__ import annotations

from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.journeys import ask_for_service
from econcierge.notifications.types import Kind


@app.task(name="service.dispatch")
def dispatch(request_id: int) -> None:
    with scoping.transaction_as(Scope.everything()):
        ask_for_service.dispatch(request_id=request_id, now=clock.now())


@app.task(name="service.tell_customer")
def tell_customer(request_id: int, kind: str) -> None:
    with scoping.transaction_as(Scope.everything()):
        ask_for_service.tell_customer(request_id=request_id, kind=Kind(kind), now=clock.now())
