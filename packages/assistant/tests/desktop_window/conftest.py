"""The window without a screen, against a stand-in portal that speaks the real protocols over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6 import QtCore, QtWidgets
from pytestqt.qtbot import QtBot

from econcierge_assistant.desktop.core import keeping
from econcierge_assistant.desktop.ui.application import Desktop
from econcierge_assistant.desktop.ui.window import Window
from econcierge_virtual.portal_api import TOKEN, Portal, Serving

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)


@dataclass
class Desk:
    """The application of one test, and what stands around it."""

    app: Desktop
    bot: QtBot
    portal: Portal
    data: Path
    opened: list[str] = field(default_factory=list)  # what was handed to the browser

    @property
    def window(self) -> Window:
        assert self.app.window is not None
        return self.app.window

    def until(self, condition: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(condition()), timeout=10_000)

    def texts(self) -> list[str]:
        """What is written on the page that is seen, once what was just built is laid out."""
        QtWidgets.QApplication.processEvents()
        page = self.window.centralWidget()
        labels = [label.text() for label in page.findChildren(QtWidgets.QLabel) if label.isVisible()]
        return labels + [button.text() for button in page.findChildren(QtWidgets.QAbstractButton) if button.isVisible()]

    def says(self, text: str) -> bool:
        return any(text in each for each in self.texts())

    def button(self, text: str) -> QtWidgets.QAbstractButton:
        """The first with this text, as soon as it is there."""

        def found() -> list[QtWidgets.QAbstractButton]:
            buttons = self.window.centralWidget().findChildren(QtWidgets.QAbstractButton)
            return [each for each in buttons if each.isVisible() and text in each.text()]

        self.until(found)
        return found()[0]

    def click(self, text: str) -> None:
        self.bot.mouseClick(self.button(text), QtCore.Qt.MouseButton.LeftButton)

    def asked(self, method: str, path: str) -> list[object]:
        """Bodies of the requests of a kind."""
        return [one.body for one in self.portal.asked if one.method == method and one.path == path]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """For the one QApplication of the run, which only these tests make; the environment stays as it is for others."""
    return ["econcierge-desktop", "-platform", "offscreen"]


@pytest.fixture
def portal() -> Portal:
    return Portal(now=NOW)


@pytest.fixture
def serving(portal: Portal) -> Iterator[Serving]:
    with Serving(portal) as server:
        yield server


@pytest.fixture
def make(
    qtbot: QtBot, tmp_path: Path, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Desk]]:
    """Makes the application, signed in at `server` unless that is empty; takes it away afterwards."""
    made: list[Desk] = []
    opened: list[str] = []
    from PySide6 import QtGui

    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    # The keyring is somebody else's to test; without one the token is in a file.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    def make_it(
        *, server: str = "", language: str = "en", local: Path | None = None, show: bool = True, scheme: str = "light"
    ) -> Desk:
        data = tmp_path / "data"
        keeping.save(data, keeping.Kept(server=server, language=language, token_kept_in="file" if server else ""))
        if server:
            keeping.save_token(data, TOKEN)
        environment = {
            "ECONCIERGE_LOCAL_FACE": str(local or tmp_path / "no-service.json"),
            "ECONCIERGE_DESKTOP_SCHEME": scheme,
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        }
        app = QtWidgets.QApplication.instance()
        assert isinstance(app, QtWidgets.QApplication)
        app.setStyle("Fusion")
        desk = Desk(
            Desktop(app=app, data=data, environment=environment, clock=lambda: NOW), qtbot, portal, data, opened
        )
        made.append(desk)
        desk.app.session.start()
        if show:
            desk.app.show_window()
        return desk

    yield make_it
    for desk in made:
        desk.app.tray.icon.hide()
        if desk.app.window is not None:
            desk.app.window.close()
            desk.app.window.deleteLater()
        desk.app.tray.menu.deleteLater()
        desk.app.deleteLater()
    QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(make: Callable[..., Desk], serving: Serving) -> Desk:
    """Signed in, with its printers shown."""
    found = make(server=serving.url)
    found.until(lambda: found.app.session.fleet.printers and found.app.session.me)
    found.until(lambda: found.says("Three things need you"))
    return found
