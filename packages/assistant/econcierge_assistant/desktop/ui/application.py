"""The application put together: session, tray, and the window from the moment that somebody wants to see it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtWidgets

from econcierge_assistant.desktop.core import texts
from econcierge_assistant.desktop.core.notices import Notice
from econcierge_assistant.desktop.os import lean
from econcierge_assistant.desktop.ui import icons, style
from econcierge_assistant.desktop.ui.session import Session
from econcierge_assistant.desktop.ui.tray import Tray

if TYPE_CHECKING:
    from econcierge_assistant.desktop.ui.window import Window
from econcierge_printers.clock import Clock

LEAN_AFTER_MS = 200


class Desktop(QtCore.QObject):
    def __init__(
        self, *, app: QtWidgets.QApplication, data: Path, environment: Mapping[str, str], clock: Clock
    ) -> None:
        super().__init__(app)
        lean.give_back()
        self._app = app
        self.window: Window | None = None
        self.session = Session(data=data, environment=environment, clock=clock, parent=self)
        texts.use(texts.choose(wish=self.session.kept.language, system=system_languages()))
        app.setQuitOnLastWindowClosed(False)
        app.setWindowIcon(icons.application_icon())
        app.setFont(style.base_font())
        self._painted()
        self.tray = Tray(session=self.session, parent=self)
        self.session.me_changed.connect(self._painted)
        self.session.noticed.connect(self._noticed)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._painted())
        self.tray.window_wanted.connect(self.show_window)
        self.tray.printer_wanted.connect(self.show_printer)
        self.tray.order_wanted.connect(self.show_order)
        self.tray.settings_wanted.connect(self.show_settings)
        self.tray.quit_wanted.connect(app.quit)

    def start(self, *, in_background: bool) -> None:
        """Without a tray there is nothing to click at, so the window opens then in any case."""
        self.session.start()
        QtCore.QTimer.singleShot(LEAN_AFTER_MS, self, lean.give_back)
        if not in_background or not QtWidgets.QSystemTrayIcon.isSystemTrayAvailable():
            self.show_window()

    def show_window(self) -> Window:
        from econcierge_assistant.desktop.ui.window import Window  # on most days nobody opens it

        if self.window is None:
            self.window = Window(session=self.session)
            self.window.language_chosen.connect(self._language_chosen)
            QtCore.QTimer.singleShot(LEAN_AFTER_MS, self, lean.give_back)
        self.window.raise_window()
        return self.window

    def show_printer(self, key: str) -> None:
        self.show_window().show_printer(key)

    def show_order(self, slot_id: str) -> None:
        self.show_window().show_order(slot_id)

    def show_settings(self) -> None:
        self.show_window().show_settings()

    def _language_chosen(self, wish: str) -> None:
        self.session.choose_language(wish, system=system_languages())
        if self.window is not None:
            self.window.built_anew()
        self.tray.update_icon()

    def _noticed(self, _notice: Notice) -> None:
        """Where notifications cannot be shown, the window at least asks for a look."""
        if self.window is not None and not QtWidgets.QSystemTrayIcon.supportsMessages():
            self._app.alert(self.window)

    def _painted(self) -> None:
        me = self.session.me
        dark = style.is_dark(self._app, self.session.environment)
        before = style.current()
        style.apply(self._app, dark=dark, accent=me.dealer.accent if me else "")
        if self.window is not None and style.current() != before:
            self.window.built_anew()


def system_languages() -> list[str]:
    return QtCore.QLocale.system().uiLanguages()
