"""The first page of all: which portal, a code to approve in the browser, and waiting for it (RFC 8628)."""

from __future__ import annotations

import platform as this_platform
from datetime import datetime

from PySide6 import QtCore, QtGui, QtWidgets

from econcierge_assistant import __version__
from econcierge_assistant.desktop.core import fields, moments, parsing, problems, signing_in, texts
from econcierge_assistant.desktop.core.problems import Trouble
from econcierge_assistant.desktop.core.signing_in import Asked, Granted, Target
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.ui import parts
from econcierge_assistant.desktop.ui.http import Answer, Http
from econcierge_assistant.desktop.ui.session import Session

LOST_AFTER = 5  # unanswered questions in a row, before the person is told


class SignInPage(parts.Column):
    done = QtCore.Signal()

    def __init__(self, *, session: Session, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._target: Target | None = None
        self._server: Http | None = None
        self._waiting: Asked | None = None
        self._expires_at: datetime | None = None
        self._said = ""
        self._about_service = ""
        self._unanswered = 0
        self._typed = session.kept.server
        self.address: QtWidgets.QLineEdit | None = None
        self._open_portal: parts.Button | None = None
        self._by_keyboard = False
        self._timer = QtCore.QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._poll)
        self.show_again()

    def show_again(self) -> None:
        self.clear()
        self.address = None
        if self._waiting is not None:
            self._show_code(self._waiting)
        else:
            self._show_form()
        self.rows.addStretch(1)

    def _show_form(self) -> None:
        self.add(parts.label(_("Connect this computer"), "title"))
        self.add(parts.line("rule"))
        self.add(
            parts.label(
                _(
                    "Your printers are watched from this computer. To connect it, you need the portal’s address "
                    "or the invitation link from your dealer."
                )
            )
        )
        field = parts.Field(self._typed)
        field.setMaximumWidth(460)
        field.setPlaceholderText("portal.example.com")
        field.returnPressed.connect(self._begin)
        field.textEdited.connect(self._edited)
        self.address = field
        label = parts.label(_("Address or invitation link"), "strong")
        label.setBuddy(field)
        field.setAccessibleName(label.text())
        self.add(label)
        self.add(field)
        if self._said:
            self.add(parts.label(self._said, "urgent"))
        self.add(parts.button(_("Get a code"), self._begin, "primary"), left=True)
        if self._session.standing.service_is_away:
            away = _(
                "The monitoring service is not running on this computer. You can sign in all the same; printers "
                "are then watched from another computer."
            )
            self.add(parts.label(away, "quiet"))

    def _show_code(self, waiting: Asked) -> None:
        self.add(parts.label(_("Approve this code in the portal"), "title"))
        self.add(parts.line("rule"))
        self.add(parts.label(_("Open the portal, sign in there, and check that it shows the same code:")))
        code = parts.label(waiting.pairing.user_code, "code", wrap=False)
        code.setTextInteractionFlags(
            QtCore.Qt.TextInteractionFlag.TextSelectableByMouse | QtCore.Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        code.setAccessibleName(_("Code: %(code)s") % {"code": " ".join(waiting.pairing.user_code)})
        self.add(code, left=True)
        self._open_portal = parts.button(_("Open the portal"), self._open, "primary")
        row = self.add_row(self._open_portal, parts.button(_("Cancel"), self._cancel))
        row.addStretch(1)
        self.add(parts.label(waiting.pairing.verification_uri, "quiet"))
        if self._about_service:
            self.add(parts.label(self._about_service, "quiet"))
        if self._expires_at is not None:
            at = moments.time_of_day(self._expires_at)
            self.add(parts.label(_("Waiting for approval; the code is good until %(time)s.") % {"time": at}, "quiet"))
        if self._said:
            self.add(parts.label(self._said, "attention"))

    def _edited(self, text: str) -> None:
        self._typed = text

    # The service first, so that one approval is enough for both

    def _begin(self) -> None:
        self._said, self._by_keyboard = "", parts.has_keyboard()
        try:
            self._target = signing_in.target(self._typed)
        except signing_in.BadAddress as error:
            self._fail(str(error))
            return
        self._server = Http(server=self._target.server, headers={}, direct=False, parent=self)
        service = self._session.service()
        if service is None:
            self._ask_code("", _("The monitoring service is not running on this computer, so only you are signed in."))
            return
        service.get("/v1/status", self._service_says)

    def _service_says(self, answer: Answer) -> None:
        try:
            state = parsing.service_status(answer.body).state if answer.problem is None else ""
        except fields.Unreadable:
            state = ""
        service = self._session.service()
        if service is None or not state:
            self._ask_code("", _("The monitoring service does not answer, so only you are signed in."))
        elif state in {"not_paired", "pairing", "revoked"} and self._target is not None:
            body = {"server": self._target.server, "invitation": self._target.invitation or None}
            service.post("/v1/pair", body, self._service_paired)
        else:
            self._ask_code("", "")

    def _service_paired(self, answer: Answer) -> None:
        try:
            code = parsing.pairing(answer.body).user_code if answer.problem is None else ""
        except fields.Unreadable:
            code = ""
        if code:
            self._ask_code(code, _("The same approval connects the monitoring service on this computer."))
        else:
            why = _service_words(answer)
            self._ask_code("", why or _("The monitoring service could not be connected; try that again later."))

    def _ask_code(self, together_with: str, about_service: str) -> None:
        self._about_service = about_service
        if self._server is None or self._target is None:
            return
        form = signing_in.form(
            client_id=signing_in.CLIENT,
            computer_name=this_platform.node(),
            version=__version__,
            invitation=self._target.invitation,
            together_with=together_with,
        )
        self._server.post_form("/gateway/v1/pair", form, self._code_came)

    def _code_came(self, answer: Answer) -> None:
        if answer.problem is not None:
            known = answer.problem.trouble is not Trouble.NOT_FOUND
            self._fail(answer.problem.text if known else self._not_ours())
            return
        try:
            self._waiting = signing_in.asked(answer.body)
        except fields.Unreadable:
            self._fail(self._not_ours())
            return
        self._unanswered = 0
        self._expires_at = signing_in.expires_at(self._waiting, now=datetime.now().astimezone())
        self._timer.start(self._waiting.interval_s * 1000)
        self.show_again()
        parts.give_focus(self._open_portal, by_keyboard=self._by_keyboard)

    def _not_ours(self) -> str:
        server = self._target.server if self._target else ""
        return problems.of_network(Trouble.NOT_ECONCIERGE, server=server).text

    # Waiting

    def _poll(self) -> None:
        if self._waiting is None or self._server is None:
            return
        if self._expires_at is not None and datetime.now().astimezone() > self._expires_at:
            self._fail(signing_in.expired())
            return
        form = [
            ("grant_type", signing_in.GRANT),
            ("device_code", self._waiting.device_code),
            ("client_id", signing_in.CLIENT),
        ]
        self._server.post_form("/gateway/v1/pair/token", form, self._polled)

    def _polled(self, answer: Answer) -> None:
        if self._waiting is None or self._target is None:
            return
        if answer.status == 0:
            self._not_heard(answer)
            return
        try:
            found = signing_in.answer(answer.status, answer.body, waiting=self._waiting)
        except signing_in.Refused as error:
            self._fail(str(error))
            return
        if isinstance(found, Granted):
            self._granted(found)
            return
        self._unanswered, self._waiting = 0, found
        self._timer.start(found.interval_s * 1000)

    def _not_heard(self, answer: Answer) -> None:
        self._unanswered += 1
        if self._unanswered == LOST_AFTER and answer.problem is not None:
            self._said = answer.problem.text
            self.show_again()
        if self._waiting is not None:
            self._timer.start(self._waiting.interval_s * 1000)

    def _granted(self, found: Granted) -> None:
        server = self._target.server if self._target else ""
        self._waiting = None
        self.show_again()
        self._session.signed_in(server=server, token=found.token)
        self.done.emit()

    def _fail(self, sentence: str) -> None:
        self._timer.stop()
        self._waiting, self._said = None, sentence
        self.show_again()
        if self.address is not None:
            self.address.setFocus()

    def _cancel(self) -> None:
        self._timer.stop()
        self._waiting, self._said = None, ""
        self.show_again()
        parts.give_focus(self.address, by_keyboard=True)

    def _open(self) -> None:
        if self._waiting is not None:
            QtGui.QDesktopServices.openUrl(QtCore.QUrl(self._waiting.pairing.verification_uri_complete))


def _service_words(answer: Answer) -> str:
    """The service's own sentence, which it gives in both languages."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    said = error.get("text") if isinstance(error, dict) else None
    both = {key: text for key, text in said.items() if isinstance(text, str)} if isinstance(said, dict) else {}
    return texts.in_language(both)
