"""Faults that a test or the demo switches on at a control address, for a while or for a number of requests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

NONE = "none"
MAX_SECONDS = 600.0


class BadFault(ValueError):
    """The request for a fault cannot be understood."""


class Faults:
    """The fault in force. `count` is how many more requests it takes, None for until it is switched off."""

    def __init__(self, modes: Collection[str], *, seconds: float) -> None:
        self.modes = tuple(modes)
        self.mode = NONE
        self.seconds = seconds
        self._usual_seconds = seconds
        self._count: int | None = None

    def switch(self, body: Any) -> None:
        """`{"mode": …, "seconds": optional, "count": optional}`; `BadFault` says what is wrong."""
        if not isinstance(body, dict) or body.get("mode") not in (NONE, *self.modes):
            raise BadFault(f"mode must be one of {', '.join((NONE, *self.modes))}")
        seconds, count = body.get("seconds", self._usual_seconds), body.get("count")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= MAX_SECONDS:
            raise BadFault(f"seconds must be from 0 to {MAX_SECONDS:.0f}")
        if count is not None and (not isinstance(count, int) or count < 1):
            raise BadFault("count must be a whole number from 1")
        self.mode, self.seconds, self._count = body["mode"], float(seconds), count

    def take(self) -> str:
        """The fault that the present request meets."""
        mode = self.mode
        if self._count is not None:
            self._count -= 1
            if self._count == 0:
                self.mode, self._count = NONE, None
        return mode

    def describe(self) -> dict[str, Any]:
        return {"mode": self.mode, "seconds": self.seconds, "count": self._count}
