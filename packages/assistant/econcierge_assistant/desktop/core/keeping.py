"""What the application remembers between two starts: a small JSON file, and the token where there is no keyring.

A damaged file is as good as none: the application starts with what it would have on its first day.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from econcierge_assistant.desktop.core import fields
from econcierge_assistant.desktop.core.notices import Noted

SETTINGS_NAME, TOKEN_NAME = "desktop.json", "desktop-token"
FOLDER_VARIABLE = "ECONCIERGE_DESKTOP_DATA"
LONGEST_TOKEN = 4096


class CannotKeep(Exception):
    """The folder cannot be written; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`language`: "" follows the system. `noted`: notifications shown, by supply."""

    server: str = ""
    language: str = ""
    token_kept_in: str = ""  # keyring, file or ""
    noted: dict[str, Noted] = field(default_factory=dict)


def folder(*, environment: Mapping[str, str], platform: str = sys.platform, home: Path | None = None) -> Path:
    """Where this system keeps an application's data for a person."""
    if named := environment.get(FOLDER_VARIABLE):
        return Path(named)
    own = home or Path.home()
    if platform == "win32":
        return Path(environment.get("APPDATA", str(own))) / "econcierge"
    if platform == "darwin":
        return own / "Library" / "Application Support" / "econcierge"
    return Path(environment.get("XDG_CONFIG_HOME", str(own / ".config"))) / "econcierge"


def load(data: Path) -> Kept:
    try:
        said = fields.mapping(json.loads((data / SETTINGS_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError, fields.Unreadable):
        return Kept()
    noted = said.get("noted")
    return Kept(
        server=fields.text(said, "server"),
        language=fields.text(said, "language"),
        token_kept_in=fields.text(said, "token_kept_in"),
        noted=_noted(noted) if isinstance(noted, dict) else {},
    )


def save(data: Path, kept: Kept) -> None:
    noted = {key: {"mark": each.mark, "percent": each.percent} for key, each in kept.noted.items()}
    written = {
        "server": kept.server,
        "language": kept.language,
        "token_kept_in": kept.token_kept_in,
        "noted": noted,
    }
    _write(data / SETTINGS_NAME, json.dumps(written, indent=1, ensure_ascii=False))


def save_token(data: Path, token: str) -> None:
    """Readable by its owner only, from the first moment (POSIX; on Windows the folder is the person's own)."""
    _write(data / TOKEN_NAME, token)


def load_token(data: Path) -> str:
    """ "" when there is none, or when others could read it: then signing in again is the safe way."""
    path = data / TOKEN_NAME
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return ""
        token = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return token if 0 < len(token) <= LONGEST_TOKEN and token.isprintable() else ""


def forget_token(data: Path) -> None:
    (data / TOKEN_NAME).unlink(missing_ok=True)


def signed_out(kept: Kept) -> Kept:
    """The server stays, so that signing in again is one click."""
    return replace(kept, token_kept_in="")


def _noted(rows: fields.JsonObject) -> dict[str, Noted]:
    found = {}
    for key, row in rows.items():
        if isinstance(row, dict) and fields.count(row, "mark") in (1, 2):
            found[key] = Noted(mark=fields.count(row, "mark"), percent=fields.percent(row, "percent"))
    return found


def _write(path: Path, text: str) -> None:
    """In one step, so that a crash leaves the old file or the new one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise CannotKeep(f"{path}: {error.strerror}") from error
