"""What time it is, as a value that is passed in.

Outside the demo that is the system's clock. In the demo a file says how time runs, so that a month passes in
minutes for the platform, the assistant and the virtual printers alike.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]
CLOCK_FILE_VARIABLE = "ECONCIERGE_DEMO_CLOCK"


def system_clock() -> datetime:
    return datetime.now(UTC)


class DemoClock:
    """Runs `speed` times as fast as the system's clock from an anchor that stands in a file.

    The file is JSON: `{"anchor_at": ISO moment, "anchor_unix_s": real seconds, "speed": 3600.0}`; whoever
    drives the demo rewrites it, everybody else looks again when it has changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._modified_ns = -1
        self._anchor_at = datetime.now(UTC)
        self._anchor_unix_s = time.time()
        self._speed = 1.0

    def __call__(self) -> datetime:
        self._reload()
        elapsed_s = time.time() - self._anchor_unix_s
        return datetime.fromtimestamp(self._anchor_at.timestamp() + elapsed_s * self._speed, UTC)

    @property
    def speed(self) -> float:
        self._reload()
        return self._speed

    def _reload(self) -> None:
        modified_ns = self._path.stat().st_mtime_ns
        if modified_ns == self._modified_ns:
            return
        facts = json.loads(self._path.read_text())
        self._anchor_at = datetime.fromisoformat(facts["anchor_at"])
        self._anchor_unix_s = float(facts["anchor_unix_s"])
        self._speed = float(facts["speed"])
        self._modified_ns = modified_ns


def set_demo_clock(path: Path, *, at: datetime, speed: float) -> None:
    """Anchor the demo's time: from this real moment on it is `at` and runs `speed` times as fast."""
    facts = {"anchor_at": at.astimezone(UTC).isoformat(), "anchor_unix_s": time.time(), "speed": speed}
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(facts))
    draft.replace(path)


def clock_from_environment() -> Clock:
    """The demo's clock when `ECONCIERGE_DEMO_CLOCK` names its file, the system's otherwise."""
    path = os.environ.get(CLOCK_FILE_VARIABLE)
    return DemoClock(Path(path)) if path else system_clock
