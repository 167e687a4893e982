"""Where the running product answers, and how a test waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "var" / "e2e"
PATIENCE_S = 150


@dataclass(frozen=True)
class Product:
    """Where the running product answers."""

    port: int
    data: Path

    @property
    def web(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def world(self) -> str:
        return f"http://127.0.0.1:{self.port + 3}"

    def mails(self, *, to: str) -> list[dict[str, Any]]:
        """What the mail catcher holds for one person, newest first."""
        caught = httpx.get(f"http://127.0.0.1:{self.port + 1}/messages.json", params={"to": to}, timeout=10).json()
        messages = caught["messages"] if isinstance(caught, dict) else caught
        return [message for message in messages if to in str(message)]

    def print_until_left(self, printer: str, *, pages_left: int) -> None:
        """Let a virtual printer print until its black toner is good for so many pages."""
        known = httpx.get(f"{self.world}/control/printers", timeout=10).json()
        known = known["printers"] if isinstance(known, dict) else known
        black = next(each for each in known if each["id"] == printer)["supplies"][0]
        self.control(f"printers/{printer}/print", pages=max(black["level"] - pages_left, 0))

    def control(self, path: str, **body: Any) -> None:
        httpx.post(f"{self.world}/control/{path}", json=body, timeout=10).raise_for_status()


def eventually(look: Callable[[], Any], what: str) -> Any:
    """The first true answer; a failure that says what was waited for when it never comes."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if answer := look():
            return answer
        time.sleep(0.3)
    pytest.fail(f"never seen: {what}")
