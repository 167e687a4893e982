"""Checks of single JSON fields. Each raises `WireError` with the path below the object in hand; the callers
above prepend their part only when that happens, so a good message pays nothing for its paths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from econcierge_printers.errors import PrinterError
from econcierge_printers.limits import INT64_MAX, INT64_MIN, MAX_TEXT_CHARACTERS, MAX_WORD_CHARACTERS

T = TypeVar("T")
JsonObject = Mapping[str, Any]
_MAX_MOMENT_CHARACTERS = 40


class WireError(PrinterError):
    """A message that breaks the format: `path` is its first bad field, `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__("message", path, reason, permanent=True)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path or 'message'}: {self.reason}"

    def below(self, parent: str) -> WireError:
        """The same error seen from further out."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return WireError(f"{parent}{joint}{self.path}", self.reason)


def mapping(value: object) -> JsonObject:
    if type(value) is not dict:
        raise WireError("", "is not an object")
    return value


def required(parent: JsonObject, key: str) -> Any:
    value = parent.get(key)
    if value is None:
        raise WireError(key, "is missing")
    return value


def text(parent: JsonObject, key: str, default: str | None = None) -> str:
    """A string, required unless there is a default."""
    value = parent.get(key)
    if value is None and default is not None:
        return default
    return checked_text(required(parent, key), key)


def optional_text(parent: JsonObject, key: str) -> str | None:
    value = parent.get(key)
    return None if value is None else checked_text(value, key)


def word(parent: JsonObject, key: str, default: str | None = None) -> str:
    """A short string that is not empty, required unless there is a default."""
    value = parent.get(key)
    if value is None and default is not None:
        return default
    return checked_word(required(parent, key), key)


def optional_word(parent: JsonObject, key: str) -> str | None:
    value = parent.get(key)
    return None if value is None else checked_word(value, key)


def checked_word(value: object, key: str) -> str:
    checked = checked_text(value, key)
    if not 0 < len(checked) <= MAX_WORD_CHARACTERS:
        raise WireError(key, f"has not 1 to {MAX_WORD_CHARACTERS} characters")
    return checked


def checked_text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise WireError(key, "is not a string")
    if len(value) > MAX_TEXT_CHARACTERS:
        raise WireError(key, f"is longer than {MAX_TEXT_CHARACTERS} characters")
    if "\0" in value:
        raise WireError(key, "contains a NUL character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise WireError(key, "contains half a surrogate pair") from None
    return value


def optional_int(parent: JsonObject, key: str) -> int | None:
    value = parent.get(key)
    if value is None:
        return None
    if type(value) is not int:
        raise WireError(key, "is not an integer")
    if not INT64_MIN <= value <= INT64_MAX:
        raise WireError(key, "is not within 64 bits")
    return value


def optional_count(parent: JsonObject, key: str) -> int | None:
    number = optional_int(parent, key)
    if number is not None and number < 0:
        raise WireError(key, "is negative")
    return number


def choice(parent: JsonObject, key: str, choices: Mapping[str, T], default: T | None = None) -> T:
    """One of the known words, required unless there is a default."""
    value = parent.get(key)
    if value is None and default is not None:
        return default
    value = required(parent, key)
    chosen = choices.get(value) if isinstance(value, str) else None
    if chosen is None:
        raise WireError(key, f"is none of {', '.join(choices)}")
    return chosen


def moment(parent: JsonObject, key: str) -> datetime:
    """An ISO 8601 moment with its zone, as UTC."""
    value = required(parent, key)
    if not isinstance(value, str) or len(value) > _MAX_MOMENT_CHARACTERS:
        raise WireError(key, "is not an ISO 8601 moment")
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            raise WireError(key, "has no time zone")
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise WireError(key, "is not an ISO 8601 moment") from None


def part(parent: JsonObject, key: str, parse: Callable[[JsonObject], T], default: T | None = None) -> T:
    """An object read by `parse`, required unless there is a default."""
    value = parent.get(key)
    if value is None and default is not None:
        return default
    value = required(parent, key)
    try:
        return parse(mapping(value))
    except WireError as error:
        raise error.below(key) from None


def parts(parent: JsonObject, key: str, parse: Callable[[JsonObject], T], most: int) -> tuple[T, ...]:
    """A list of objects read by `parse`, empty when missing, at most `most` long."""
    items = _list(parent, key, most)
    parsed: list[T] = []
    try:
        for item in items:
            parsed.append(parse(mapping(item)))  # noqa: PERF401 (how far it came is the index of the bad one)
    except WireError as error:
        raise error.below(f"{key}[{len(parsed)}]") from None
    return tuple(parsed)


def texts(
    parent: JsonObject, key: str, most: int, check: Callable[[object, str], str] = checked_text
) -> tuple[str, ...]:
    items = _list(parent, key, most)
    return tuple(check(item, f"{key}[{index}]") for index, item in enumerate(items))


def _list(parent: JsonObject, key: str, most: int) -> list[Any]:
    value = parent.get(key)
    if value is None:
        return []
    if type(value) is not list:
        raise WireError(key, "is not a list")
    if len(value) > most:
        raise WireError(key, f"has more than {most} entries")
    return value
