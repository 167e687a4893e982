"""Starting at sign-in after the XDG Autostart specification: one `.desktop` file in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

NAME = "econcierge-desktop.desktop"
_RESERVED = set(" \t\n\"'\\><~|&;$*?#()`")


class DesktopEntry:
    def __init__(self, *, folder: Path) -> None:
        self._path = folder / NAME

    def is_on(self) -> bool:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        return "Hidden=true" not in lines and "X-GNOME-Autostart-enabled=false" not in lines

    def turn_on(self, command: Sequence[str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(entry(command), encoding="utf-8")

    def turn_off(self) -> None:
        self._path.unlink(missing_ok=True)


def entry(command: Sequence[str]) -> str:
    return "\n".join(
        [
            "[Desktop Entry]",
            "Type=Application",
            "Version=1.5",
            "Name=Supplies Assistant",
            "Name[fr]=Assistant de fournitures",
            "Comment=Watches the supplies of your printers",
            "Comment[fr]=Surveille les fournitures de vos imprimantes",
            f"Exec={' '.join(quoted(word) for word in command)}",
            "Icon=econcierge",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        ]
    )


def quoted(word: str) -> str:
    """A word of `Exec` (Desktop Entry Specification, "The Exec key"): quoted where needed, % doubled."""
    escaped = word.replace("%", "%%")
    if not set(word) & _RESERVED and word:
        return escaped
    inner = escaped.replace("\\", "\\\\")
    for character in '"`$':
        inner = inner.replace(character, f"\\{character}")
    # The whole value is a "string" of the file format, in which a backslash is written twice.
    return '"' + inner.replace("\\", "\\\\") + '"'
