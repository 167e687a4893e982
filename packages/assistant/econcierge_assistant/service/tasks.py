"""Named tasks that are restarted when they fail and never die in silence."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Awaitable, Callable, Mapping

from econcierge_assistant.service import errors, rules

GRACE_S = 2.0
HEALTHY_AFTER_S = 300.0

log = logging.getLogger(__name__)
Work = Callable[[], Awaitable[None]]
_EXPECTED = (errors.AssistantError, sqlite3.OperationalError, OSError)  # a full disk, no network: told in a line


async def run(*, tasks: Mapping[str, Work], stop: asyncio.Event) -> None:
    """Work until `stop` is set, then end every task within the grace period."""
    running = [asyncio.create_task(supervise(name, work), name=f"supervise {name}") for name, work in tasks.items()]
    try:
        await stop.wait()
    finally:
        for task in running:
            task.cancel()
        _, unfinished = await asyncio.wait(running, timeout=GRACE_S)
        for task in unfinished:
            log.warning("%s did not end in %.0f s and is abandoned", task.get_name(), GRACE_S)


async def supervise(name: str, work: Work, *, jitter: Callable[[], float] = random.random) -> None:
    """Run `work` for ever; when it fails, say why and start it again after a growing pause."""
    clock_s = asyncio.get_running_loop().time
    failures = 0
    while True:
        started_s = clock_s()
        await _once(name, work)
        failures = 1 if clock_s() - started_s > HEALTHY_AFTER_S else failures + 1
        await asyncio.sleep(rules.back_off_s(failures, jitter=jitter()))


async def _once(name: str, work: Work) -> None:
    task = asyncio.ensure_future(work())
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task})
        raise
    error = None if task.cancelled() else task.exception()
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if isinstance(error, _EXPECTED):
        log.warning("%s starts again: %s", name, error)
    else:
        log.error("%s stopped unexpectedly and starts again", name, exc_info=error)
