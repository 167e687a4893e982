"""The tray icon: its colour and shape say the worst state; its menu leads to what needs something."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets

from econcierge_assistant.desktop.core import wording, worst
from econcierge_assistant.desktop.core.notices import Notice
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.texts import ngettext
from econcierge_assistant.desktop.core.types import Worst
from econcierge_assistant.desktop.ui import icons
from econcierge_assistant.desktop.ui.session import Session

MOST_IN_MENU = 8
SHOWN_MS = 12_000


class ClickName(QtCore.QTranslator):
    """What Qt names the click on a notification over D-Bus, some desktops as a button: "OK" leads nowhere."""

    def isEmpty(self) -> bool:  # noqa: N802  (Qt's name)
        return False

    def translate(self, context: str, text: str, _about: str | None = None, _count: int = -1) -> str | None:
        return _("Open") if (context, text) == ("QDBusTrayIcon", "OK") else None


class Tray(QtCore.QObject):
    """Says what was chosen: the window, a printer, a supply to order, settings, the end."""

    window_wanted = QtCore.Signal()
    printer_wanted = QtCore.Signal(str)
    order_wanted = QtCore.Signal(str)  # slot
    settings_wanted = QtCore.Signal()
    quit_wanted = QtCore.Signal()

    def __init__(self, *, session: Session, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: Notice | None = None
        self._state: Worst | None = None
        self.icon = QtWidgets.QSystemTrayIcon(self)
        self.menu = QtWidgets.QMenu()
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.notice_clicked)
        QtCore.QCoreApplication.installTranslator(ClickName(self))
        session.fleet_changed.connect(self.update_icon)
        session.fleet_changed.connect(self.fill_menu)
        session.noticed.connect(self.tell)
        self.update_icon()
        self.fill_menu()
        self.icon.show()

    def update_icon(self) -> None:
        printers = self._session.fleet.printers
        state = worst.of_fleet(printers)
        if state is not self._state:
            self._state = state
            self.icon.setIcon(icons.tray_icon(state))
        silent = sum(printer.worst is Worst.SILENT for printer in printers)
        text = wording.tray(state, needs=len(worst.needs(printers)), silent_printers=silent)
        self.icon.setToolTip(text if printers else _("Supplies Assistant"))

    def fill_menu(self) -> None:
        """What needs something now, each leading there; then the fixed entries.

        Not when it is about to be shown: panels that draw it themselves would show it in the size of before.
        """
        if self.menu.isVisible():
            return
        self.menu.clear()
        printers = self._session.fleet.printers
        needs = worst.needs(printers)
        head = self.menu.addAction(wording.headline(needs) if printers else _("No printers yet"))
        head.setEnabled(False)
        for need in needs[:MOST_IN_MENU]:
            text = wording.named(need.printer.name, wording.need(need).rstrip("."))
            self._entry(text, functools.partial(self._lead_to, need))
        if len(needs) > MOST_IN_MENU:
            more = len(needs) - MOST_IN_MENU
            self._entry(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}, self.window_wanted.emit)
        for printer in (each for each in printers if each.worst is Worst.SILENT):
            said = wording.named(printer.name, wording.silent(printer, now=self._session.now()))
            self._entry(said, functools.partial(self.printer_wanted.emit, printer.key))
        self.menu.addSeparator()
        self._entry(_("Open the window"), self.window_wanted.emit)
        self._entry(_("Look again now"), self._session.refresh)
        self._entry(_("Settings"), self.settings_wanted.emit)
        self.menu.addSeparator()
        self._entry(_("Quit"), self.quit_wanted.emit)

    def tell(self, notice: Notice) -> None:
        """A native notification; its click leads to that printer's supply, or to the list for several."""
        self._shown = notice
        title, text = notice_texts(notice)
        self.icon.showMessage(title, text, _kind(notice), SHOWN_MS)

    def notice_clicked(self) -> None:
        if self._shown is None or len(self._shown.needs) != 1:
            self.window_wanted.emit()
        else:
            self._lead_to(self._shown.needs[0])

    def _lead_to(self, need: worst.Need) -> None:
        me = self._session.me
        may_order = me is not None and me.may_order and self._session.standing.may_write
        if may_order and need.supply.may_be_ordered and need.supply.slot_id:
            self.order_wanted.emit(need.supply.slot_id)
        else:
            self.printer_wanted.emit(need.printer.key)

    def _entry(self, text: str, chosen: Callable[[], object]) -> QtGui.QAction:
        action = self.menu.addAction(text.replace("&", "&&"))
        action.triggered.connect(lambda _checked=False: chosen())
        return action

    def _activated(self, reason: QtWidgets.QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QtWidgets.QSystemTrayIcon.ActivationReason.Context:
            self.window_wanted.emit()


def _kind(notice: Notice) -> QtWidgets.QSystemTrayIcon.MessageIcon:
    """On Linux, Qt asks to hear of clicks for its critical kind only, and a notification has to lead somewhere."""
    kind = QtWidgets.QSystemTrayIcon.MessageIcon
    if sys.platform == "linux":
        return kind.Critical
    return kind.Warning if any(need.worst is not Worst.LOW for need in notice.needs) else kind.Information


def notice_texts(notice: Notice) -> tuple[str, str]:
    """Title and text: the printer and its supply, or several in one."""
    if len(notice.needs) == 1:
        need = notice.needs[0]
        return ", ".join(filter(None, [need.printer.name, need.printer.place])), wording.need(need)
    lines = [wording.named(need.printer.name, wording.need(need)) for need in notice.needs[:4]]
    more = len(notice.needs) - len(lines)
    if more:
        lines.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
    return wording.headline(notice.needs), "\n".join(lines)
