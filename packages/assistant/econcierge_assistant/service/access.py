"""With which secrets printers are asked: communities, then SNMPv3 users. They stand in this computer's own settings
only and never leave it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from econcierge_assistant.service import errors, texts
from econcierge_printers.snmp.credentials import AuthProtocol, BadUser, PrivProtocol, User

MAKERS_COMMUNITY = "public"  # with which every printer leaves its maker: no secret
_FIELDS = ("name", "auth_protocol", "auth_password", "priv_protocol", "priv_password", "context")
_P = TypeVar("_P", AuthProtocol, PrivProtocol)


@dataclass(frozen=True, slots=True)
class Key:
    """One way to ask: a community, or a user."""

    community: str = MAKERS_COMMUNITY
    user: User | None = None

    @property
    def user_name(self) -> str:
        return "" if self.user is None else self.user.name


def keys(*, communities: Sequence[str], users: Sequence[User]) -> tuple[Key, ...]:
    """Users first: whoever has one is not asked with a word that travels in clear."""
    return (*(Key("", user) for user in users), *(Key(community) for community in communities))


def users_from(tables: Any) -> tuple[User, ...]:
    """From `[[snmp_user]]` of the settings. Raises `BadSettings`, never with a password in it."""
    if not isinstance(tables, Sequence) or isinstance(tables, str):
        raise errors.BadSettings(texts.said("snmp_user_form"))
    found = tuple(_user(table) for table in tables)
    names = [user.name for user in found]
    for name in names:
        if names.count(name) > 1:
            raise errors.BadSettings(texts.said("snmp_user_twice", name=name))
    return found


def check_private(path: Path) -> None:
    """Refuses a settings file with secrets that others may read; a credential that systemd hands over is private."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    if os.name != "posix" or (given and path.is_relative_to(given)):
        return
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise errors.BadSettings(texts.said("secrets_open", path=path))
    if found.st_uid not in (os.geteuid(), 0):
        raise errors.BadSettings(texts.said("secrets_of_another", path=path))


def holds_secrets(written: Mapping[str, Any]) -> bool:
    """Whether a settings file as it was read needs to be private."""
    communities = written.get("community")
    named = communities if isinstance(communities, list) else []
    return bool(written.get("snmp_user")) or any(each != MAKERS_COMMUNITY for each in named)


def _user(table: Any) -> User:
    if not isinstance(table, Mapping):
        raise errors.BadSettings(texts.said("snmp_user_form"))
    for name in table:
        if name not in _FIELDS:
            raise errors.BadSettings(texts.said("snmp_user_field", name=name, known=", ".join(_FIELDS)))
    words = {name: table.get(name, "") for name in _FIELDS}
    if not all(isinstance(word, str) for word in words.values()):
        raise errors.BadSettings(texts.said("snmp_user_texts"))
    try:
        return User(
            name=words["name"],
            auth_protocol=_protocol(AuthProtocol, words, "auth", AuthProtocol.SHA),
            auth_password=words["auth_password"],
            priv_protocol=_protocol(PrivProtocol, words, "priv", PrivProtocol.AES),
            priv_password=words["priv_password"],
            context=words["context"],
        )
    except BadUser as error:
        raise _unusable(words["name"], texts.said(f"because_{error.fault}")) from error


def _protocol(kind: type[_P], words: Mapping[str, str], what: str, usual: _P) -> _P | None:
    """`what`: "auth" or "priv"; the usual one where only a password is given."""
    name = words[f"{what}_protocol"]
    if not name:
        return usual if words[f"{what}_password"] else None
    try:
        return kind(name.upper())
    except ValueError:
        known = ", ".join(each.value for each in kind)
        raise _unusable(words["name"], texts.said("because_protocol", name=name, known=known)) from None


def _unusable(name: str, reason: texts.Said) -> errors.BadSettings:
    return errors.BadSettings(texts.said("snmp_user_unusable", name=name, reason=reason))
