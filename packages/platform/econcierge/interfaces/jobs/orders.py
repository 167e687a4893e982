"""Jobs about orders: the 24-hour promise."""

from __future__ import annotations

from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock
from econcierge.journeys import ship


@app.task(name="orders.watch_promises")
def watch_promises() -> None:
    with scoping.transaction_as(Scope.everything()):
        ship.watch_promises(now=clock.now())
