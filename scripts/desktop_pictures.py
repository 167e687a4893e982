"""Pictures of the desktop application against the stand-in portal: `python scripts/desktop_pictures.py [--all]`.

Writes the documentation's few to docs/images/desktop-*.png. With `--all` every page in both languages, light and dark,
at 100 and 200 %, goes to var/desktop to be looked at; `--screen` paints on a real X server (DISPLAY, such as Xvfb's)
instead of in memory. Each combination is a process of its own, because Qt learns its scale at the start.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6 import QtGui

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
PAGES = (
    "printers", "printer", "order", "placed", "status", "orders", "settings", "menu", "notice", "sign-in", "code",
    "offline",
)  # fmt: skip
FOR_DOCS = {
    ("en", "light"): ("printers", "printer", "order", "status", "code"),
    ("fr", "light"): ("printers", "order"),
    ("fr", "dark"): ("printer",),
}
WAIT_S = 15.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="everything, to var/desktop")
    parser.add_argument("--screen", action="store_true", help="on the X server of DISPLAY")
    parser.add_argument("--folder", type=Path, help="somewhere else")
    parser.add_argument("--one", nargs=4, metavar=("LANGUAGE", "SCHEME", "PREFIX", "PAGES"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        language, scheme, prefix, pages = options.one
        return Pictures(language=language, scheme=scheme, prefix=prefix).take(pages.split(","))
    folder = options.folder or ROOT / ("var/desktop" if options.all else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    if options.all:
        for language, scheme, scale in product(("en", "fr"), ("light", "dark"), ("1", "2")):
            prefix = f"{folder}/{language}-{scheme}-{scale}00-"
            failed += apart(language, scheme, prefix, PAGES, scale=scale, on_screen=options.screen)
    else:
        for (language, scheme), pages in FOR_DOCS.items():
            prefix = f"{folder}/desktop-{language}-" + ("" if scheme == "light" else f"{scheme}-")
            failed += apart(language, scheme, prefix, pages, scale="1", on_screen=options.screen)
    return 1 if failed else 0


def apart(language: str, scheme: str, prefix: str, pages: tuple[str, ...], *, scale: str, on_screen: bool) -> int:
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_LOGGING_RULES": "*.debug=false;qt.*=false"}
    environment["QT_QPA_PLATFORM"] = "xcb" if on_screen else "offscreen"
    command = [sys.executable, __file__, "--one", language, scheme, prefix, ",".join(pages)]
    return subprocess.run(command, env=environment, check=False).returncode


class Pictures:
    """The real application in this process, led from page to page."""

    def __init__(self, *, language: str, scheme: str, prefix: str) -> None:
        from PySide6 import QtCore, QtWidgets

        from econcierge_assistant.desktop.core import keeping
        from econcierge_assistant.desktop.ui.application import Desktop
        from econcierge_virtual.portal_api import TOKEN, Portal, Serving

        self._core = QtCore
        self._prefix = prefix
        self._app = QtWidgets.QApplication(["econcierge-desktop"])
        self._app.setStyle("Fusion")
        self._portal = Portal(now=NOW, printers=20)
        self._serving = Serving(self._portal)
        self._serving.__enter__()
        self._folder = tempfile.TemporaryDirectory()
        data = Path(self._folder.name)
        kept = keeping.Kept(server=self._serving.url, language=language, token_kept_in="file")
        keeping.save(data, kept)
        keeping.save_token(data, TOKEN)
        environment = {
            "ECONCIERGE_DESKTOP_SCHEME": scheme,
            "ECONCIERGE_LOCAL_FACE": str(self._serving.write_local_face(data / "local.json")),
            "XDG_CONFIG_HOME": str(data),
        }
        self._desk = Desktop(app=self._app, data=data, environment=environment, clock=lambda: NOW)

    def take(self, pages: list[str]) -> int:
        self._desk.session.start()
        self._window = self._desk.show_window()
        self._until(lambda: self._desk.session.fleet.printers and self._desk.session.me)
        try:
            for page in pages:
                getattr(self, f"_{page.replace('-', '_')}")()
                self._settle()
                self._grab(page)
        finally:
            self._serving.close()
            self._folder.cleanup()
        return 0

    # The pages

    def _printers(self) -> None:
        self._window.show_printers()

    def _printer(self) -> None:
        self._window.show_printer("100")

    def _order(self) -> None:
        self._window.show_order("1001")
        self._until(lambda: self._window.order().confirm)

    def _placed(self) -> None:
        button = self._window.order().confirm
        if button is not None:
            button.click()
        self._until(lambda: self._window.order().flow.order)

    def _status(self) -> None:
        self._window.show_order_status(self._portal.orders[-1]["id"] if self._portal.orders else "o-10391")

    def _orders(self) -> None:
        self._window.show_orders()

    def _settings(self) -> None:
        self._window.show_settings()

    def _menu(self) -> None:
        self._desk.tray.fill_menu()

    def _notice(self) -> None:
        """The four icons beside each other stand for the notification, which the system paints."""

    def _sign_in(self) -> None:
        self._window.show_sign_in()

    def _code(self) -> None:
        self._portal.base = "https://portail.papeterie.example"
        self._portal.answers["/v1/status"] = (200, {"state": "not_paired", "text": {"en": "-", "fr": "-"}})
        page = self._window.sign_in()
        self._window.show_sign_in()
        if page.address is not None:
            page.address.setText(self._serving.url)
            page.address.textEdited.emit(self._serving.url)
            page.address.returnPressed.emit()
        self._settle(0.8)

    def _offline(self) -> None:
        self._portal.answers["/api/v1/printers"] = (503, None)
        self._window.show_printers()
        self._desk.session.refresh()
        self._until(lambda: self._desk.session.standing.has_local)

    # Taking

    def _grab(self, page: str) -> None:
        path = f"{self._prefix}{page}.png"
        if page == "menu":
            self._desk.tray.menu.popup(self._core.QPoint(0, 0))
            self._settle()
            self._desk.tray.menu.grab().save(path)
            self._desk.tray.menu.hide()
        elif page == "notice":
            self._icons().save(path)
        else:
            self._window.grab().save(path, "PNG", 0)  # 0: as small as it gets

    def _icons(self) -> QtGui.QPixmap:
        from PySide6 import QtGui

        from econcierge_assistant.desktop.core.types import Worst
        from econcierge_assistant.desktop.ui import icons

        sheet = QtGui.QPixmap(72 * len(Worst), 72)
        sheet.fill(QtGui.QColor("#888888"))
        painter = QtGui.QPainter(sheet)
        for place, state in enumerate(Worst):
            painter.drawPixmap(72 * place + 4, 4, icons.tray_icon(state).pixmap(64, 64))
            painter.drawPixmap(72 * place + 50, 50, icons.tray_icon(state).pixmap(22, 22))
        painter.end()
        return sheet

    def _settle(self, seconds: float = 0.35) -> None:
        loop = self._core.QEventLoop()
        self._core.QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def _until(self, condition: Callable[[], object]) -> None:
        for _again in range(int(WAIT_S / 0.05)):
            if condition():
                return
            self._settle(0.05)
        raise TimeoutError("the application did not get so far")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
