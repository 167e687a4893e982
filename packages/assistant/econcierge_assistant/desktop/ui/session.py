"""What the window listens to: asks platform and service, keeps what they said last, and says when something changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6 import QtCore

from econcierge_assistant.desktop.core import fields, keeping, local, notices, parsing, problems, texts
from econcierge_assistant.desktop.core import types as t
from econcierge_assistant.desktop.core.keeping import Kept
from econcierge_assistant.desktop.core.problems import Problem, Trouble
from econcierge_assistant.desktop.core.standing import Standing
from econcierge_assistant.desktop.ui.http import Answer, Http
from econcierge_assistant.desktop.ui.tokens import Tokens
from econcierge_printers.clock import Clock

REFRESH_MS, WATCHED_MS = 60_000, 20_000  # the second while the window is seen
MOST_PAGES = 100
API = "/api/v1"


class Session(QtCore.QObject):
    """One person's connection. All answers arrive in Qt's loop; nothing here blocks."""

    fleet_changed = QtCore.Signal()
    me_changed = QtCore.Signal()
    standing_changed = QtCore.Signal()
    noticed = QtCore.Signal(object)  # notices.Notice
    order_placed = QtCore.Signal(object)  # types.Order
    basket_changed = QtCore.Signal()

    def __init__(self, *, data: Path, environment: Mapping[str, str], clock: Clock, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.data, self.environment = data, environment
        self.kept: Kept = keeping.load(data)
        self.fleet = t.Fleet()
        self.me: t.Me | None = None
        self.basket = t.Basket()  # the platform's: what is put in here is in the portal too
        self._basket_asked = self._basket_heard = 0
        self._is_seen = False
        self.standing = Standing()
        self.platform: Http | None = None
        self.tokens = Tokens(data=data, environment=environment, parent=self)
        self._clock = clock
        self._ahead = timedelta()  # the platform's clock before this computer's (a demo's time runs fast)
        self._known: tuple[t.Printer, ...] = ()
        self.asking = False
        self._local: Http | None = None
        self._face: local.Face | None = None
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def watch(self, is_seen: bool) -> None:
        """Somebody looks at the window, or does not any more."""
        self._is_seen = is_seen
        self._timer.setInterval(WATCHED_MS if is_seen else REFRESH_MS)
        if is_seen:
            self.ask_basket()

    def now(self) -> datetime:
        return self._clock() + self._ahead

    # Signing in and out

    def start(self) -> None:
        """Take up where the last start left off."""
        self._timer.start()
        if self.kept.server and self.kept.token_kept_in:
            self.tokens.load(server=self.kept.server, kept_in=self.kept.token_kept_in, then=self._loaded)
        else:
            self.refresh()

    def signed_in(self, *, server: str, token: str) -> None:
        if self.platform is not None:  # connected again: nobody uses the permission of before any more
            self.platform.delete(f"{API}/token", lambda _answer: None)
        self._keep(replace(self.kept, server=server))
        self._connect(token)
        self.tokens.save(server=server, token=token, then=self._token_kept)
        self.refresh()

    def sign_out(self) -> None:
        """The platform forgets the token too; whether it hears that or not, this computer has none any more."""
        if self.platform is not None:
            self.platform.delete(f"{API}/token", lambda _answer: None)
        self._forget_token()
        self._stand(Standing(service=self.standing.service, service_is_away=self.standing.service_is_away))
        self.me, self.fleet, self._known = None, t.Fleet(), ()
        self._have_basket(t.Basket())
        self.me_changed.emit()
        self.refresh()

    def _loaded(self, token: str) -> None:
        if token:
            self._connect(token)
        self.refresh()

    def _connect(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.platform = Http(server=self.kept.server, headers=headers, direct=False, parent=self)
        self._stand(replace(self.standing, signed_in=True, problem=None))
        self.ask_me()

    def _token_kept(self, kept_in: str) -> None:
        self._keep(replace(self.kept, token_kept_in=kept_in))
        self.standing_changed.emit()

    def _forget_token(self) -> None:
        self.tokens.forget(server=self.kept.server, kept_in=self.kept.token_kept_in)
        self.platform = None
        self._keep(keeping.signed_out(self.kept))

    # Settings

    def choose_language(self, wish: str, *, system: list[str]) -> None:
        """ "" follows the system. Texts of the platform are asked for again in the new language."""
        self._keep(replace(self.kept, language=wish))
        texts.use(texts.choose(wish=wish, system=system))
        self.ask_me()
        self.refresh()

    def _keep(self, kept: Kept) -> None:
        self.kept = kept
        try:
            keeping.save(self.data, kept)
        except keeping.CannotKeep as error:
            QtCore.qWarning(f"econcierge-desktop: {error}")

    # Asking the platform

    def ask(self, path: str, then: Callable[[Answer], None]) -> None:
        """GET under the API; a session that ended is noticed here, whoever asked."""
        if self.platform is None:
            then(Answer(0, None, problems.of_status(401, None, server=self.kept.server)))
            return
        self.platform.get(API + path, self._watching(then))

    def send(self, path: str, body: object, then: Callable[[Answer], None]) -> None:
        if self.platform is None:
            then(Answer(0, None, problems.of_status(401, None, server=self.kept.server)))
            return
        self.platform.post(API + path, body, self._watching(then))

    # The basket

    def ask_basket(self) -> None:
        if self.platform is not None and self.me is not None and self.me.may_order:
            self.platform.get(f"{API}/basket", self._hearing_basket(lambda _answer: None))

    def put_into_basket(self, line: dict[str, object], then: Callable[[Answer], None]) -> None:
        """The platform alone keeps it: without it nothing is put in, and `then` hears why."""
        if self.platform is None:
            then(Answer(0, None, problems.of_status(401, None, server=self.kept.server)))
            return
        self.platform.put(f"{API}/basket/lines", line, self._hearing_basket(then))

    def take_out_of_basket(self, line_id: str, then: Callable[[Answer], None]) -> None:
        if self.platform is None:
            then(Answer(0, None, problems.of_status(401, None, server=self.kept.server)))
            return
        self.platform.delete(f"{API}/basket/lines/{line_id}", self._hearing_basket(then))

    def _hearing_basket(self, then: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """Every answer is the whole basket; one that was overtaken by the answer to a later request is old."""
        self._basket_asked += 1
        asked = self._basket_asked

        def heard(answer: Answer) -> None:
            if answer.problem is None and asked > self._basket_heard:
                self._basket_heard = asked
                with contextlib.suppress(fields.Unreadable):
                    self._have_basket(parsing.basket(answer.body))
            then(answer)

        return self._watching(heard)

    def _have_basket(self, basket: t.Basket) -> None:
        if basket != self.basket:
            self.basket = basket
            self.basket_changed.emit()

    # Asking who one is, and the printers

    def ask_me(self) -> None:
        if self.platform is not None:
            self.ask("/me", self._about_me)

    def refresh(self) -> None:
        """Printers from the platform; when it cannot say, from the service on this computer."""
        if self.asking:
            return
        self.asking = True
        self._ask_service()
        if self.platform is None:
            self._from_service(None)
        else:
            self._ask_page("/printers", ())

    def _about_me(self, answer: Answer) -> None:
        if answer.problem is not None:
            return
        try:
            self.me = parsing.me(answer.body)
        except fields.Unreadable:
            return
        self.me_changed.emit()
        self.ask_basket()

    def _ask_page(self, path: str, before: tuple[t.Fleet, ...]) -> None:
        self.ask(path, lambda answer: self._page(answer, before))

    def _page(self, answer: Answer, before: tuple[t.Fleet, ...]) -> None:
        if answer.problem is not None:
            self._from_service(answer.problem)
            return
        try:
            page = parsing.fleet(answer.body)
        except fields.Unreadable:
            self._from_service(problems.of_network(Trouble.NOT_ECONCIERGE, server=self.kept.server))
            return
        pages = (*before, page)
        following = _path_after(API, page.next_url)
        if following and len(pages) < MOST_PAGES:
            self._ask_page(following, pages)
        else:
            self._whole(pages)

    def _whole(self, pages: tuple[t.Fleet, ...]) -> None:
        self.asking = False
        last = pages[-1]
        self._ahead = last.server_time - self._clock() if last.server_time else timedelta()
        self._known = tuple(printer for page in pages for printer in page.printers)
        self.fleet = replace(last, printers=self._known, next_url="")
        self._stand(replace(self.standing, signed_in=True, problem=None, since=self.now(), has_local=False))
        self.fleet_changed.emit()
        self._notice()
        if self.me is None:  # the platform was away when it was asked first
            self.ask_me()
        elif self._is_seen:
            self.ask_basket()

    def _watching(self, then: Callable[[Answer], None]) -> Callable[[Answer], None]:
        def watched(answer: Answer) -> None:
            if answer.status == 401 and self.platform is not None and answer.problem is not None:
                self._forget_token()
                self._stand(replace(self.standing, signed_in=False, problem=answer.problem))
            then(answer)

        return watched

    # The service on this computer

    def service(self) -> Http | None:
        """Found anew each time its address changed: it may have been started again on another port."""
        face = local.find(local.places(environment=self.environment))
        if face is None:
            self._local = self._face = None
        elif face != self._face:
            headers = {"Authorization": f"Bearer {face.key}"}
            server = f"http://127.0.0.1:{face.port}"
            self._local, self._face = Http(server=server, headers=headers, direct=True, parent=self), face
        return self._local

    def _ask_service(self) -> None:
        service = self.service()
        if service is None:
            self._stand(replace(self.standing, service=None, service_is_away=True))
            return
        service.get("/v1/status", self._service_says)

    def _service_says(self, answer: Answer) -> None:
        try:
            status = parsing.service_status(answer.body) if answer.problem is None else None
        except fields.Unreadable:
            status = None
        self._stand(replace(self.standing, service=status, service_is_away=status is None))

    def _from_service(self, problem: Problem | None) -> None:
        """Read-only: the service's readings, or what the platform said last."""
        self.asking = False
        signed_out = problem is not None and problem.trouble is Trouble.SIGN_IN
        if not signed_out and problem is not None:
            self._stand(replace(self.standing, problem=problem))
        service = self.service()
        if service is None:
            self._stand(replace(self.standing, has_local=False))
            self.fleet_changed.emit()
            return
        service.get("/v1/printers", self._local_printers)

    def _local_printers(self, answer: Answer) -> None:
        # Two megabytes that a day with the platform does not need.
        from econcierge_assistant.desktop.core import readings

        try:
            if answer.problem is not None:
                raise fields.Unreadable("items")
            self.fleet = readings.fleet(answer.body, now=self.now(), known=self._known)
        except fields.Unreadable:
            self._stand(replace(self.standing, has_local=False, service_is_away=True))
        else:
            self._stand(replace(self.standing, has_local=True))
        self.fleet_changed.emit()

    # Telling

    def _notice(self) -> None:
        notice, noted = notices.decide(printers=self.fleet.printers, noted=self.kept.noted)
        if noted != self.kept.noted:
            self._keep(replace(self.kept, noted=noted))
        if notice is not None:
            self.noticed.emit(notice)

    def _stand(self, standing: Standing) -> None:
        if standing != self.standing:
            self.standing = standing
            self.standing_changed.emit()


def _path_after(prefix: str, url: str) -> str:
    """The next page's path on our own server, whatever host its address names."""
    parts = QtCore.QUrl(url)
    path = parts.path(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
    if not url or not path.startswith(prefix):
        return ""
    query = parts.query(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
    return path.removeprefix(prefix) + (f"?{query}" if query else "")
