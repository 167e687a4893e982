"""Reading somebody else's JSON: what is missing or of another type becomes a stated default, never an error.

Only what a thing is nothing without (an id, a name) is required; then `Unreadable` names it, and the caller leaves
that one row out or says that the answer was not understood.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

JsonObject = dict[str, Any]
Row = TypeVar("Row")

LONGEST_TEXT = 4000  # characters; more than any sentence, less than what would fill the memory
MOST_ROWS = 5000


class Unreadable(Exception):
    """An answer without something that it is nothing without; the text names the field."""


def mapping(value: object, name: str = "answer") -> JsonObject:
    if not isinstance(value, dict):
        raise Unreadable(name)
    return value


def key(obj: JsonObject, name: str) -> str:
    """An id: a text, or a whole number written as one."""
    value = obj.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value:
        return value[:LONGEST_TEXT]
    raise Unreadable(name)


def text(obj: JsonObject, name: str, default: str = "") -> str:
    value = obj.get(name)
    return value[:LONGEST_TEXT] if isinstance(value, str) else default


def flag(obj: JsonObject, name: str, default: bool = False) -> bool:
    value = obj.get(name)
    return value if isinstance(value, bool) else default


def optional_flag(obj: JsonObject, name: str) -> bool | None:
    value = obj.get(name)
    return value if isinstance(value, bool) else None


def count(obj: JsonObject, name: str, default: int = 0) -> int:
    value = obj.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def optional_count(obj: JsonObject, name: str) -> int | None:
    value = obj.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(obj: JsonObject, name: str) -> float | None:
    value = obj.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None


def percent(obj: JsonObject, name: str) -> float | None:
    """0 to 100; anything else is no number (P02)."""
    value = number(obj, name)
    return value if value is not None and 0 <= value <= 100 else None


def moment(obj: JsonObject, name: str) -> datetime | None:
    """An ISO moment in UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(text(obj, name))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def day(obj: JsonObject, name: str) -> date | None:
    try:
        return date.fromisoformat(text(obj, name)[:10])
    except ValueError:
        return None


def part(obj: JsonObject, name: str, read: Callable[[JsonObject], Row]) -> Row | None:
    """An object within; None when it is absent or cannot be read."""
    value = obj.get(name)
    if not isinstance(value, dict):
        return None
    try:
        return read(value)
    except Unreadable:
        return None


def parts(obj: JsonObject, name: str, read: Callable[[JsonObject], Row]) -> tuple[Row, ...]:
    """A list of objects; one that cannot be read is left out, the others stay."""
    value = obj.get(name)
    if not isinstance(value, list):
        return ()
    found = (_read(row, read) for row in value[:MOST_ROWS])
    return tuple(row for row in found if row is not None)


def texts(obj: JsonObject, name: str) -> tuple[str, ...]:
    value = obj.get(name)
    if isinstance(value, str):
        return (value[:LONGEST_TEXT],) if value else ()
    if not isinstance(value, list):
        return ()
    return tuple(row[:LONGEST_TEXT] for row in value[:MOST_ROWS] if isinstance(row, str) and row)


def _read(row: object, read: Callable[[JsonObject], Row]) -> Row | None:
    try:
        return read(mapping(row))
    except Unreadable:
        return None
