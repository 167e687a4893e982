"""The one way to ask for work later: `defer` writes the job in the caller's transaction.

So a job exists exactly if the change that wants it does. Names of jobs stand in `interfaces/jobs/tasks.py`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

# Django's connection, in a worker too: procrastinate's own there would commit the job before the change.
_BY_THE_CALLER = JobManager(DjangoConnector())


def defer(task: str, *, delay_s: int = 0, once: str | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Ask for `task` with JSON-able `arguments`.

    `once`: a key; while a job with this key waits, another is not added. `lock`: jobs with the same lock run
    one after the other.
    """
    options: dict[str, Any] = {"queueing_lock": once, "lock": lock}
    if delay_s:
        options["schedule_in"] = {"seconds": delay_s}
    job = app.configure_task(task, **options)
    job.job_manager = _BY_THE_CALLER
    if once is None:
        job.defer(**arguments)
        return
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return
