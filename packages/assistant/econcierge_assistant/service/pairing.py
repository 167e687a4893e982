"""Which platform this computer is paired with, and where its token lies: the system's keyring, else a private file.

The record (`pairing.json`, owner-only) names the server; the token is bound to the address that it was stored with, so
that a changed `--server` never carries it to somebody else. A token in the keyring has an entry of its own name: the
record points to it, so a new token is in force when the record was replaced, in one step, and never half.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, line, texts, vault

PAIRING_NAME = "pairing.json"
TOKEN_CHARACTERS = 4096
ROTATE_AFTER = timedelta(days=30)
_CLOCK_SLACK = timedelta(days=1)
KEYRING, FILE = "keyring", "file"


@dataclass(frozen=True, slots=True)
class Pairing:
    """`token` is empty only for a record whose token is still in the keyring (`account`)."""

    server: str
    token: str
    account: str = ""
    paired_at: datetime | None = None
    token_at: datetime | None = None
    customer: str = ""
    site: str = ""

    @property
    def kept_in(self) -> str:
        return KEYRING if self.account else FILE

    def __repr__(self) -> str:
        return f"Pairing(server={self.server!r}, token=...)"


def keep(*, data: Path, pairing: Pairing, environment: Mapping[str, str]) -> Pairing:
    """Store it, the token in the keyring where there is one; the entry of an older token goes last."""
    before = _record(data / PAIRING_NAME)
    kept = replace(pairing, account="")
    if vault.is_possible(environment) and _is_own(data):
        account = f"{pairing.server} {secrets.token_hex(8)}"
        if vault.put(account, pairing.token):
            kept = replace(pairing, account=account)
    save(data=data, pairing=kept)
    if before is not None and before.account:
        vault.remove(before.account)
    return kept


def save(*, data: Path, pairing: Pairing) -> Path:
    """Replace the record in one step; the file is never readable by others, not even for a moment."""
    facts = {
        "server": pairing.server,
        "token": "" if pairing.account else pairing.token,
        "account": pairing.account,
        "paired_at": _iso(pairing.paired_at),
        "token_at": _iso(pairing.token_at),
        "customer": pairing.customer,
        "site": pairing.site,
    }
    return write_private(data / PAIRING_NAME, json.dumps(facts, ensure_ascii=False))


def load(*, data: Path) -> Pairing | None:
    """None when this computer is not paired; a broken or open file, or a keyring that is silent, is said."""
    path = data / PAIRING_NAME
    if not path.exists():
        return None
    found = _record(path)
    if found is None:
        raise errors.NotPaired(texts.said("pairing_damaged", path=path))
    if found.account:
        return replace(found, token=clean_token(vault.get(found.account)))
    return found


def forget(*, data: Path) -> str | None:
    """Remove record and token; the server it was paired with, None when it was not."""
    path = data / PAIRING_NAME
    if not path.exists():
        return None
    before = _record(path)
    path.unlink()
    if before is None:
        return ""
    if before.account:
        vault.remove(before.account)
    return before.server


def rotation_is_due(pairing: Pairing, *, now: datetime) -> bool:
    """Every 30 days; also when nobody knows how old the token is, or the clock went back behind its day."""
    at = pairing.token_at
    return at is None or now - at >= ROTATE_AFTER or at - now > _CLOCK_SLACK


def renewed(pairing: Pairing, *, token: str, now: datetime) -> Pairing:
    """The same pairing with another token."""
    return replace(pairing, token=token, token_at=now)


def _record(path: Path) -> Pairing | None:
    """What the file says, the token only if it lies there; None when it is missing or damaged."""
    if not path.exists():
        return None
    try:
        facts = json.loads(read_private(path))
        account = _text(facts, "account")
        return Pairing(
            server=str(facts["server"]),
            token="" if account else clean_token(facts["token"]),
            account=account,
            paired_at=_moment(facts, "paired_at"),
            token_at=_moment(facts, "token_at"),
            customer=_text(facts, "customer"),
            site=_text(facts, "site"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _text(facts: Mapping[str, Any], name: str) -> str:
    return str(facts.get(name) or "")


def _moment(facts: Mapping[str, Any], name: str) -> datetime | None:
    text = facts.get(name)
    return None if text is None else datetime.fromisoformat(text)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _is_own(data: Path) -> bool:
    """Whether the folder is this person's own: another account's service could not open this person's keyring."""
    if os.name == "posix":
        return data.stat().st_uid == os.geteuid()
    return Path.home() in data.resolve().parents


def write_private(path: Path, text: str, *, mode: int = 0o600) -> Path:
    """A file in one step, for its owner only if no other mode is said; made by root in another's folder, it belongs
    to that folder's owner."""
    folder = path.parent
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=f".{path.stem}-")  # made with 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if os.name == "posix":
            os.fchmod(descriptor, mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if os.name == "posix" and os.geteuid() == 0:
        owner = folder.stat()
        os.chown(draft, owner.st_uid, owner.st_gid)
    elif sys.platform == "win32" and mode == 0o600:
        _for_owner_only(draft)
    Path(draft).replace(path)
    return path


def _for_owner_only(path: str) -> None:
    """Windows has no modes: without inherited rights, for this account, LocalSystem and administrators."""
    who = f"{os.environ.get('USERDOMAIN', '.')}\\{os.environ.get('USERNAME', '')}"
    rights = ["*S-1-5-18:F", "*S-1-5-32-544:F", f"{who}:F"]
    subprocess.run(["icacls", path, "/inheritance:r", "/grant:r", *rights], check=False, capture_output=True)  # noqa: S603, S607


def read_private(path: Path) -> str:
    """The text of a file that only its owner may read."""
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise errors.BadSettings(texts.said("token_file_open", path=path))
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise errors.BadSettings(texts.said("token_file_unreadable", path=path, reason=line.explain(error))) from error
    except UnicodeDecodeError as error:
        raise errors.BadSettings(texts.said("token_file_without", path=path)) from error


def clean_token(text: str) -> str:
    """A token on one line of printable ASCII, as a header can carry it."""
    token = text.strip()
    if not token or len(token) > TOKEN_CHARACTERS or not all("!" <= character <= "~" for character in token):
        raise errors.BadSettings(texts.said("token_malformed"))
    return token
