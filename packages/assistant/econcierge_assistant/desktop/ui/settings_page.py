"""Settings: language, start at sign-in, which server, how the monitoring service is, sign out."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets

from econcierge_assistant import __version__
from econcierge_assistant.desktop import os as systems
from econcierge_assistant.desktop.core import moments, texts
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.ui import parts, tokens
from econcierge_assistant.desktop.ui.http import Answer
from econcierge_assistant.desktop.ui.session import Session

FOLLOW = ""


class SettingsPage(parts.Column):
    language_chosen = QtCore.Signal(str)
    sign_in_wanted = QtCore.Signal()

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._autostart = systems.autostart(environment=session.environment)
        self._said = ""

    def open(self) -> None:
        self._said = ""
        self.show_again()

    def standing_changed(self) -> None:
        self.show_again()

    def show_again(self) -> None:
        self.clear()
        self.add(parts.label(_("Settings"), "title"))
        self.add(parts.line("rule"))
        if self._said:
            self.add(parts.label(self._said, "urgent"))
        self._language()
        self._start()
        self._account()
        self._service()
        self.add(parts.label(_("Supplies Assistant %(version)s") % {"version": __version__}, "quiet"))
        self.rows.addStretch(1)

    def _language(self) -> None:
        self.add(parts.label(_("Language"), "heading"))
        box = QtWidgets.QComboBox()
        box.addItem(_("As the system"), FOLLOW)
        box.addItem("Français", "fr")
        box.addItem("English", "en")
        box.setCurrentIndex(max(0, box.findData(self._session.kept.language)))
        box.setAccessibleName(_("Language"))
        box.setMaximumWidth(220)
        # Afterwards: the page, and this box with it, is built anew in the other language.
        box.activated.connect(
            lambda _index: QtCore.QTimer.singleShot(0, self, lambda: self.language_chosen.emit(str(box.currentData())))
        )
        self.add(box, left=True)

    def _start(self) -> None:
        found = parts.Tick(_("Start when I sign in to this computer"))
        found.setChecked(self._autostart.is_on())
        found.toggled.connect(self._start_chosen)
        self.add(found, left=True)

    def _start_chosen(self, on: bool) -> None:
        try:
            if on:
                self._autostart.turn_on([*tokens.own_command(), "--background"])
            else:
                self._autostart.turn_off()
        except OSError:
            self._said = _("This could not be set: the folder for starting programmes cannot be written.")
            QtCore.QTimer.singleShot(0, self, self.show_again)

    def _account(self) -> None:
        session = self._session
        self.add(parts.label(_("Your account"), "heading"))
        if not session.standing.signed_in:
            self.add(parts.label(_("You are signed out."), "quiet"))
            self.add(parts.button(_("Sign in"), self.sign_in_wanted.emit, "primary"), left=True)
            return
        me = session.me
        if me is not None:
            self.add(parts.label(", ".join(filter(None, [me.name, me.email, me.customer]))))
            dealer = me.dealer
            contact = ", ".join(filter(None, [dealer.name, dealer.phone, dealer.email]))
            self.add(parts.label(_("Your dealer: %(dealer)s") % {"dealer": contact}))
        server = session.kept.server.partition("://")[2]
        self.add(parts.label(_("Portal: %(server)s") % {"server": server}))
        kept = {
            tokens.KEYRING: _("Your permission is kept in this system’s keyring."),
            tokens.FILE: _(
                "Your permission is kept in a file that only you may read, because there is no keyring here."
            ),
        }.get(session.kept.token_kept_in, _("Your permission is not kept: you sign in again at the next start."))
        self.add(parts.label(kept, "quiet"))
        self.add(parts.button(_("Sign out"), session.sign_out), left=True)

    def _service(self) -> None:
        self.add(parts.label(_("Monitoring service on this computer"), "heading"))
        service = self._session.standing.service
        if service is None:
            self.add(parts.label(_("It is not running, or not installed."), "quiet"))
            return
        self.add(parts.label(texts.in_language(service.text) or service.state))
        now = self._session.now()
        if service.last_delivered_at is not None:
            ago = moments.ago(service.last_delivered_at, now=now)
            self.add(
                parts.label(_("Last delivered %(ago)s; waiting: %(n)s.") % {"ago": ago, "n": service.waiting}, "quiet")
            )
        for problem in service.problems:
            self.add(parts.label(texts.in_language(problem), "attention"))
        row = self.add_row(
            parts.button(_("Look for printers"), lambda: self._ask_service("/v1/discover", {})),
            parts.button(_("Read all printers"), lambda: self._ask_service("/v1/read-now", {"targets": None})),
        )
        row.addStretch(1)

    def _ask_service(self, path: str, body: object) -> None:
        service = self._session.service()
        if service is not None:
            service.post(path, body, self._service_answered)

    def _service_answered(self, answer: Answer) -> None:
        well = answer.status == 202
        self._said = "" if well else _("The monitoring service did not take this. Try again in a minute.")
        self._session.refresh()
        self.show_again()
