"""Looks at everything the service needs and says in plain sentences what is well and what to do about the rest."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from econcierge_assistant.service import (
    deny,
    doctor_texts,
    errors,
    figures,
    line,
    own_networks,
    pairing,
    ranges,
    roster,
    settings,
    snmp_network,
    spool,
    status,
    store,
    texts,
    uplink,
)
from econcierge_printers import clock

TIMEOUT_S = 5.0
LIVE_PATH = "/health/live"
LEAST_FREE_MB = 200
MOST_ASKED = 50  # printers, by each look: enough to tell a firewall from a printer that is off


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, by its code, in both languages."""

    well: bool
    code: str
    en: str
    fr: str

    def sentence(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def as_json(self) -> dict[str, object]:
        return {"code": self.code, "well": self.well, "text": {"en": self.en, "fr": self.fr}}


class _Sick(Exception):
    """A step failed; what follows rests on it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.en)
        self.finding = finding


def examine(*, chosen: settings.Settings, now: clock.Clock) -> Iterator[Finding]:
    """One finding at a time, in the order in which to mend them; what rests on a failed step is left out."""
    yield from _network(chosen)
    yield from _folder(chosen, now)
    try:
        paired = settings.paired(chosen)
        at = settings.line_of(chosen, paired.server)
    except errors.AssistantError as error:
        yield _of_error(error)
        return
    yield _well("paired", server=paired.server)
    yield from _steps(at, paired, now)


def _well(code: str, **facts: object) -> Finding:
    return _finding(True, code, **facts)


def _sick(code: str, **facts: object) -> Finding:
    return _finding(False, code, **facts)


def _finding(well: bool, code: str, **facts: object) -> Finding:
    english, french = doctor_texts.TEXTS[code]
    in_english = {name: fact.en if isinstance(fact, texts.Said) else fact for name, fact in facts.items()}
    in_french = {name: fact.fr if isinstance(fact, texts.Said) else fact for name, fact in facts.items()}
    return Finding(well, code, english.format(**in_english), french.format(**in_french))


def _of_said(said: texts.Said) -> Finding:
    return Finding(False, said.code, said.en, said.fr)


def _of_error(error: errors.AssistantError) -> Finding:
    """A damaged pairing is told from none."""
    if isinstance(error, errors.NotPaired):
        return _of_said(error.said) if error.said.code == "pairing_damaged" else _sick("not_paired")
    if isinstance(error, errors.BadSettings):
        return _sick("setting_wrong", reason=error.said)
    return _of_said(error.said)


def _network(chosen: settings.Settings) -> Iterator[Finding]:
    """A computer whose printers are named on itself needs no network."""
    networks = own_networks.texts()
    if networks:
        yield _well("network_here", networks=", ".join(networks))
    elif not chosen.range:
        yield _sick("network_none")
    try:
        ranges.parse(chosen.range)
        deny.parse(chosen.deny)
    except errors.BadSettings as error:
        yield _of_error(error)
        return
    yield _well("places", places=", ".join(chosen.range)) if chosen.range else _well("places_own")


def _folder(chosen: settings.Settings, now: clock.Clock) -> Iterator[Finding]:
    try:
        store.make_folder(chosen.data)
    except errors.AssistantError as error:
        yield _of_error(error)
        return
    free_mb = shutil.disk_usage(chosen.data).free // 1_000_000
    enough = free_mb >= LEAST_FREE_MB
    yield _finding(enough, "folder_well" if enough else "disk_nearly_full", folder=chosen.data, free_mb=free_mb)
    yield _well("service_runs") if _is_running(chosen) else _sick("service_stopped")
    if damaged := store.damaged_files(chosen.data):
        yield _of_said(texts.said("spool_damaged", names=", ".join(path.name for path in damaged)))
    if not (chosen.data / store.DATABASE_NAME).exists():
        return
    try:
        known = status.report(data=chosen.data, site=chosen.site)
    except errors.AssistantError as error:
        yield _of_error(error)
        return
    yield from _printers(known["printers"])
    yield from _reachable(chosen, now)
    yield from _waiting(known)


def _is_running(chosen: settings.Settings) -> bool:
    """Whether somebody holds the folder's lock; nothing is made where there is none."""
    path = chosen.data / store.LOCK_NAME
    if not path.exists():
        return False
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return True
    return False


def _printers(printers: list[dict[str, Any]]) -> Iterator[Finding]:
    if not printers:
        yield _sick("nothing_known")
        return
    yield _well("known_one") if len(printers) == 1 else _well("known", count=len(printers))
    for each in printers:
        if each["silent_since"]:
            yield _sick(
                "printer_silent",
                name=each["model"] or texts.said("worded", en="A printer", fr="Une imprimante"),
                target=each["target"],
                since=figures.moment(datetime.fromisoformat(each["silent_since"])),
            )


def _reachable(chosen: settings.Settings, now: clock.Clock) -> Iterator[Finding]:
    """A few of the known printers are asked who they are, here and now."""
    try:
        printers = snmp_network.of(chosen, now=now)
        with contextlib.closing(store.connect_read_only(chosen.data / store.DATABASE_NAME)) as connection:
            known = roster.known_in(connection)[:MOST_ASKED]
    except errors.BadSettings:  # said with the places
        return
    except errors.AssistantError as error:
        yield _of_error(error)
        return
    asked, answered = asyncio.run(printers.answering(known))
    if answered:
        yield _well("printers_answer", asked=asked, answered=answered)
    elif asked:
        yield _sick("printers_none_answer", asked=asked)


def _waiting(known: dict[str, Any]) -> Iterator[Finding]:
    if known["delivery_problem"]:
        yield _sick("delivery_waits", reason=texts.said("worded", **known["delivery_problem"]["text"]))
    elif known["last_delivery_at"]:
        yield _well("last_delivery", at=figures.moment(datetime.fromisoformat(known["last_delivery_at"])))


def _steps(at: line.Line, paired: pairing.Pairing, now: clock.Clock) -> Iterator[Finding]:
    """Name, TCP, TLS, the programme itself, the time, the token: the first that fails is the one to mend."""
    direct: tuple[Callable[[], list[Finding]], ...] = (
        lambda: _resolve(at),
        lambda: _connect(at),
        lambda: _secure(at),
    )
    by_proxy: tuple[Callable[[], list[Finding]], ...] = (lambda: [_well("proxy_used", proxy=at.proxy)],)
    answers: tuple[Callable[[], list[Finding]], ...] = (lambda: _live(at), lambda: _token(at, paired, now))
    for step in (*(direct if at.proxy is None else by_proxy), *answers):
        try:
            yield from step()
        except _Sick as sick:
            yield sick.finding
            return


def _resolve(at: line.Line) -> list[Finding]:
    try:
        socket.getaddrinfo(at.server.host, at.server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Sick(_of_said(texts.said("name_not_found", host=at.server.host))) from error
    return [_well("name_found", host=at.server.host)]


def _connect(at: line.Line) -> list[Finding]:
    host, port = at.server.host, at.server.port
    try:
        socket.create_connection((host, port), timeout=TIMEOUT_S).close()
    except OSError as error:
        said = texts.said("nothing_answers", host=host, port=port, reason=line.explain(error))
        raise _Sick(_of_said(said)) from error
    return [_well("port_answers", host=host, port=port)]


def _secure(at: line.Line) -> list[Finding]:
    if at.context is None:
        return []
    try:
        with socket.create_connection((at.server.host, at.server.port), timeout=TIMEOUT_S) as plain:
            at.context.wrap_socket(plain, server_hostname=at.server.host).close()
    except OSError as error:
        raise _Sick(_of_said(at.why(error))) from error
    return [_well("tls_trusted")]


def _live(at: line.Line) -> list[Finding]:
    try:
        answer = at.ask("GET", LIVE_PATH)
    except errors.Trouble as error:
        raise _Sick(_of_error(error)) from error
    if answer.status != 200:
        raise _Sick(_sick("server_strange", path=LIVE_PATH, status=answer.status))
    clock_trouble = line.clock_trouble(answer, now=datetime.now(UTC))
    return [_well("server_answers"), _of_said(clock_trouble) if clock_trouble else _well("clock_right")]


def _token(at: line.Line, paired: pairing.Pairing, now: clock.Clock) -> list[Finding]:
    """An empty report: the server checks who asks, and there is nothing to store."""
    outcome = uplink.Uplink(at=at, token=lambda: paired.token, now=now).send(spool.Sealed(str(uuid.uuid4()), ()))
    if outcome.verdict is uplink.Verdict.REVOKED:
        raise _Sick(_sick("token_refused", reason=outcome.said))
    if outcome.verdict is uplink.Verdict.LATER:
        raise _Sick(_sick("token_unsure", reason=outcome.said))
    return [_well("token_accepted")]
