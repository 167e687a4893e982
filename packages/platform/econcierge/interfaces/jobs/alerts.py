"""Jobs of low supplies: what was held back and has failed, reminders, and the dealer's early notice."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.alerts import queries as alerts
from econcierge.core import clock, jobs
from econcierge.interfaces.jobs import schedule
from econcierge.journeys import supply_notices


@app.task(name=supply_notices.TELL_DEALER_JOB)
def tell_dealer(episode_ids: list[int]) -> None:
    with scoping.transaction_as(Scope.everything()):
        supply_notices.tell_dealer(episode_ids=episode_ids, now=clock.now())


@app.task(name=supply_notices.LOOK_AGAIN_JOB)
def look_again() -> None:
    is_more = True
    while is_more:
        with scoping.transaction_as(Scope.everything()):
            is_more = supply_notices.look_again(now=clock.now())


def ask_to_look_again(now: datetime) -> None:
    if alerts.anything_to_look_at(now=now):
        jobs.defer(supply_notices.LOOK_AGAIN_JOB, once=supply_notices.LOOK_AGAIN_JOB)


schedule.DUE.append(ask_to_look_again)
