"""Looks at everything the service needs and says in plain sentences what is well and what to do about the rest."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from econcierge_assistant.service import errors, line, pairing, settings, spool, status, store, uplink
from econcierge_printers import clock

TIMEOUT_S = 5.0
LIVE_PATH = "/health/live"


@dataclass(frozen=True, slots=True)
class Finding:
    well: bool
    sentence: str


def examine(*, chosen: settings.Settings, now: clock.Clock) -> Iterator[Finding]:
    """One finding at a time, in the order in which to mend them; what rests on a failed step is left out."""
    yield from _folder(chosen)
    yield from _ranges(chosen)
    try:
        paired = settings.paired(chosen)
        at = settings.line_of(chosen, paired.server)
    except errors.AssistantError as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, f"Paired with {paired.server}.")
    yield from _steps(at, paired, now)


def _folder(chosen: settings.Settings) -> Iterator[Finding]:
    try:
        store.make_folder(chosen.data)
    except errors.AssistantError as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, f"The data folder {chosen.data} can be written.")
    try:
        known = status.report(data=chosen.data, site=chosen.site)
    except errors.AssistantError as error:
        yield Finding(False, str(error))
        return
    yield from _printers(known["printers"])
    yield from _waiting(known)


def _printers(printers: list[dict[str, object]]) -> Iterator[Finding]:
    if not printers:
        yield Finding(False, "No printer is known yet: check --range and --community, and that SNMP is on in printers.")
        return
    yield Finding(True, "1 printer is known." if len(printers) == 1 else f"{len(printers)} printers are known.")
    for each in printers:
        if each["silent_since"]:
            name = each["model"] or "A printer"
            yield Finding(
                False, f"{name} at {each['target']} is silent since {each['silent_since']}: is it on and connected?"
            )


def _waiting(known: dict[str, object]) -> Iterator[Finding]:
    if known["delivery_problem"]:
        yield Finding(False, f"Delivery waits: {known['delivery_problem']}")
    elif known["last_delivery_at"]:
        yield Finding(True, f"The last delivery was at {known['last_delivery_at']}.")


def _ranges(chosen: settings.Settings) -> Iterator[Finding]:
    if chosen.range:
        yield Finding(True, f"Looks for printers in {', '.join(chosen.range)}.")
    else:
        yield Finding(False, "No range to look for printers in: give --range, or range = [...] in the settings file.")


def _steps(at: line.Line, paired: pairing.Pairing, now: clock.Clock) -> Iterator[Finding]:
    """Name, TCP, TLS, the programme itself, the token: the first that fails is the one to mend."""
    direct: tuple[Callable[[], str], ...] = (
        lambda: _resolve(at.server),
        lambda: _connect(at.server),
        lambda: _secure(at),
    )
    ways = direct if at.proxy is None else (_through(at.proxy),)
    steps: tuple[Callable[[], str], ...] = (*ways, lambda: _live(at), lambda: _token(at, paired, now))
    for step in steps:
        try:
            sentence = step()
        except _Sick as error:
            yield Finding(False, str(error))
            return
        if sentence:
            yield Finding(True, sentence)


class _Sick(Exception):
    """A step failed; its text says what to do."""


def _through(proxy: line.Proxy) -> Callable[[], str]:
    return lambda: f"Goes through the proxy {proxy}."


def _resolve(server: line.Server) -> str:
    try:
        socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Sick(f"The name {server.host} is not found: check its spelling and this computer's DNS.") from error
    return f"The name {server.host} is found."


def _connect(server: line.Server) -> str:
    try:
        socket.create_connection((server.host, server.port), timeout=TIMEOUT_S).close()
    except OSError as error:
        raise _Sick(
            f"Nothing answers at {server.host} port {server.port} ({line.explain(error)}): "
            "is the server up, and does a firewall let this computer out?"
        ) from error
    return f"{server.host} answers on port {server.port}."


def _secure(at: line.Line) -> str:
    if at.context is None:
        return ""
    try:
        with socket.create_connection((at.server.host, at.server.port), timeout=TIMEOUT_S) as plain:
            at.context.wrap_socket(plain, server_hostname=at.server.host).close()
    except OSError as error:
        raise _Sick(at.why(error).en) from error
    return "The connection is encrypted and the certificate is trusted."


def _live(at: line.Line) -> str:
    try:
        answer = at.ask("GET", LIVE_PATH)
    except errors.Trouble as error:
        raise _Sick(str(error)) from error
    if answer.status != 200:
        raise _Sick(f"{LIVE_PATH} answered {answer.status}, so this is not the programme's server, or it is unwell.")
    if found := line.clock_trouble(answer, now=datetime.now(UTC)):
        raise _Sick(found.en)
    return "The programme answers, and this computer's clock is right."


def _token(at: line.Line, paired: pairing.Pairing, now: clock.Clock) -> str:
    """An empty report: the server checks who asks, and there is nothing to store."""
    outcome = uplink.Uplink(at=at, token=lambda: paired.token, now=now).send(spool.Sealed(str(uuid.uuid4()), ()))
    if outcome.verdict is uplink.Verdict.REVOKED:
        raise _Sick(f"{outcome.sentence} Pair this computer again: `econcierge-assistant pair`.")
    if outcome.verdict is uplink.Verdict.LATER:
        raise _Sick(f"Whether the token is accepted is not known yet. {outcome.sentence}")
    return "The token is accepted."
