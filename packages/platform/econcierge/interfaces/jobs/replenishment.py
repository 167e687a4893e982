"""Jobs of replenishment: every night each customer's standing orders, and the placing of what was announced."""

from __future__ import annotations

from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock, jobs
from econcierge.interfaces.jobs import schedule
from econcierge.journeys import automatic_orders, monthly_report


@app.task(name="replenishment.propose")
def propose(customer_id: int) -> None:
    with scoping.transaction_as(Scope.everything()):
        automatic_orders.propose(customer_id=customer_id, now=clock.now())


@app.task(name="replenishment.propose_all")
def propose_all() -> None:
    """A job a customer, so that no transaction is long and one customer's trouble is not another's."""
    with scoping.transaction_as(Scope.everything()):
        for customer_id in automatic_orders.customers_with_automatic_orders():
            jobs.defer("replenishment.propose", once=f"propose-{customer_id}", customer_id=customer_id)


@app.task(name="replenishment.place")
def place(proposed_order_id: int) -> None:
    with scoping.transaction_as(Scope.everything()):
        automatic_orders.place(proposed_order_id=proposed_order_id, now=clock.now())


@app.task(name="replenishment.tell_month")
def tell_month() -> None:
    """From the first working day of a month on, the month before is told once."""
    with scoping.transaction_as(Scope.everything()):
        monthly_report.tell(now=clock.now())


schedule.DUE.append(automatic_orders.defer_due)
schedule.DAILY.append("replenishment.propose_all")
schedule.DAILY.append("replenishment.tell_month")
