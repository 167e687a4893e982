"""The token's place: the system's keyring, asked by a short child process, else a file that only its owner may read.

A keyring's library would stay in memory all day for one read at the start, so a child of this same programme asks
(`--keyring`), with the token on its standard input or output, never on its command line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6 import QtCore

from econcierge_assistant.desktop.core import keeping

PATIENCE_MS = 60_000  # a person may have to unlock it first
KEYRING, FILE = "keyring", "file"
NO_KEYRING_VARIABLE = "ECONCIERGE_NO_KEYRING"  # "1" leaves it alone, as for the service


class Tokens(QtCore.QObject):
    """Every answer comes later, by calling `then`."""

    def __init__(self, *, data: Path, environment: Mapping[str, str], parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._data = data
        self._may_ask = environment.get(NO_KEYRING_VARIABLE, "") != "1"

    def load(self, *, server: str, kept_in: str, then: Callable[[str], None]) -> None:
        """The token of a server, "" when there is none."""
        if kept_in != KEYRING:
            then(keeping.load_token(self._data))
            return
        self._ask("get", server, "", lambda well, said: then(said if well else ""))

    def save(self, *, server: str, token: str, then: Callable[[str], None]) -> None:
        """Tells where it is kept then: "keyring", "file", or "" when it can be kept nowhere."""

        def asked(well: bool, _said: str) -> None:
            if well:
                keeping.forget_token(self._data)
            then(KEYRING if well else self._in_file(token))

        self._ask("set", server, token, asked)

    def forget(self, *, server: str, kept_in: str) -> None:
        keeping.forget_token(self._data)
        if kept_in == KEYRING:
            self._ask("delete", server, "", lambda _well, _said: None)

    def _in_file(self, token: str) -> str:
        try:
            keeping.save_token(self._data, token)
        except keeping.CannotKeep:
            return ""
        return FILE

    def _ask(self, action: str, server: str, token: str, then: Callable[[bool, str], None]) -> None:
        if not self._may_ask:
            then(False, "")
            return
        child = QtCore.QProcess(self)
        finished = [False]

        def end(well: bool) -> None:
            if finished[0]:
                return
            finished[0] = True
            said = bytes(child.readAllStandardOutput().data()).decode("ascii", "replace").strip()
            child.deleteLater()
            then(well, said if said.isprintable() else "")

        child.finished.connect(lambda code, status: end(code == 0 and status == QtCore.QProcess.ExitStatus.NormalExit))
        child.errorOccurred.connect(lambda _error: end(False))
        QtCore.QTimer.singleShot(PATIENCE_MS, child, child.kill)
        program, *arguments = own_command()
        child.start(program, [*arguments, "--keyring", action, server])
        child.write(token.encode())
        child.closeWriteChannel()


def own_command() -> list[str]:
    """How this programme is started once more, installed as one executable or from sources."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "econcierge_assistant.desktop"]
