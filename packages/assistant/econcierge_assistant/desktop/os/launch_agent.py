"""Starting at sign-in on macOS: a launchd agent of the person, as a property list."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

LABEL = "econcierge.desktop"


class LaunchAgent:
    def __init__(self, *, folder: Path) -> None:
        self._path = folder / f"{LABEL}.plist"

    def is_on(self) -> bool:
        try:
            with self._path.open("rb") as file:
                said = plistlib.load(file)
        except (OSError, ValueError, ExpatError):
            return False
        return isinstance(said, dict) and not said.get("Disabled", False)

    def turn_on(self, command: Sequence[str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        self._path.write_bytes(plistlib.dumps(agent))

    def turn_off(self) -> None:
        self._path.unlink(missing_ok=True)
