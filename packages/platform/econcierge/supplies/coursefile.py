"""A slot's course as it is kept beside the slot: only what it holds, so that most slots keep little."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from econcierge.supplies import types as t

_NOTHING = t.Course()
_MOMENTS = ("measured_at", "fell_at", "left_since", "claimed_at", "top_at", "glimpse_at")
_WAITING = ("began_at", "course_at", "leap_at")  # of a departure
_PLAIN = (
    "pages",
    "fell_from",
    "fell_pages",
    "agreeing",
    "pages_a_point",
    "numbers",
    "some_left",
    "low",
    "low_pages",
    "low_until_pages",
    "low_again",
    "left",
    "claimed_serial",
    "claimed_part",
    "top",
    "points_a_day",
    "interval_hours",
    "off_grid",
    "glimpse_percent",
    "glimpse_pages",
)


def to_json(course: t.Course) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: value for name in _PLAIN if (value := getattr(course, name)) != getattr(_NOTHING, name)
    }
    kept |= {name: value.isoformat() for name in _MOMENTS if (value := getattr(course, name)) is not None}
    if course.recent:
        kept["recent"] = course.recent
    if course.anchor is not None:
        kept["anchor"] = course.anchor
    if course.departure is not None:
        kept["departure"] = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in dataclasses.asdict(course.departure).items()
        }
    return kept


def from_json(kept: Mapping[str, Any] | None) -> t.Course:
    """Raises `KeyError`, `TypeError` or `ValueError` for what `to_json` did not write."""
    if not kept:
        return _NOTHING
    values = dict(kept)
    for name in _MOMENTS:
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    if departure := values.get("departure"):
        moments = {name: datetime.fromisoformat(departure[name]) for name in _WAITING if departure.get(name)}
        values["departure"] = t.Departure(**{**departure, **moments, "levels": tuple(departure["levels"]),
                                             "reach": tuple(departure.get("reach", departure["levels"]))})  # fmt: skip
    if anchor := values.get("anchor"):
        values["anchor"] = (anchor[0], anchor[1])
    values["recent"] = tuple(values.get("recent", ()))
    return t.Course(**values)
