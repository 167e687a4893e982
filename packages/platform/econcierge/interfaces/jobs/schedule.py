"""What happens by itself: a tick looks, by the platform's own clock, for work that is due and asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock, jobs
from econcierge.interfaces.jobs.models import DailyRun

# Each takes the moment and defers jobs for what is due; cheap when nothing is.
DUE: list[Callable[[datetime], None]] = []
# Once a day each: a job's name. They run in this order.
DAILY: list[str] = []


@app.periodic(cron=settings.TICK_CRON)
@app.task(name="schedule.tick", queueing_lock="schedule.tick")
def tick(timestamp: int) -> None:
    """`timestamp` is procrastinate's; the platform's clock decides what is due.

    A transaction each: who asks for the same job meanwhile waits for its end.
    """
    now = clock.now()
    for ask in DUE:
        with scoping.transaction_as(Scope.everything()):
            ask(now)
    for name in DAILY:
        with scoping.transaction_as(Scope.everything()):
            if _first_today(name, on=clock.day_of(now)):
                jobs.defer(name, once=name)


def _first_today(name: str, *, on: date) -> bool:
    """Claims the day with a conditional update: whoever changes the row is the one who runs it."""
    DailyRun.objects.get_or_create(name=name, defaults={"last_on": date.min})
    return DailyRun.objects.filter(name=name, last_on__lt=on).update(last_on=on) == 1
