"""What differs between systems, one module each: starting at sign-in, the keyring."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol


class Autostart(Protocol):
    """Whether the application starts when this person signs in to the computer. `OSError` when it cannot be set."""

    def is_on(self) -> bool: ...

    def turn_on(self, command: Sequence[str]) -> None: ...

    def turn_off(self) -> None: ...


def autostart(*, environment: Mapping[str, str], platform: str = sys.platform, home: Path | None = None) -> Autostart:
    """Of this system."""
    own = home or Path.home()
    if platform == "win32":
        from econcierge_assistant.desktop.os import windows_run

        return windows_run.RunKey()
    if platform == "darwin":
        from econcierge_assistant.desktop.os import launch_agent

        return launch_agent.LaunchAgent(folder=own / "Library" / "LaunchAgents")
    from econcierge_assistant.desktop.os import xdg

    return xdg.DesktopEntry(folder=Path(environment.get("XDG_CONFIG_HOME", str(own / ".config"))) / "autostart")
