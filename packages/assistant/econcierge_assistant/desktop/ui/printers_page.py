"""The first page: what needs you, then all printers; with a search for many."""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Qt

from econcierge_assistant.desktop.core import moments, search, texts, wording, worst
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import Printer, Worst
from econcierge_assistant.desktop.ui import parts
from econcierge_assistant.desktop.ui.printers_list import PrinterDelegate, PrintersModel
from econcierge_assistant.desktop.ui.session import Session

MOST_NEEDS = 3


class PrintersPage(parts.Page):
    """Says which printer or which supply was chosen, by their keys."""

    printer_chosen = QtCore.Signal(str)
    order_wanted = QtCore.Signal(str, str)  # printer, slot

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        rows = QtWidgets.QVBoxLayout(self)
        rows.setContentsMargins(24, 20, 24, 0)
        rows.setSpacing(8)
        self._headline = parts.label("", "title")
        self._needs = QtWidgets.QVBoxLayout()
        self._needs_said: object = None
        self._needs.setSpacing(0)
        self._fine = parts.label("", "heading", wrap=False)
        self._looked = parts.label("", "quiet")
        self.search = parts.Field()
        self.search.setMaximumWidth(340)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._show_list())
        self._model = PrintersModel(now=session.now, parent=self)
        self.list = self._view()
        found = QtWidgets.QHBoxLayout()
        found.addWidget(self._fine)
        found.addStretch(1)
        found.addWidget(self.search, 1)
        self._nothing = parts.label("", "quiet")
        rows.addWidget(self._headline)
        rows.addWidget(parts.line("rule"))
        rows.addLayout(self._needs)
        rows.addSpacing(8)
        rows.addLayout(found)
        rows.addWidget(self._nothing)
        rows.addWidget(self.list, 1)
        rows.addWidget(self._looked)
        rows.addSpacing(8)
        self.setTabOrder(self.search, self.list)
        self.show_again()

    def _view(self) -> QtWidgets.QListView:
        view = QtWidgets.QListView()
        view.setModel(self._model)
        view.setItemDelegate(PrinterDelegate(now=self._session.now, parent=view))
        view.setUniformItemSizes(True)
        view.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        view.viewport().setAutoFillBackground(False)
        view.setMouseTracking(True)
        view.setEditTriggers(QtWidgets.QListView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QtWidgets.QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One click opens, and so does Enter; on some systems `activated` would want a double click.
        view.clicked.connect(self._opened)
        for key in ("Return", "Enter"):
            shortcut = QtGui.QShortcut(QtGui.QKeySequence(key), view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda: self._opened(view.currentIndex()))
        return view

    def fleet_changed(self) -> None:
        self.show_again()

    def standing_changed(self) -> None:
        self.show_again()

    def show_again(self) -> None:
        """Everything anew, from what the session knows; also after a change of language."""
        self.search.setPlaceholderText(_("Name, place, model or serial number"))
        self.search.setAccessibleName(_("Find printers"))
        self.list.setAccessibleName(_("Printers"))
        printers = self._session.fleet.printers
        needs = worst.needs(printers)
        self._headline.setText(wording.headline(needs) if printers else _("No printers yet"))
        self._show_needs(needs)
        self._show_list()
        looked = self._session.fleet.looked_at
        facts = {"ago": moments.ago(looked, now=self._session.now())} if looked else {}
        self._looked.setText(_("Last looked %(ago)s.") % facts if looked else "")

    def _show_needs(self, needs: list[worst.Need]) -> None:
        """Built anew only when it says something else, so that who is on a button by keyboard stays there."""
        said = (needs, self._session.standing.may_write, self._session.me, texts.current())
        if said == self._needs_said:
            return
        self._needs_said = said
        parts.empty(self._needs)
        for need in needs[:MOST_NEEDS]:
            self._needs.addWidget(self._need(need, is_first=need is needs[0]))
        if len(needs) > MOST_NEEDS:
            self._needs.addSpacing(8)
            self._needs.addWidget(parts.label(_("The others stand first in the list below."), "quiet"))

    def _need(self, need: worst.Need, *, is_first: bool) -> QtWidgets.QWidget:
        row = QtWidgets.QWidget()
        inside = QtWidgets.QHBoxLayout(row)
        inside.setContentsMargins(0, 8, 0, 8)
        said = QtWidgets.QVBoxLayout()
        said.setSpacing(0)
        place = ", ".join(filter(None, [need.printer.name, need.printer.place]))
        said.addWidget(
            parts.button(place, lambda: self.printer_chosen.emit(need.printer.key), "link"),
            0,
            Qt.AlignmentFlag.AlignLeft,
        )
        text = parts.label(wording.need(need), "urgent" if need.worst is not Worst.LOW else "")
        text.setContentsMargins(5, 0, 0, 0)
        said.addWidget(text)
        inside.addLayout(said, 1)
        me = self._session.me
        if need.supply.may_be_ordered and self._session.standing.may_write and me is not None and me.may_order:
            name = wording.the_supply(need.supply)
            inside.addWidget(
                parts.button(
                    _("Order %(supply)s") % {"supply": name},
                    lambda: self.order_wanted.emit(need.printer.key, need.supply.slot_id),
                    "primary" if is_first else "plain",
                )
            )
        return row

    def _show_list(self) -> None:
        printers = self._session.fleet.printers
        question = self.search.text()
        found = worst.sorted_fleet(search.matching(printers, question))
        self._model.show(found)
        fine = sum(printer.worst in {Worst.FINE, Worst.ATTENTION} for printer in printers)
        self._fine.setText(wording.others(fine) if printers else "")
        self._nothing.setText(self._why_empty(bool(printers), question) if not found else "")
        self._nothing.setVisible(not found)

    def _why_empty(self, any_printer: bool, question: str) -> str:
        if any_printer:
            return _("No printer fits “%(question)s”.") % {"question": question}
        if self._session.standing.service_is_away:
            return _("No printers yet: the monitoring service is not running on this computer.")
        return _("No printers yet. The monitoring service looks for them; the first search takes some minutes.")

    def _opened(self, index: QtCore.QModelIndex) -> None:
        printer = index.data(PrintersModel.PRINTER)
        if isinstance(printer, Printer):
            self.printer_chosen.emit(printer.key)
