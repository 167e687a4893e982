"""Jobs of forecasts: every night of every supply, and soon after news of those that changed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock, jobs
from econcierge.forecasting import operations, queries
from econcierge.interfaces.jobs import schedule
from econcierge.supplies.models import Slot

AT_ONCE = 2_000


@app.task(name="forecasting.refresh_changed")
def refresh_changed(customer_id: int) -> None:
    """Those of a customer that said something new since they were forecast, part by part."""
    with scoping.transaction_as(Scope.everything()):
        changed = queries.to_refresh(Scope.everything(), customer_id=customer_id, most=AT_ONCE)
        if changed:
            operations.refresh(slot_ids=changed, now=clock.now())
        if len(changed) == AT_ONCE:
            jobs.defer("forecasting.refresh_changed", customer_id=customer_id)


@app.task(name="forecasting.refresh")
def refresh(slot_ids: list[int]) -> None:
    with scoping.transaction_as(Scope.everything()):
        operations.refresh(slot_ids=slot_ids, now=clock.now())


@app.task(name="forecasting.nightly")
def nightly() -> None:
    """Learns what the fleet has in common, group by group, then asks for every forecast in parts."""
    with scoping.transaction_as(Scope.everything()):
        samples = queries.samples()
    for model_name, slot_ids in samples.items():
        with scoping.transaction_as(Scope.everything()):
            operations.learn(model_name=model_name, slot_ids=slot_ids, now=clock.now())
    with scoping.transaction_as(Scope.everything()):
        ids = list(Slot.objects.filter(gone_at__isnull=True).order_by("id").values_list("id", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            jobs.defer("forecasting.refresh", slot_ids=ids[start : start + AT_ONCE])


schedule.DAILY.append("forecasting.nightly")
