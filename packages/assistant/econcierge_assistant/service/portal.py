"""What is asked of the platform beside reports: settings (kept for when the line is down), heartbeat, a new token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, line, pairing, portal_settings, texts, uplink

SETTINGS_PATH = "/gateway/v1/settings"
HEARTBEAT_PATH = "/gateway/v1/heartbeat"
ROTATE_PATH = "/gateway/v1/token"
KEPT_NAME = "portal-settings.json"
FORMAT = 1
USUAL_PAUSE_S = 60.0
LEAST_PAUSE_S, MOST_PAUSE_S = 2.0, 3600.0
MOST_COMMANDS = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """The portal's settings as they came last: from which server, under which ETag."""

    server: str
    etag: str
    body: Mapping[str, Any]

    @property
    def settings(self) -> portal_settings.PortalSettings:
        return portal_settings.from_json(self.body)


@dataclass(frozen=True, slots=True)
class Command:
    """Something the portal asks for; `targets` None means every printer. `search` instead of reading."""

    command_id: str
    targets: tuple[str, ...] | None = None
    search: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to a heartbeat."""

    settings_version: int | None
    commands: tuple[Command, ...]
    next_in_s: float
    clock: texts.Said | None


def fetch_settings(at: line.Line, *, token: str, kept: Kept | None) -> Kept | None:
    """The settings now; None when they are what `kept` says. Raises `Trouble` and `NotAccepted`."""
    known = {"If-None-Match": kept.etag} if kept is not None and kept.etag else {}
    answer = _ask(at, "GET", SETTINGS_PATH, token, headers=known)
    if answer.status == 304 and known:
        return None
    body = line.json_object(answer.body)
    if answer.status != 200 or not body:
        raise errors.Trouble(texts.said("not_our_server", host=at.server.host))
    return Kept(server=str(at.server), etag=answer.headers.get("etag", "")[:200], body=body)


def send_heartbeat(at: line.Line, *, token: str, facts: Mapping[str, Any], now: datetime) -> Told:
    """`now` is the system's clock, to compare with the server's. Raises `Trouble` and `NotAccepted`."""
    body = json.dumps({"format": FORMAT, **facts}, ensure_ascii=False).encode()
    answer = _ask(at, "POST", HEARTBEAT_PATH, token, body=body, headers={"Content-Type": "application/json"})
    found = line.json_object(answer.body)
    if answer.status != 200 or "server_time" not in found:
        raise errors.Trouble(texts.said("not_our_server", host=at.server.host))
    version = found.get("settings_version")
    return Told(
        settings_version=version if isinstance(version, int) else None,
        commands=(*_commands(found.get("read_now"), search=False), *_commands(found.get("discover_now"), search=True)),
        next_in_s=_pause_s(found.get("next_in_s")),
        clock=line.clock_trouble(answer, now=now),
    )


def rotate(at: line.Line, *, token: str) -> str:
    """A new token; the old one works until this one is used. Raises `Trouble` and `NotAccepted`."""
    answer = _ask(at, "POST", ROTATE_PATH, token, body=b"")
    text = line.json_object(answer.body).get("access_token")
    if answer.status != 200 or not isinstance(text, str):
        raise errors.Trouble(texts.said("not_our_server", host=at.server.host))
    return pairing.clean_token(text)


def save(*, data: Path, kept: Kept) -> None:
    facts = {"server": kept.server, "etag": kept.etag, "settings": kept.body}
    pairing.write_private(data / KEPT_NAME, json.dumps(facts, ensure_ascii=False))


def load(*, data: Path, server: str) -> Kept | None:
    """What was kept of that server; None when there is nothing or it cannot be read: then they are fetched again."""
    try:
        facts = json.loads((data / KEPT_NAME).read_text(encoding="utf-8"))
        kept = Kept(server=str(facts["server"]), etag=str(facts["etag"]), body=dict(facts["settings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if kept.server == server else None


def _ask(
    at: line.Line,
    method: str,
    path: str,
    token: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> line.Answer:
    asked = {"Authorization": f"Bearer {token}", "Accept": "application/json", **(headers or {})}
    answer = at.ask(method, path, body=body, headers=asked)
    if (said := uplink.token_trouble(answer, at.server)) is not None:
        raise errors.NotAccepted(said)
    for found in line.troubles_of(at.server, answer):
        wait_s = uplink.retry_after_s(answer.headers.get("retry-after"), now=datetime.now().astimezone())
        raise errors.Trouble(found, retry_after_s=wait_s)
    return answer


def _commands(value: Any, *, search: bool) -> tuple[Command, ...]:
    """Those that make sense; a command without an id could never be reported done, so it is none."""
    found: list[Command] = []
    for each in value[:MOST_COMMANDS] if isinstance(value, list) else ():
        if isinstance(each, dict) and isinstance(each.get("command_id"), str):
            targets = each.get("targets")
            if targets is None:
                found.append(Command(each["command_id"], None, search))
            elif isinstance(targets, list) and all(isinstance(one, str) for one in targets):
                found.append(Command(each["command_id"], tuple(targets), search))
    return tuple(found)


def _pause_s(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return USUAL_PAUSE_S
    return min(max(float(value), LEAST_PAUSE_S), MOST_PAUSE_S)
