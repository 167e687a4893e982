"""A repair request from a printer's page. Its key stays while the dialog is open: sent twice, it is one request."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets

from econcierge_assistant.desktop.core import fields, keys, parsing
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import Printer
from econcierge_assistant.desktop.ui import parts
from econcierge_assistant.desktop.ui.http import Answer
from econcierge_assistant.desktop.ui.session import Session

LONGEST = 2000  # characters


class RepairDialog(QtWidgets.QDialog):
    asked = QtCore.Signal(str)  # the sentence to show

    def __init__(self, *, session: Session, printer: Printer, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session, self._printer = session, printer
        self._key = keys.new()
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Repair request"))
        self.setMinimumWidth(460)
        rows = QtWidgets.QVBoxLayout(self)
        rows.setContentsMargins(24, 20, 24, 20)
        rows.setSpacing(6)
        rows.addWidget(parts.label(_("Repair request for %(printer)s") % {"printer": printer.name}, "heading"))
        self.text = QtWidgets.QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.contact = parts.Field(session.me.name if session.me else "")
        self.phone = parts.Field()
        self._row(rows, _("What is wrong"), self.text, _("For example: paper jams in tray 2, code 075-210."))
        self._row(rows, _("Whom to ask for on site"), self.contact, "")
        self._row(rows, _("Telephone"), self.phone, _("The technician calls this number to plan the visit."))
        self._problem = parts.label("", "urgent")
        rows.addWidget(self._problem)
        self._send = parts.button(_("Send the request"), self._sent, "primary")
        self._send.setDefault(True)
        buttons = QtWidgets.QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(parts.button(_("Cancel"), self.reject))
        buttons.addWidget(self._send)
        rows.addLayout(buttons)

    def _row(self, rows: QtWidgets.QVBoxLayout, name: str, field: QtWidgets.QWidget, help_text: str) -> None:
        """The label above, the help under it."""
        label = parts.label(name, "strong")
        label.setBuddy(field)
        field.setAccessibleName(name)
        field.setAccessibleDescription(help_text)
        rows.addWidget(label)
        rows.addWidget(field)
        if help_text:
            rows.addWidget(parts.label(help_text, "quiet"))
        rows.addSpacing(6)

    def _sent(self) -> None:
        text = self.text.toPlainText().strip()
        if not text:
            self._problem.setText(_("Say in a few words what is wrong, so that the technician brings the right part."))
            self.text.setFocus()
            return
        self._send.setEnabled(False)
        body = {
            "submission_key": self._key,
            "text": text[:LONGEST],
            "contact": self.contact.text().strip(),
            "phone": self.phone.text().strip(),
        }
        self._session.send(f"/printers/{self._printer.printer_id}/repair-requests", body, self._answered)

    def _answered(self, answer: Answer) -> None:
        self._send.setEnabled(True)
        if answer.problem is not None:
            said = [answer.problem.text, *(answer.problem.fields or {}).values()]
            self._problem.setText(" ".join(dict.fromkeys(said)))
            return
        try:
            repair = parsing.repair(answer.body)
        except fields.Unreadable:
            number, state = "", _("received")
        else:
            number, state = repair.number, repair.state_text
        self.asked.emit(_("Repair request %(number)s: %(state)s.") % {"number": number, "state": state})
        self.accept()
