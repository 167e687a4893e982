"""The service's settings: a TOML file, overridden by the command line; typed, and loud when wrong."""

from __future__ import annotations

import difflib
import math
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path
from typing import Any

from econcierge_assistant.service import access, errors, figures, line, pairing, texts
from econcierge_assistant.service.install import where
from econcierge_printers.snmp.credentials import User

SETTINGS_NAME = "assistant.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, under the names of the TOML file; times are real seconds, not the demo's."""

    data: Path
    server: str = ""
    token: str = ""
    token_file: str = ""
    range: tuple[str, ...] = ()
    community: tuple[str, ...] = ("public",)
    site: str = ""  # a name for people, in the log and in `status`
    insecure_http: bool = False
    ca_file: str = ""  # PEM; trusted instead of the system's certificates
    proxy: str = ""  # http://[user:password@]host:port; else HTTPS_PROXY and NO_PROXY of the environment
    interval_s: float | None = None  # None here and below: as the portal says
    near_empty_interval_s: float | None = None
    night_interval_s: float | None = None
    night_from: time | None = None
    night_to: time | None = None
    heartbeat_h: float | None = None  # of the wall clock: an unchanged printer is told again after this
    discover: bool | None = None
    methods: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()  # addresses and MACs that are left alone
    snmp_user: tuple[User, ...] = ()  # SNMPv3, from [[snmp_user]] of the file only; asked before any community
    ipp: bool = True  # ask over IPP who is silent over SNMP or measures nothing there
    discovery_interval_s: float = 86_400.0
    rate_pps: float = 500.0
    spool_cap_mb: float = 50.0

    def __repr__(self) -> str:
        return f"Settings(data={str(self.data)!r}, server={self.server!r}, ...)"


_LEAST = {
    "interval_s": 0.1,
    "near_empty_interval_s": 0.1,
    "night_interval_s": 0.1,
    "discovery_interval_s": 1.0,
    "heartbeat_h": 0.01,
    "rate_pps": 1.0,
    "spool_cap_mb": 5.0,
}
_MOST = 1e9
_LISTS = frozenset({"range", "community", "methods", "deny"})
_METHODS = frozenset({"sweep", "mdns", "broadcast"})
_TIMES = frozenset({"night_from", "night_to"})
_FLAGS = frozenset({"insecure_http", "discover", "ipp"})


def load(*, given: Mapping[str, Any], file: Path | None) -> Settings:
    """Defaults, then the file (by default the data folder's own), then `given`; None in `given` means not given."""
    said = {name: value for name, value in given.items() if value is not None}
    data = Path(str(said.pop("data", None) or default_data_folder())).expanduser()
    path = file or data / SETTINGS_NAME
    written = _read_toml(path) if file or path.exists() else {}
    if access.holds_secrets(written):
        access.check_private(path)
    return Settings(data=data, **_checked({**written, **said}))


def default_data_folder() -> Path:
    """The installed service's for an administrator; else where this system keeps a programme's data for a user."""
    if (installed := where.installed_data()) is not None:
        return installed
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "econcierge-assistant"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "econcierge-assistant"
    return Path(os.environ.get("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "econcierge-assistant"


def paired(settings: Settings) -> pairing.Pairing:
    """Server and token: given, from the token file, or from the stored pairing if it is for the same server."""
    if settings.token and settings.token_file:
        raise errors.BadSettings(texts.said("token_given_twice"))
    if settings.token or settings.token_file:
        if not settings.server:
            raise errors.BadSettings(texts.said("token_without_server"))
        return pairing.Pairing(settings.server, _given_token(settings))
    stored = pairing.load(data=settings.data)
    if stored is None:
        raise errors.NotPaired(texts.said("pairing_missing"))
    if settings.server and not same_address(settings.server, stored.server):
        raise errors.BadSettings(texts.said("paired_otherwise", server=stored.server, wanted=settings.server))
    return stored


def line_of(settings: Settings, server: str) -> line.Line:
    """The line to that address, with the certificates and the proxy that are set."""
    checked = line.parse_server(server, insecure_http=settings.insecure_http)
    proxy = line.proxy_for(checked, chosen=settings.proxy, environment=os.environ)
    return line.Line(server=checked, ca_file=settings.ca_file, proxy=proxy)


def _given_token(settings: Settings) -> str:
    text = settings.token or pairing.read_private(Path(settings.token_file).expanduser())
    return pairing.clean_token(text)


def same_address(one: str, other: str) -> bool:
    """Whether two spellings are one platform."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> str:
    return url.strip().rstrip("/").lower()


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise errors.BadSettings(texts.said("file_unreadable", path=path, reason=line.explain(error))) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.BadSettings(texts.said("file_not_toml", path=path, reason=error)) from error


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {field.name: field.default for field in fields(Settings) if field.name != "data"}
    for name in values:
        if name not in defaults:
            near = difflib.get_close_matches(name, defaults, n=1)
            said = texts.said("setting_near", name=name, near=near[0]) if near else None
            raise errors.BadSettings(said or texts.said("setting_unknown", name=name))
    typed = {name: _typed(name, value) for name, value in values.items()}
    if ("night_from" in typed) != ("night_to" in typed):
        raise errors.BadSettings(texts.said("night_by_halves"))
    return typed


def _typed(name: str, value: Any) -> Any:
    if name in _LEAST:
        return _number(name, value)
    if name in _TIMES:
        return _time(name, value)
    if name == "snmp_user":
        return access.users_from(value)
    if name == "methods" and isinstance(value, (list, tuple)) and not set(value) <= _METHODS:
        raise errors.BadSettings(texts.said("methods_unknown", known=", ".join(sorted(_METHODS))))
    if name in _LISTS:
        if isinstance(value, (list, tuple)) and value and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        raise errors.BadSettings(texts.said("must_be_texts", name=name))
    if not isinstance(value, bool if name in _FLAGS else str):
        raise errors.BadSettings(texts.said("must_be_flag" if name in _FLAGS else "must_be_text", name=name))
    return value


def _time(name: str, value: Any) -> time:
    """`20:00`, or TOML's own time."""
    try:
        return value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError as error:
        raise errors.BadSettings(texts.said("must_be_time", name=name)) from error


def _number(name: str, value: Any) -> float:
    least = _LEAST[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise errors.BadSettings(texts.said("must_be_number", name=name))
    if not least <= value <= _MOST:
        bounds = {"least": figures.number(least), "most": figures.number(_MOST), "value": figures.number(value)}
        raise errors.BadSettings(texts.said("number_out_of_bounds", name=name, **bounds))
    return float(value)
