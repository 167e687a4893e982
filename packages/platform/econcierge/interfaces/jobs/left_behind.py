"""Jobs that a worker left behind when it was killed, and what the database's own trouble interrupts.

A job of a dead worker would count as running for ever, and every job with its lock would wait for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from procrastinate import App
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from econcierge.interfaces.jobs import schedule

log = logging.getLogger(__name__)

SILENT_FOR = timedelta(seconds=30)  # a worker that lives says so every ten
MOST_ATTEMPTS = 10  # what was running at the death of so many workers may be what kills them
PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)  # a database that was killed has recovered within these

LEFT = """
    SELECT job.id, job.task_name, job.attempts FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - %s)
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""
RETRY = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
FINISH = "SELECT procrastinate_finish_job_v1(%s, %s, false)"


def take_up_again(_now: datetime) -> None:
    """In the caller's transaction: what dead workers left runs again; all jobs may be run twice.

    Not a tick: the next one is due anyway, and its key would be held against the worker that is in this very one.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [SILENT_FOR])
        for job_id, task_name, attempts in cursor.fetchall():
            log.warning("job %s (%s) was left behind by a worker that is gone", job_id, task_name)
            if attempts >= MOST_ATTEMPTS:
                cursor.execute(FINISH, [job_id, "failed"])
            elif task_name == schedule.tick.name or not _waits_again(job_id):
                cursor.execute(FINISH, [job_id, "aborted"])


def _waits_again(job_id: int) -> bool:
    """False when another job with the same key waits already (`jobs.defer`, `once`): that one does it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RETRY, [job_id])
    except IntegrityError:
        return False
    return True


def watch_every_job(app: App) -> None:
    """Called once, when the jobs are known (`PROCRASTINATE_ON_APP_READY`)."""
    app.worker_defaults.setdefault("task_middleware", []).append(through_trouble)


def through_trouble(call: Callable[[], Any], _context: JobContext, _worker: Worker) -> Any:
    """Around every job: begins it again when the database went away below it or ended it for a deadlock."""
    for pause_s in PAUSES_S:
        try:
            return call()
        except (OperationalError, InterfaceError) as trouble:
            log.warning("a job begins again in %s s: %s", pause_s, trouble)
            connection.close()
            time.sleep(pause_s)
    return call()


schedule.DUE.append(take_up_again)
