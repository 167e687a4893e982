"""What installing means on a system, as plain values: files, folders, commands. Nothing here touches anything."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

SYSTEMS = ("linux", "macos", "windows")


@dataclass(frozen=True, slots=True)
class File:
    """To be written, with these rights; `link_to` makes a symbolic link instead."""

    path: PurePath
    text: str = ""
    mode: int = 0o644
    link_to: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    path: PurePath
    mode: int = 0o755


@dataclass(frozen=True, slots=True)
class Command:
    """Run on the real system only. `may_fail`: it undoes or stops what may not be there."""

    words: tuple[str, ...]
    may_fail: bool = False

    def __str__(self) -> str:
        return " ".join(f'"{word}"' if " " in word or not word else word for word in self.words)


@dataclass(frozen=True, slots=True)
class Plan:
    """`data`: what the service makes itself while it runs and `uninstall` removes, unless it is to be kept."""

    system: str
    manifest: PurePath  # which files and folders were made here: exactly these are taken back
    files: tuple[File, ...]
    folders: tuple[Folder, ...] = ()
    start: tuple[Command, ...] = ()
    stop: tuple[Command, ...] = ()
    after_removal: tuple[Command, ...] = ()
    data: tuple[PurePath, ...] = ()
    remarks: tuple[str, ...] = ()


def this_system() -> str:
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def program() -> tuple[str, ...]:
    """How to start this very program again, by absolute paths: the packaged one, the installed script, the module."""
    if getattr(sys, "frozen", False):
        return (str(Path(sys.executable).resolve()),)
    script = Path(sys.argv[0])
    if script.name.startswith("econcierge-assistant") and script.is_file():
        return (str(script.absolute()),)
    return (str(Path(sys.executable).absolute()), "-m", "econcierge_assistant.cli")


def quoted(words: Sequence[str]) -> str:
    """For a Windows command line, and systemd's ExecStart, which understands the same quotes."""
    return " ".join(f'"{word}"' if any(c in word for c in " \t") else word for word in words)
