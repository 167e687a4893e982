"""Jobs of coverage: decide some printers now, and all of them every night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.core import clock, jobs
from econcierge.fleet.models import Printer
from econcierge.interfaces.jobs import schedule
from econcierge.journeys import decide_coverage

_AT_ONCE = 200


@app.task(name="coverage.decide")
def decide(printer_ids: list[int]) -> None:
    with scoping.transaction_as(Scope.everything()):
        decide_coverage.decide(printer_ids=printer_ids, now=clock.now())


@app.task(name="coverage.decide_all")
def decide_all() -> None:
    """Asks for every printer in parts, so that no transaction is long."""
    with scoping.transaction_as(Scope.everything()):
        ids = list(Printer.objects.filter(retired_at__isnull=True).order_by("id").values_list("id", flat=True))
        for start in range(0, len(ids), _AT_ONCE):
            jobs.defer("coverage.decide", printer_ids=ids[start : start + _AT_ONCE])


schedule.DAILY.append("coverage.decide_all")
