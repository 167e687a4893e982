"""When an office prints: jobs of a day, the same each time they are asked for.

Seeded by printer and day alone, so that a world that stops and starts again goes on as if it had not stopped.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from econcierge_virtual.printers.spec import Habit

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Job:
    at: datetime  # UTC
    pages: int


@functools.lru_cache(maxsize=512)
def jobs_of_day(habit: Habit, seed: int, on: date) -> tuple[Job, ...]:
    """The jobs of one local day in order of time; none at weekends."""
    if on.weekday() >= SATURDAY or habit.pages_per_day <= 0:
        return ()
    chance = random.Random(f"{seed}:{on.isoformat()}")  # noqa: S311 (repeatable on purpose)
    pages_left = round(habit.pages_per_day * chance.uniform(0.7, 1.3))
    opens_at = datetime.combine(on, time(habit.opens_h), ZoneInfo(habit.time_zone)).astimezone(UTC)
    open_s = (habit.closes_h - habit.opens_h) * 3600
    jobs: list[Job] = []
    while pages_left > 0:
        pages = min(pages_left, chance.randint(1, 2 * habit.pages_per_job - 1))
        jobs.append(Job(at=opens_at + timedelta(seconds=chance.randrange(open_s)), pages=pages))
        pages_left -= pages
    return tuple(sorted(jobs, key=lambda job: job.at))


def jobs_between(habit: Habit, seed: int, *, after: datetime, until: datetime) -> Iterator[Job]:
    """Jobs later than `after` up to and including `until`, in order."""
    zone = ZoneInfo(habit.time_zone)
    on, last = after.astimezone(zone).date(), until.astimezone(zone).date()
    while on <= last:
        yield from (job for job in jobs_of_day(habit, seed, on) if after < job.at <= until)
        on += timedelta(days=1)


def is_open(habit: Habit, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(habit.time_zone))
    return local.weekday() < SATURDAY and habit.opens_h <= local.hour < habit.closes_h
