"""Where an installed service keeps its things, by system; constants only, so that settings may ask at no cost."""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "econcierge-assistant"
FACE_NAME = "local.json"
LINUX_DATA = Path("/var/lib") / NAME
LINUX_PRIVATE_DATA = Path("/var/lib/private") / NAME  # where systemd keeps the folder of a dynamic user
MACOS_FOLDER = Path("/Library/Application Support") / NAME


def windows_folder() -> Path:
    return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / NAME


def data_folder() -> Path:
    """The installed service's, whether there is one or not."""
    if sys.platform == "win32":
        return windows_folder() / "data"
    return MACOS_FOLDER / "data" if sys.platform == "darwin" else LINUX_DATA


def installed_data() -> Path | None:
    """The installed service's data folder, when there is one that this user may write: an administrator's commands
    are meant for the service."""
    folder = data_folder()
    return folder if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK) else None


def shared_face() -> Path:
    """Where the installed service says how it can be asked on this computer."""
    if sys.platform == "win32":
        return windows_folder() / FACE_NAME
    return (MACOS_FOLDER if sys.platform == "darwin" else Path("/run") / NAME) / FACE_NAME
