"""The monitoring service as a process of its own, and the desktop application in this one, as a person uses it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6 import QtCore, QtWidgets
from pytestqt.qtbot import QtBot
from running_product import PICTURES, ROOT, Product, eventually

from econcierge_assistant.desktop.core import local
from econcierge_assistant.desktop.core.notices import Notice
from econcierge_assistant.desktop.ui.application import Desktop
from econcierge_assistant.desktop.ui.window import Window
from econcierge_printers.clock import CLOCK_FILE_VARIABLE

READ_EVERY_S = 2
PATIENCE_S = 90
LOOK_AGAIN_S = 1.5


@contextmanager
def monitoring_service(product: Product, *, folder: Path) -> Iterator[Path]:
    """`econcierge-assistant run`, paired with nobody; gives where it says how it is reached."""
    face, log = folder / "local.json", folder / "service.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ECONCIERGE_")}
    environment |= {
        CLOCK_FILE_VARIABLE: str(product.data / "demo" / "clock.json"),
        local.VARIABLE: str(face),
        "ECONCIERGE_NO_KEYRING": "1",
    }
    command = [sys.executable, "-m", "econcierge_assistant.cli", "run", "--data", str(folder / "service")]
    command += ["--interval-s", str(READ_EVERY_S)]
    with log.open("w") as written:
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: running.poll() is not None or face.exists(), "the service's local face")
        assert running.poll() is None, log.read_text()
        yield face
    finally:
        running.terminate()
        status = running.wait(30)
    assert status == 0, log.read_text()


@dataclass
class Desk:
    """The application, and the hand and eye before it."""

    app: Desktop
    bot: QtBot
    opened: list[str]  # what was handed to the person's browser
    notices: list[Notice] = field(default_factory=list)

    @property
    def window(self) -> Window:
        assert self.app.window is not None
        return self.app.window

    def widgets(self, kind: type[Any], *, inside: QtWidgets.QWidget | None = None) -> list[Any]:
        return [each for each in (inside or self.window).findChildren(kind) if each.isVisible()]

    def text(self) -> str:
        """What is written in the window, with ordinary spaces."""
        QtWidgets.QApplication.processEvents()
        written = [each.text() for kind in (QtWidgets.QLabel, QtWidgets.QAbstractButton) for each in self.widgets(kind)]
        return " ".join(" | ".join(written).split())

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Waits while Qt's loop runs, and presses F5 as an impatient person does."""
        deadline, next_look = time.monotonic() + PATIENCE_S, time.monotonic() + LOOK_AGAIN_S
        while not (found := condition()):
            if time.monotonic() > deadline:
                self.picture("failed")
                pytest.fail(f"never seen: {what}; the window says: {self.text()}")
            if time.monotonic() > next_look:
                self.bot.keyClick(self.window, QtCore.Qt.Key.Key_F5)
                next_look = time.monotonic() + LOOK_AGAIN_S
            self.bot.wait(50)
        return found

    def see(self, *words: str) -> None:
        for each in words:
            self.until(lambda: each in self.text(), each)  # noqa: B023

    def click(self, words: str, *, inside: QtWidgets.QWidget | None = None) -> None:
        """The first button that begins with these words, as soon as it can be pressed."""

        def found() -> list[QtWidgets.QAbstractButton]:
            buttons = self.widgets(QtWidgets.QAbstractButton, inside=inside)
            return [each for each in buttons if each.isEnabled() and " ".join(each.text().split()).startswith(words)]

        self.bot.mouseClick(self.until(found, f"the button {words}")[0], QtCore.Qt.MouseButton.LeftButton)

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        QtWidgets.QApplication.processEvents()
        self.window.grab().save(str(PICTURES / f"desktop-{name}.png"))


def take_away(desk: Desk) -> None:
    """Everything that was made, in Qt's own order."""
    desk.app.tray.icon.hide()
    desk.window.close()
    desk.window.deleteLater()
    desk.app.tray.menu.deleteLater()
    desk.app.deleteLater()
    QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
