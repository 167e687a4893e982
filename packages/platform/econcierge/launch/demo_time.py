"""The demo's own time across starts: it stands still while nothing runs, and never goes back."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from econcierge_printers import clock

SAVE_EVERY_S = 5.0
CALM = 1.0  # while everything starts, demo time passes like ours


class DemoTime:
    """Drives the clock file that platform, assistants and virtual printers read.

    Beside it stands `saved.json`, a moment that is not over yet, so that a start after a crash cannot go back.
    """

    def __init__(self, clock_file: Path, *, speed: float) -> None:
        self._file = clock_file
        self._saved = clock_file.with_name("saved.json")
        self._speed = speed
        self._next_save = 0.0

    def start(self) -> None:
        """Goes on at the saved moment, or now, at the pace of real time."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        clock.set_demo_clock(self._file, at=self._last(), speed=CALM)

    def run(self) -> None:
        """From now on at the demo's speed."""
        clock.set_demo_clock(self._file, at=self.now(), speed=self._speed)

    def now(self) -> datetime:
        return clock.DemoClock(self._file)()

    def keep(self) -> None:
        """Call it often: every few seconds it saves a moment that lies just ahead."""
        if time.monotonic() < self._next_save:
            return
        self._next_save = time.monotonic() + SAVE_EVERY_S
        running = clock.DemoClock(self._file)
        self._save(running() + timedelta(seconds=2 * SAVE_EVERY_S * running.speed))

    def stop(self) -> None:
        """Stands still here."""
        at = self.now()
        self._save(at)
        clock.set_demo_clock(self._file, at=at, speed=CALM)

    def _last(self) -> datetime:
        if self._saved.exists():
            return datetime.fromisoformat(json.loads(self._saved.read_text())["at"])
        return datetime.now(UTC)

    def _save(self, at: datetime) -> None:
        draft = self._saved.with_suffix(".new")
        draft.write_text(json.dumps({"at": at.isoformat()}))
        draft.replace(self._saved)
