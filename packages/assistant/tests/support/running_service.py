"""The monitoring service at work within a test: its loop, over a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from econcierge_assistant.service import loop, settings, store
from econcierge_printers import clock


def chosen_for(data: Path, **given: Any) -> settings.Settings:
    return settings.Settings(data=data, **{"interval_s": 60.0, "discovery_interval_s": 600.0, **given})


@contextlib.asynccontextmanager
async def running(chosen: settings.Settings) -> AsyncIterator[loop.Service]:
    store.make_folder(chosen.data)
    opened = store.Store(data=chosen.data, now=clock.system_clock)
    service = loop.Service(chosen=chosen, opened=opened, now=clock.system_clock)
    stop = asyncio.Event()
    working = asyncio.create_task(service.run(stop))
    try:
        yield service
    finally:
        stop.set()
        await working
        opened.close()


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.01)
