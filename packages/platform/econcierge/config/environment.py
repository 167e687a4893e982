"""Settings from the environment: typed, loud when wrong, secrets from files with `NAME_FILE`."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict


class SettingError(ValueError):
    """A setting is missing or cannot be read; the sentence names it and says what is expected."""


def text(name: str, default: str | None = None) -> str:
    """The value of `NAME`, or what stands in the file that `NAME_FILE` names."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    value = os.environ.get(name, default)
    if value is None:
        raise SettingError(f"{name} is not set. Set it, or {name}_FILE to a file that holds it.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise SettingError(f"{name} is {value!r}; expected 1 or 0.")
    return value in {"1", "true", "yes"}


def whole_number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise SettingError(f"{name} is {value!r}; expected a whole number.") from error


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def trusted_proxies(name: str) -> int | tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """How many proxies stand before the platform ("1"), or their addresses and networks ("10.0.0.5, fd00::/8")."""
    found = words(name, "")
    if len(found) == 1 and found[0].isascii() and found[0].isdecimal():
        return int(found[0])
    try:
        return tuple(ipaddress.ip_network(one) for one in found)
    except ValueError as error:
        raise SettingError(
            f"{name} is {', '.join(found)!r}; expected a number of proxies, or their addresses or networks: {error}."
        ) from error


def database(name: str, default: str) -> dict[str, Any]:
    """A Django database entry from a `postgresql://` address."""
    url = text(name, default)
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise SettingError(
            f"{name} is not a PostgreSQL address (postgresql://user:password@host:port/name)."
        ) from error
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    entry: dict[str, Any] = {field: str(parts.pop(part, "") or "") for part, field in known.items()}
    return {"ENGINE": "django.db.backends.postgresql", **entry, "OPTIONS": parts}
