"""The portal's settings as they come: each key by itself, and what makes no sense counts as not said and is named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

MOST_INTERVAL_S = 7 * 86_400.0
MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """The portal's answer, key by key; None where it does not say. `unusable` names the keys that make no sense."""

    version: int | None = None
    interval_s: float | None = None
    near_empty_interval_s: float | None = None
    night_interval_s: float | None = None
    heartbeat_h: float | None = None
    night_from: time | None = None
    night_to: time | None = None
    time_zone: str | None = None
    discovery_at: time | None = None
    discover: bool | None = None
    methods: tuple[str, ...] | None = None
    ranges: tuple[str, ...] | None = None
    deny: tuple[str, ...] | None = None
    site: str | None = None
    customer: str | None = None
    language: str | None = None
    unusable: tuple[str, ...] = ()


def from_json(body: Mapping[str, Any]) -> PortalSettings:
    """Unknown keys are ignored; a key whose value makes no sense counts as not said and is named in `unusable`."""
    found: dict[str, Any] = {}
    unusable: list[str] = []
    for name, read in _READERS.items():
        if body.get(name) is None:
            continue
        try:
            found[name] = read(body[name])
        except (ValueError, TypeError, KeyError):
            unusable.append(name)
    return PortalSettings(**found, unusable=tuple(unusable))


def _time_of_day(text: Any) -> time:
    """`20:00` of the site's clocks; ValueError otherwise."""
    if not isinstance(text, str) or len(text) > 8:
        raise ValueError("no time of day")
    return time.fromisoformat(text).replace(tzinfo=None)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("no number")
    if not 0 < value <= MOST_INTERVAL_S:
        raise ValueError("not a useful number")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("no whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500 or not value.isprintable():
        raise ValueError("no text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ValueError("no list")
    return tuple(_text(each) for each in value)


def _name(value: Any) -> str:
    return _text(value["name"])


_READERS: Mapping[str, Any] = {
    "version": _whole,
    "interval_s": _seconds,
    "near_empty_interval_s": _seconds,
    "night_interval_s": _seconds,
    "heartbeat_h": _seconds,
    "night_from": _time_of_day,
    "night_to": _time_of_day,
    "time_zone": _text,
    "discovery_at": _time_of_day,
    "discover": _flag,
    "methods": _texts,
    "ranges": _texts,
    "deny": _texts,
    "site": _name,
    "customer": _name,
    "language": _text,
}
