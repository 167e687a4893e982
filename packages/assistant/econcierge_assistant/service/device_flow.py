"""Pairing after RFC 8628: ask for a code, show it, wait politely until somebody approved it at the portal."""

from __future__ import annotations

import asyncio
import platform
import urllib.parse
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import econcierge_assistant
from econcierge_assistant.service import errors, line, pairing, texts

PAIR_PATH = "/gateway/v1/pair"
TOKEN_PATH = "/gateway/v1/pair/token"  # noqa: S105 - an address
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CLIENT = "assistant"
USUAL_INTERVAL_S = 5.0  # section 3.2
SLOWER_BY_S = 5.0  # section 3.5
MOST_INTERVAL_S = 120.0
MOST_CHARACTERS = 4096
MOST_LIFE_S = 86_400.0
T = TypeVar("T")
Aside = Callable[[Callable[[], Any]], Awaitable[Any]]  # runs a blocking call beside the event loop


@dataclass(frozen=True, slots=True)
class Offer:
    """A code to show (section 3.2)."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in_s: float
    interval_s: float

    def __repr__(self) -> str:
        return f"Offer(user_code={self.user_code!r}, ...)"


def ask_for_code(at: line.Line, *, invitation: str | None = None) -> Offer:
    """Section 3.1; raises `Trouble` with what to do when the server gives none."""
    form = {"client_id": CLIENT, "computer_name": platform.node()[:100], "version": econcierge_assistant.__version__}
    if invitation:
        form["invitation"] = invitation
    answer = _post(at, PAIR_PATH, form)
    if answer.status == 200 and (offer := _offer(line.json_object(answer.body))) is not None:
        return offer
    raise _no_code(at, answer, invitation)


async def wait_for_approval(
    at: line.Line,
    offer: Offer,
    *,
    aside: Aside,
    now: Callable[[], datetime],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock_s: Callable[[], float] | None = None,
) -> pairing.Pairing:
    """Ask at the server's pace until approved (section 3.4); raises `Trouble` when refused or too late."""
    seconds = clock_s or asyncio.get_running_loop().time
    ends_s = seconds() + offer.expires_in_s
    interval_s = offer.interval_s
    while True:
        await sleep(interval_s)
        if seconds() >= ends_s:
            raise errors.Trouble(texts.said("code_expired", user_code=offer.user_code))
        try:
            answer = await aside(lambda: _ask_for_token(at, offer))
        except errors.Trouble:  # a time-out: less often, until the code expires (section 3.5)
            interval_s = min(interval_s * 2.0, MOST_INTERVAL_S)
            continue
        if (granted := _granted(at, answer, now())) is not None:
            return granted
        interval_s = _next_interval_s(answer, offer, interval_s)


def _ask_for_token(at: line.Line, offer: Offer) -> line.Answer:
    return _post(at, TOKEN_PATH, {"grant_type": GRANT, "device_code": offer.device_code, "client_id": CLIENT})


def _granted(at: line.Line, answer: line.Answer, now: datetime) -> pairing.Pairing | None:
    facts = line.json_object(answer.body)
    if answer.status != 200 or not isinstance(facts.get("access_token"), str):
        return None
    return pairing.Pairing(
        server=str(at.server),
        token=pairing.clean_token(facts["access_token"]),
        paired_at=now,
        token_at=now,
        customer=_name(facts.get("customer")),
        site=_name(facts.get("site")),
    )


def _next_interval_s(answer: line.Answer, offer: Offer, interval_s: float) -> float:
    """Seconds until the next question; raises `Trouble` for an answer that is the last one."""
    match line.json_object(answer.body).get("error"):
        case "authorization_pending":
            return interval_s
        case "slow_down":
            return min(interval_s + SLOWER_BY_S, MOST_INTERVAL_S)
        case "access_denied":
            raise errors.Trouble(texts.said("code_refused", user_code=offer.user_code))
        case "expired_token" | "invalid_grant":
            raise errors.Trouble(texts.said("code_expired", user_code=offer.user_code))
        case _:
            return min(interval_s * 2.0, MOST_INTERVAL_S)


def _no_code(at: line.Line, answer: line.Answer, invitation: str | None) -> errors.Trouble:
    for found in line.troubles_of(at.server, answer):
        return errors.Trouble(found)
    facts = line.json_object(answer.body)
    if invitation and answer.status in (400, 403, 404, 410, 422):
        return errors.Trouble(texts.said("invitation_refused", invitation=line.printable(invitation)))
    if answer.status == 200 or not facts:
        return errors.Trouble(texts.said("not_our_server", host=at.server.host))
    reason = line.printable(str(facts.get("error_description") or facts.get("error") or answer.status))
    return errors.Trouble(texts.said("pairing_refused", server=at.server, reason=reason))


def _offer(facts: Mapping[str, Any]) -> Offer | None:
    device_code, user_code, uri, complete = (
        line.printable(value, most=MOST_CHARACTERS) if isinstance(value := facts.get(name), str) and value else ""
        for name in ("device_code", "user_code", "verification_uri", "verification_uri_complete")
    )
    if not (device_code and user_code and uri):
        return None
    return Offer(
        device_code=device_code,
        user_code=user_code,
        verification_uri=uri,
        verification_uri_complete=complete or uri,
        expires_in_s=_seconds(facts.get("expires_in"), 900.0, most=MOST_LIFE_S),
        interval_s=_seconds(facts.get("interval"), USUAL_INTERVAL_S, most=MOST_INTERVAL_S),
    )


def _seconds(value: Any, usual: float, *, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= most:
        return usual
    return float(value)


def _name(value: Any) -> str:
    name = value.get("name") if isinstance(value, dict) else None
    return line.printable(name) if isinstance(name, str) else ""


def _post(at: line.Line, path: str, form: Mapping[str, str]) -> line.Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return at.ask("POST", path, body=urllib.parse.urlencode(form).encode(), headers=headers)
