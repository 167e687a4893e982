"""Signing in by a code that a person approves in the portal (RFC 8628), without sockets: answers in, what to do out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import SplitResult, parse_qs, urlsplit

from econcierge_assistant.desktop.core import fields, parsing
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import Pairing

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CLIENT = "desktop"
LEAST_INTERVAL_S, MOST_INTERVAL_S = 1, 60
_INVITATION_FOLDERS = frozenset({"i", "invite", "invitation", "invitations", "join"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class BadAddress(Exception):
    """What was typed is no address of a platform; the text is a sentence."""


class Refused(Exception):
    """The platform ended this code; the text is a sentence with what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to sign in: "https://host", and the code of an invitation where one was pasted."""

    server: str
    invitation: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that is being waited for. `device_code` is secret and goes to the platform only."""

    device_code: str = field(repr=False)
    pairing: Pairing = field(default_factory=lambda: Pairing("", "", ""))
    interval_s: int = 5
    expires_in_s: int = 900


@dataclass(frozen=True, slots=True)
class Granted:
    token: str = field(repr=False)
    customer: str = ""
    person: str = ""


def target(typed: str) -> Target:
    """The server of an address or an invitation link. Without TLS only on this computer itself."""
    text = typed.strip()
    if not text:
        raise BadAddress(_("Enter the address of the portal, or paste the invitation link from your dealer."))
    parts = _split(text if "://" in text else f"https://{text}")
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not re.fullmatch(r"[A-Za-z0-9._:-]+", host) or host.startswith("."):
        raise BadAddress(_("“%(typed)s” is not an address. It looks like portal.example.com.") % {"typed": text[:80]})
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise BadAddress(_("The address has to begin with https://, so that nobody on the way can read along."))
    return Target(
        server=f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}",
        invitation=_invitation(parts.path, parts.query),
    )


def asked(body: object) -> Asked:
    """The answer to the request for a code; raises `Unreadable`."""
    found = fields.mapping(body)
    interval = fields.count(found, "interval", 5)
    return Asked(
        device_code=fields.key(found, "device_code"),
        pairing=parsing.pairing(found),
        interval_s=min(max(interval, LEAST_INTERVAL_S), MOST_INTERVAL_S),
        expires_in_s=max(1, fields.count(found, "expires_in", 900)),
    )


def answer(status: int, body: object, *, waiting: Asked) -> Granted | Asked:
    """What came of asking for the token: granted, or what to go on waiting with. Raises `Refused`."""
    found = body if isinstance(body, dict) else {}
    token = fields.text(found, "access_token")
    if status == 200 and re.fullmatch(r"[!-~]{8,4000}", token):
        return Granted(token=token, customer=_name(found.get("customer")), person=_name(found.get("person")))
    error = found.get("error") if isinstance(found.get("error"), str) else ""
    if error == "authorization_pending":
        return waiting
    if error == "slow_down" or status == 429:
        slower = min(waiting.interval_s + 5, MOST_INTERVAL_S)
        return Asked(waiting.device_code, waiting.pairing, slower, waiting.expires_in_s)
    if error == "access_denied":
        raise Refused(
            _("The code was refused in the portal. Get a new code, and have it approved by somebody who may.")
        )
    if error in {"expired_token", "invalid_grant"}:
        raise Refused(expired())
    if status >= 500:
        return waiting
    raise Refused(_("The server does not know how to let this application in. Check the address, or ask who runs it."))


def expired() -> str:
    return _("The code has expired because nobody approved it in time. Get a new code.")


def expires_at(waiting: Asked, *, now: datetime) -> datetime:
    return now + timedelta(seconds=waiting.expires_in_s)


def form(**values: str) -> list[tuple[str, str]]:
    """The fields of a form that have a value."""
    return [(name, value) for name, value in values.items() if value]


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises when it is no port)
    except ValueError:
        raise BadAddress(
            _("“%(typed)s” is not an address. It looks like portal.example.com.") % {"typed": text[:80]}
        ) from None
    return parts


def _invitation(path: str, query: str) -> str:
    asked_for = parse_qs(query)
    for name in ("invitation", "code"):
        if asked_for.get(name):
            return asked_for[name][0][:200]
    folders = [part for part in path.split("/") if part]
    if len(folders) >= 2 and folders[-2] in _INVITATION_FOLDERS:
        return folders[-1][:200]
    return ""


def _name(value: object) -> str:
    return fields.text(value, "name") if isinstance(value, dict) else ""
