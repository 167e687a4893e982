"""One report to the platform over HTTPS, and what its answer means.

Blocking `http.client` on purpose (FACTS, memory); the loop calls it from a thread. Delivery is at least once: any
doubt is "later" under the same message id, only a well-formed 200 is "delivered".
"""

from __future__ import annotations

import email.utils
import gzip
import http.client
import ipaddress
import json
import ssl
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from econcierge_assistant.service import errors, spool
from econcierge_printers import clock, wire

REPORTS_PATH = "/gateway/v1/reports"
TIMEOUT_S = 20.0
ANSWER_BYTES = 65_536
RETRY_AFTER_CAP_S = 3600.0


class Verdict(StrEnum):
    DELIVERED = "delivered"
    LATER = "later"  # passing: the same report again after a pause
    REFUSED = "refused"  # permanent: this content will never be taken
    TOO_LARGE = "too_large"  # permanent at this size
    REVOKED = "revoked"  # the token is not accepted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; `sentence` is for the log, `status` and the person who reads them."""

    verdict: Verdict
    sentence: str = ""
    retry_after_s: float | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """The platform's address, checked: TLS, or plain http on the loopback."""

    host: str
    port: int
    tls: bool
    path: str = ""

    def connection(self, *, timeout_s: float, context: ssl.SSLContext | None) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout_s, context=context)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout_s)


class Uplink:
    """Sends sealed reports; the token is asked for at each attempt, so that a new pairing is seen."""

    def __init__(
        self, *, server: Server, token: Callable[[], str], now: clock.Clock, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._server = server
        self._token = token
        self._sent_token: str | None = None
        self._now = now
        self._timeout_s = timeout_s
        self._context = ssl.create_default_context() if server.tls else None

    def send(self, report: spool.Sealed) -> Outcome:
        """One attempt; never raises for what a network or a server may do."""
        try:
            self._sent_token = self._token()
        except errors.AssistantError as error:
            return Outcome(Verdict.REVOKED, str(error))
        connection = self._server.connection(timeout_s=self._timeout_s, context=self._context)
        try:
            connection.request(
                "POST", self._server.path + REPORTS_PATH, self._body(report), self._headers(self._sent_token)
            )
            answer = connection.getresponse()
            return interpret(
                status=answer.status,
                retry_after=answer.getheader("Retry-After"),
                body=answer.read(ANSWER_BYTES),
                now=datetime.now(UTC),
            )
        except ssl.SSLCertVerificationError as error:
            return Outcome(Verdict.LATER, f"The server's certificate is not trusted: {error.verify_message}.")
        except (OSError, http.client.HTTPException) as error:
            return Outcome(Verdict.LATER, f"The server cannot be reached: {explain(error)}.")
        finally:
            connection.close()

    def token_changed(self) -> bool:
        """Whether the token is another than the one last sent: somebody paired again."""
        try:
            return self._token() != self._sent_token
        except errors.AssistantError:
            return False

    def _headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            "User-Agent": "econcierge-assistant",
        }

    def _body(self, report: spool.Sealed) -> bytes:
        return gzip.compress(envelope(report, sent_at=self._now()), compresslevel=6)


def envelope(report: spool.Sealed, *, sent_at: datetime) -> bytes:
    """The report's JSON (format 1) around readings that are JSON already: nothing is decoded on the way out."""
    head = {"format": wire.FORMAT, "message_id": report.message_id, "sent_at": sent_at.astimezone(UTC).isoformat()}
    return json.dumps(head).encode()[:-1] + b', "readings": [' + b", ".join(report.bodies) + b"]}"


def interpret(*, status: int, retry_after: str | None, body: bytes, now: datetime) -> Outcome:
    """What an answer means. `now` is real time, for a `Retry-After` that is a date (RFC 9110 section 10.2.3)."""
    if status == 200:
        return _accepted(body)
    said = server_sentence(body)
    if status in (400, 422):
        return Outcome(Verdict.REFUSED, f"The server refused it ({status}): {said}")
    if status == 413:
        return Outcome(Verdict.TOO_LARGE, f"The server found it too large: {said}")
    if status in (401, 403):
        return Outcome(Verdict.REVOKED, f"The server does not accept this assistant's token ({status}): {said}")
    wait_s = retry_after_s(retry_after, now=now)
    return Outcome(Verdict.LATER, f"The server answered {status}: {said}", retry_after_s=wait_s)


def retry_after_s(text: str | None, *, now: datetime) -> float | None:
    """Seconds to wait as the server asked, at most an hour; None when it did not ask or not legibly."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), RETRY_AFTER_CAP_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), RETRY_AFTER_CAP_S)


def server_sentence(body: bytes) -> str:
    """The server's own words, short and printable; a page of HTML from something in between is not quoted."""
    text = body.decode("utf-8", "replace").strip()
    if text[:1] == "<":
        return "(a web page, not the programme's answer)"
    kept = "".join(character if character.isprintable() else " " for character in text)
    return kept[:300] or "(no words)"


def explain(error: Exception) -> str:
    """One line for what a socket or http.client raised."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def parse_server(url: str, *, insecure_http: bool) -> Server:
    """Check the platform's address; plain http leaves the computer only when that was asked for."""
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise errors.BadSettings(f"--server {url!r} is not an address: write it like https://example.com.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise errors.BadSettings(f"--server {url!r} is not an address: write it like https://example.com.")
    if parts.username or parts.query or parts.fragment:
        raise errors.BadSettings("--server takes an address only, without user, question mark or number sign.")
    tls = parts.scheme == "https"
    if not tls and not insecure_http and not is_loopback(parts.hostname):
        raise errors.BadSettings(
            f"--server {url!r} is not encrypted: use https://, or give --insecure-http if this network is yours alone."
        )
    return Server(parts.hostname, port or (443 if tls else 80), tls, parts.path.rstrip("/"))


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _accepted(body: bytes) -> Outcome:
    """A 200 counts only with the platform's own answer: a hotel's sign-in page answers 200 too."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Outcome(Verdict.LATER, f"Something else answered for the server: {server_sentence(body)}")
    if not isinstance(answer, dict) or not isinstance(answer.get("accepted"), int):
        return Outcome(Verdict.LATER, f"Something else answered for the server: {server_sentence(body)}")
    return Outcome(Verdict.DELIVERED, duplicate=answer.get("duplicate") is True)
