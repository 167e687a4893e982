"""The service's settings: a TOML file, overridden by the command line; typed, and loud when wrong."""

from __future__ import annotations

import difflib
import math
import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, pacing, pairing, uplink

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
    interval_s: float = 900.0
    discovery_interval_s: float = 86_400.0
    heartbeat_h: float = 6.0  # of the wall clock: an unchanged printer is told again after this
    rate_pps: float = 500.0
    spool_cap_mb: float = 50.0

    def __repr__(self) -> str:
        return f"Settings(data={str(self.data)!r}, server={self.server!r}, ...)"


_LEAST = {
    "interval_s": 0.1,
    "discovery_interval_s": 1.0,
    "heartbeat_h": 0.01,
    "rate_pps": 1.0,
    "spool_cap_mb": 5.0,
}
_MOST = 1e9


def load(*, given: Mapping[str, Any], file: Path | None) -> Settings:
    """Defaults, then the file (by default the data folder's own), then `given`; None in `given` means not given."""
    said = {name: value for name, value in given.items() if value is not None}
    data = Path(str(said.pop("data", None) or default_data_folder())).expanduser()
    path = file or data / SETTINGS_NAME
    written = _read_toml(path) if file or path.exists() else {}
    return Settings(data=data, **_checked({**written, **said}))


def default_data_folder() -> Path:
    """Where this system keeps a programme's own data for a user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "econcierge-assistant"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "econcierge-assistant"
    return Path(os.environ.get("XDG_STATE_HOME", str(Path.home() / ".local" / "state"))) / "econcierge-assistant"


def paired(settings: Settings) -> pairing.Pairing:
    """Server and token: given, from the token file, or from the stored pairing if it is for the same server."""
    if settings.token and settings.token_file:
        raise errors.BadSettings("Give --token or --token-file, not both.")
    if settings.token or settings.token_file:
        if not settings.server:
            raise errors.BadSettings("A token needs its server: give --server https://...")
        return pairing.Pairing(settings.server, _given_token(settings))
    stored = pairing.load(data=settings.data)
    if stored is None:
        raise errors.BadSettings(
            "This computer is not paired: run `econcierge-assistant pair --server URL --token-stdin`, "
            "or give --server with --token-file."
        )
    if settings.server and _same(settings.server) != _same(stored.server):
        raise errors.BadSettings(
            f"This computer is paired with {stored.server}, not with {settings.server}: pair it again to change that."
        )
    return stored


def pace(settings: Settings, *, speed: float = 1.0) -> pacing.Pace:
    """How often printers are asked by these settings alone: near empty and quiet hours in proportion."""
    return pacing.Pace(
        interval_s=settings.interval_s,
        near_empty_interval_s=settings.interval_s / 3.0,
        night_interval_s=settings.interval_s * 4.0,
        discovery_interval_s=settings.discovery_interval_s,
        speed=speed,
    )


def server_of(settings: Settings, paired_with: pairing.Pairing) -> uplink.Server:
    return uplink.parse_server(paired_with.server, insecure_http=settings.insecure_http)


def _given_token(settings: Settings) -> str:
    text = settings.token or pairing.read_private(Path(settings.token_file).expanduser())
    return pairing.clean_token(text)


def _same(url: str) -> str:
    return url.strip().rstrip("/").lower()


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise errors.BadSettings(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.BadSettings(f"The settings file {path} is not TOML: {error}.") from error


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {field.name: field.default for field in fields(Settings) if field.name != "data"}
    for name in values:
        if name not in defaults:
            near = difflib.get_close_matches(name, defaults, n=1)
            hint = f": did you mean {near[0]}?" if near else "."
            raise errors.BadSettings(f"There is no setting {name!r}{hint}")
    return {name: _typed(name, value, defaults[name]) for name, value in values.items()}


def _typed(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, float):
        return _number(name, value)
    if isinstance(default, tuple):
        if isinstance(value, (list, tuple)) and value and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        raise errors.BadSettings(f"{name} must be a list of texts, none of them empty.")
    if not isinstance(value, type(default)):
        raise errors.BadSettings(f"{name} must be {'true or false' if isinstance(default, bool) else 'a text'}.")
    return value


def _number(name: str, value: Any) -> float:
    least = _LEAST[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise errors.BadSettings(f"{name} must be a number.")
    if not least <= value <= _MOST:
        raise errors.BadSettings(f"{name} must be at least {least:g} and at most {_MOST:g}, not {value:g}.")
    return float(value)
