"""What is due by the platform's own clock: daily jobs once a day, asked for in the tick's own transaction."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from econcierge.core import jobs
from econcierge.interfaces.jobs import schedule, tasks

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_each_day_is_claimed_once_and_no_day_twice() -> None:
    claims = [schedule._first_today("nightly", on=day) for day in (MONDAY, MONDAY, TUESDAY, MONDAY)]
    assert claims == [True, False, True, False]


def test_a_tick_asks_for_every_daily_job_once_a_day() -> None:
    schedule.tick(timestamp=0)
    schedule.tick(timestamp=1)
    asked = list(ProcrastinateJob.objects.filter(task_name__in=schedule.DAILY).values_list("task_name", flat=True))
    assert sorted(asked) == sorted(schedule.DAILY)
    assert "coverage.decide_all" in asked


def test_a_job_asked_for_once_waits_once() -> None:
    for _ in range(3):
        jobs.defer("coverage.decide", once="printer-7", printer_ids=[7])
    assert ProcrastinateJob.objects.filter(queueing_lock="printer-7").count() == 1


def test_every_module_of_jobs_is_known_to_the_worker() -> None:
    folder = {path.stem for path in Path(schedule.__file__).parent.glob("*.py")}
    modules = folder - {"__init__", "apps", "models", "tasks"}
    assert {name for name in modules if not hasattr(tasks, name)} == set()
