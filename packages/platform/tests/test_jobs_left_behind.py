"""A worker that is killed leaves its jobs behind: they run again, once, and hold nobody up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from econcierge.core import jobs
from econcierge.interfaces.jobs import left_behind, schedule

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
KEY = "purchase-order-7"


def worker(*, silent_for_s: int = 0) -> int:
    with connection.cursor() as cursor:
        values = "(last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id"
        cursor.execute(f"INSERT INTO procrastinate_workers {values}", [silent_for_s])
        return int(cursor.fetchone()[0])


def fetched(by: int) -> int | None:
    """The job that a worker gets, as it fetches."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [by])
        return cursor.fetchone()[0]


def ask() -> None:
    jobs.defer("fulfilment.send", once=KEY, lock=KEY, purchase_order_id=7)


def states() -> list[str]:
    return list(ProcrastinateJob.objects.filter(lock=KEY).order_by("id").values_list("status", flat=True))


@pytest.mark.django_db
def test_what_a_dead_worker_did_runs_again_and_what_a_living_one_does_goes_on() -> None:
    ask()
    dead, alive = worker(silent_for_s=31), worker(silent_for_s=9)
    left = fetched(dead)
    jobs.defer("orders.watch_promises", lock="another")
    runs = fetched(alive)
    left_behind.take_up_again(NOW)
    assert fetched(alive) == left
    assert fetched(alive) is None
    assert ProcrastinateJob.objects.get(pk=runs).attempts == 0


@pytest.mark.django_db
def test_a_worker_that_signed_off_in_the_middle_counts_as_dead() -> None:
    ask()
    gone = worker()
    fetched(gone)
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_unregister_worker_v1(%s)", [gone])
    left_behind.take_up_again(NOW)
    assert states() == ["todo"]


@pytest.mark.django_db
def test_an_order_whose_sender_was_killed_is_sent_by_the_next_job_that_waits_for_its_lock() -> None:
    ask()
    fetched(worker(silent_for_s=31))
    ask()  # the schedule saw that it is due
    alive = worker()
    assert fetched(alive) is None, "the lock is the dead one's"
    left_behind.take_up_again(NOW)
    assert states() == ["aborted", "todo"]
    assert fetched(alive) is not None


@pytest.mark.django_db
def test_a_tick_that_was_left_behind_is_not_asked_for_again_while_one_runs() -> None:
    jobs.defer(schedule.tick.name, once=schedule.tick.name, timestamp=0)
    left = fetched(worker(silent_for_s=31))
    left_behind.take_up_again(NOW)
    assert ProcrastinateJob.objects.get(pk=left).status == "aborted"


@pytest.mark.django_db
def test_what_was_running_when_many_workers_died_is_given_up() -> None:
    ask()
    for _ in range(left_behind.MOST_ATTEMPTS + 1):
        assert fetched(worker(silent_for_s=31)) is not None
        left_behind.take_up_again(NOW)
    assert states() == ["failed"]


def test_the_schedule_looks_for_it() -> None:
    assert left_behind.take_up_again in schedule.DUE


@pytest.mark.usefixtures("committing")
def test_a_job_below_which_the_database_goes_away_begins_again() -> None:
    tried: list[int] = []

    def job() -> str:
        tried.append(len(tried))
        with connection.cursor() as cursor:
            if len(tried) == 1:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 'done'")
            return str(cursor.fetchone()[0])

    assert left_behind.through_trouble(job, None, None) == "done"  # type: ignore[arg-type]
    assert tried == [0, 1]


def test_every_job_is_watched() -> None:
    assert left_behind.through_trouble in app.worker_defaults["task_middleware"]
