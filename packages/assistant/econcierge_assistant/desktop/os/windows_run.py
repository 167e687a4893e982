"""Starting at sign-in on Windows: a value under the person's own Run key, written through Qt's settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6 import QtCore

KEY = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
NAME = "econcierge"


class RunKey:
    """`settings` is the Run key; a test gives a file of the same shape."""

    def __init__(self, settings: QtCore.QSettings | None = None) -> None:
        self._settings = settings or QtCore.QSettings(KEY, QtCore.QSettings.Format.NativeFormat)

    def is_on(self) -> bool:
        return bool(self._settings.value(NAME, ""))

    def turn_on(self, command: Sequence[str]) -> None:
        self._settings.setValue(NAME, " ".join(quoted(word) for word in command))
        self._written()

    def turn_off(self) -> None:
        self._settings.remove(NAME)
        self._written()

    def _written(self) -> None:
        self._settings.sync()
        if self._settings.status() is not QtCore.QSettings.Status.NoError:
            raise OSError("the Run key cannot be written")


def quoted(word: str) -> str:
    """A word of a command line as Windows' C runtime takes it apart: quotes escaped, backslashes before them too."""
    if word and not set(word) & set(' \t"'):
        return word
    result, backslashes = '"', 0
    for character in word:
        if character == "\\":
            backslashes += 1
            continue
        result += "\\" * (backslashes * 2 + 1) + '"' if character == '"' else "\\" * backslashes + character
        backslashes = 0
    return result + "\\" * (backslashes * 2) + '"'
