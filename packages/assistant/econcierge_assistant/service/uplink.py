"""One report to the platform over HTTPS, and what its answer means.

Delivery is at least once: any doubt is "later" under the same message id, only a well-formed 200 is "delivered".
"""

from __future__ import annotations

import email.utils
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from econcierge_assistant.service import errors, line, spool, texts
from econcierge_printers import clock, wire

REPORTS_PATH = "/gateway/v1/reports"
RETRY_AFTER_CAP_S = 3600.0


class Verdict(StrEnum):
    DELIVERED = "delivered"
    LATER = "later"  # passing: the same report again after a pause
    REFUSED = "refused"  # permanent: this content will never be taken
    TOO_LARGE = "too_large"  # permanent at this size
    REVOKED = "revoked"  # the token is not accepted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; `said` tells why, unless it was delivered."""

    verdict: Verdict
    said: texts.Said | None = None
    retry_after_s: float | None = None
    duplicate: bool = False

    @property
    def sentence(self) -> str:
        """For the log."""
        return "" if self.said is None else self.said.en


class Uplink:
    """Sends sealed reports; the token is asked for at each attempt, so that a new pairing is seen."""

    def __init__(self, *, at: line.Line, token: Callable[[], str], now: clock.Clock) -> None:
        self._line = at
        self._token = token
        self._sent_token: str | None = None
        self._now = now

    def send(self, report: spool.Sealed) -> Outcome:
        """One attempt; never raises for what a network or a server may do."""
        try:
            self._sent_token = self._token()
        except errors.Trouble as error:
            return Outcome(Verdict.LATER, error.said)
        except errors.AssistantError as error:
            return Outcome(Verdict.REVOKED, error.said)
        at = self._now()
        body, headers = self._body(report, at), self._headers(self._sent_token, at)
        try:
            answer = self._line.ask("POST", REPORTS_PATH, body=body, headers=headers)
        except errors.Trouble as error:
            return Outcome(Verdict.LATER, error.said)
        outcome = interpret(answer, server=self._line.server, now=datetime.now(UTC))
        if outcome.verdict is Verdict.REVOKED and self.token_changed():
            return Outcome(Verdict.LATER, texts.said("token_renewed"))
        return outcome

    def token_changed(self) -> bool:
        """Whether the token is another than the one last sent: somebody paired again."""
        try:
            return self._token() != self._sent_token
        except errors.AssistantError:
            return False

    def _headers(self, token: str, at: datetime) -> dict[str, str]:
        """`Date` (RFC 9110 section 6.6.1): by this computer's own clock, so that the platform sees when it is wrong."""
        return {
            "Date": email.utils.format_datetime(at.astimezone(UTC), usegmt=True),
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        }

    def _body(self, report: spool.Sealed, at: datetime) -> bytes:
        return gzip.compress(envelope(report, sent_at=at), compresslevel=6)


def envelope(report: spool.Sealed, *, sent_at: datetime) -> bytes:
    """The report's JSON (format 1) around readings that are JSON already: nothing is decoded on the way out."""
    head = {"format": wire.FORMAT, "message_id": report.message_id, "sent_at": sent_at.astimezone(UTC).isoformat()}
    return json.dumps(head).encode()[:-1] + b', "readings": [' + b", ".join(report.bodies) + b"]}"


def interpret(answer: line.Answer, *, server: line.Server, now: datetime) -> Outcome:
    """What an answer means. `now` is real time, for a `Retry-After` that is a date (RFC 9110 section 10.2.3)."""
    if answer.status == 200:
        return _accepted(answer, server)
    heard = server_sentence(answer.body)
    if answer.status in (400, 422):
        return Outcome(Verdict.REFUSED, texts.said("report_refused", status=answer.status, heard=heard))
    if answer.status == 413:
        return Outcome(Verdict.TOO_LARGE, texts.said("report_too_large", heard=heard))
    if (found := token_trouble(answer, server)) is not None:
        return Outcome(Verdict.REVOKED, found)
    known = next(line.troubles_of(server, answer), None)
    said = known or texts.said("server_answered", status=answer.status, heard=heard)
    wait_s = retry_after_s(answer.headers.get("retry-after"), now=now)
    return Outcome(Verdict.LATER, said, retry_after_s=wait_s)


def token_trouble(answer: line.Answer, server: line.Server) -> texts.Said | None:
    """The platform's word on the token; None when a 401 or 403 is something else's: a sign-in page, a firewall."""
    facts = line.json_object(answer.body)
    error = facts.get("error")
    if answer.status not in (401, 403) or error is None:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    return texts.said("token_revoked" if code == "token_revoked" else "token_unknown", server=server)


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
    return "(a web page, not the programme's answer)" if text[:1] == "<" else line.printable(text)


def _accepted(answer: line.Answer, server: line.Server) -> Outcome:
    """A 200 counts only with the platform's own answer: a hotel's sign-in page answers 200 too."""
    facts = line.json_object(answer.body)
    if not isinstance(facts.get("accepted"), int):
        return Outcome(Verdict.LATER, texts.said("not_our_server", host=server.host))
    return Outcome(Verdict.DELIVERED, duplicate=facts.get("duplicate") is True)
