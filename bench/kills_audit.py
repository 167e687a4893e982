"""What the platform holds, as JSON: `python -m bench.kills_audit waiting|all`.

`waiting`: how much is still to be done. `all`: every effect as often as it is there, every message with its state,
jobs by state.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

TOLD = ("supply_low", "supply_almost_empty")


def main(what: str) -> None:
    import django

    django.setup()
    from econcierge.accounts import scoping
    from econcierge.accounts.types import Scope

    with scoping.transaction_as(Scope.everything()):
        found = {"waiting": _waiting, "all": _all}[what]()
    print(json.dumps(found))


def _waiting() -> int:
    """Messages that are not out, and jobs that are not done; the ever returning look at the clock aside."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from econcierge.notifications.models import Delivery

    jobs = ProcrastinateJob.objects.filter(status__in=("todo", "doing")).exclude(task_name="schedule.tick")
    return jobs.count() + Delivery.objects.filter(state=Delivery.State.PENDING).count()


def _all() -> dict[str, Any]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from econcierge.notifications.models import Delivery

    finished = ProcrastinateJob.objects.exclude(task_name="schedule.tick").values_list("status", flat=True)
    return {
        "effects": [list(effect) for effect in _effects()],
        "messages": dict(Delivery.objects.values_list("message_id", "state")),
        "jobs": Counter(finished),
    }


def _effects() -> list[tuple[str, ...]]:
    from econcierge.alerts.models import Episode
    from econcierge.notifications.models import Delivery
    from econcierge.supplies.models import Cartridge, LevelChange, Report

    reports = {pk: str(message_id) for pk, message_id in Report.objects.values_list("pk", "message_id")}
    levels = LevelChange.objects.values_list("slot__printer__serial", "at", "percent")
    episodes = Episode.objects.filter(threshold__in=("low", "almost_empty"))
    keys = (key.rpartition(":")[2] for key in Delivery.objects.filter(kind__in=TOLD).values_list("key", flat=True))
    return [
        *(("report", message_id) for message_id in reports.values()),
        *(("level", serial, at.isoformat(), f"{percent:.0f}") for serial, at, percent in levels),
        *(("cartridge", serial) for serial in Cartridge.objects.values_list("serial", flat=True)),
        *episodes.values_list("threshold", "cartridge__serial"),
        *(("notice", reports.get(int(key), key) if key.isdigit() else key) for key in keys),
    ]


if __name__ == "__main__":
    main(sys.argv[1])
