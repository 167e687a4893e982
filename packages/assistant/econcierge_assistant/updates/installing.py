"""Hands a checked installer to the system that it was made for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from econcierge_assistant.updates.types import Trouble, UpdateError

_LONGEST_S = 600


def command(*, platform: str, file: Path) -> list[str]:
    """What installs `file` without asking anyone."""
    if platform == "win32":
        return [str(file), "/S"]  # NSIS: silent
    if platform == "darwin":
        return ["/usr/sbin/installer", "-pkg", str(file), "-target", "/"]
    return ["dpkg", "--install", "--force-confold", str(file)]


def install(*, file: Path, version: str) -> None:
    """Raises `UpdateError` when this person may not, or the installer says no."""
    if not may_install():
        raise UpdateError(Trouble.NOT_ALLOWED, version)
    try:
        done = subprocess.run(  # noqa: S603 - what TUF has checked
            command(platform=sys.platform, file=file),
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_S,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UpdateError(Trouble.INSTALLER_FAILED, str(error)) from None
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise UpdateError(Trouble.INSTALLER_FAILED, lines[-1] if lines else f"exit status {done.returncode}")


def folder(*, data: Path) -> Path:
    """Where fetched installers lie. For Linux's root a folder of its own: the service's user may write in `data`."""
    if sys.platform.startswith("linux") and may_install():
        return Path("/var/lib/econcierge-assistant-update")
    return data / "updates"


def may_install() -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return os.geteuid() == 0
