"""Jobs about distributors: send, follow, and ask what they hold."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from econcierge.core import clock
from econcierge.core.errors import OutsideFailure
from econcierge.interfaces.jobs import schedule
from econcierge.journeys import ship

log = logging.getLogger(__name__)


@app.task(name="fulfilment.send")
def send(purchase_order_id: int) -> None:
    ship.send(purchase_order_id=purchase_order_id, clock=clock.now)


@app.task(name="fulfilment.follow")
def follow(purchase_order_id: int) -> None:
    ship.follow(purchase_order_id=purchase_order_id, clock=clock.now)


@app.task(name="fulfilment.refresh_stock")
def refresh_stock(distributor_id: int) -> None:
    """A distributor that cannot be reached is an expected failure: the next question is due already."""
    try:
        ship.refresh_stock(distributor_id=distributor_id, clock=clock.now)
    except OutsideFailure as failure:
        log.warning("stock of distributor %s was not refreshed: %s", distributor_id, failure)


schedule.DUE.append(ship.defer_due)
