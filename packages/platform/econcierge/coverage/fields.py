"""Reads a YAML mapping strictly: unknown and repeated keys are errors, and every error names its key path.

All scalars are read as text and turned into what the field wants, because YAML 1.1 makes `on` a boolean and
a serial of digits a number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from econcierge.coverage.types import CoverageError

Word = TypeVar("Word", bound=StrEnum)
Made = TypeVar("Made")
YES = frozenset({"true", "yes", "on"})
NO = frozenset({"false", "no", "off"})
NOTHING = frozenset({"", "null", "~"})


class _TextLoader(yaml.BaseLoader):
    """Scalars stay text; a repeated key is an error instead of a silent loss."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            problem = f"repeated key {repeated[0]}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep=deep)


def parse_yaml(*, text: str, where: str) -> Fields:
    """The document's top mapping; raises `CoverageError` with the line where it is not YAML."""
    try:
        document = yaml.load(text, Loader=_TextLoader)  # noqa: S506 - BaseLoader makes nothing but text
    except (yaml.YAMLError, RecursionError) as error:
        raise CoverageError(where=where, reason=f"not readable as YAML: {error}") from error
    return Fields(document, path="", whole=where)


class Fields:
    """One mapping of the document; each getter takes a key, `finish` refuses what was not taken."""

    def __init__(self, value: object, *, path: str, whole: str) -> None:
        self._path = path
        self._whole = whole
        if not isinstance(value, Mapping):
            raise CoverageError(where=path or whole, reason="must be a mapping of keys and values")
        self._values = dict(value)
        self._taken: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def text(self, key: str) -> str | None:
        value = self._take(key)
        if value is None or (isinstance(value, str) and value.strip().lower() in NOTHING):
            return None
        if not isinstance(value, str):
            raise self._wrong(key, "must be a single value")
        return value.strip()

    def required_text(self, key: str) -> str:
        return self.needed(key, self.text(key))

    def day(self, key: str) -> date | None:
        text = self.text(key)
        return None if text is None else self._made(key, text, date.fromisoformat, "a date like 2026-11-23")

    def count(self, key: str, *, at_least: int = 0) -> int | None:
        text = self.text(key)
        number = None if text is None else self._made(key, text, int, "a whole number")
        if number is not None and number < at_least:
            raise self._wrong(key, f"must be at least {at_least}")
        return number

    def flag(self, key: str, *, default: bool) -> bool:
        text = self.text(key)
        if text is not None and text.lower() not in YES | NO:
            raise self._wrong(key, f"must be true or false, not {text!r}")
        return default if text is None else text.lower() in YES

    def word(self, key: str, words: type[Word], *, default: Word | None = None) -> Word:
        text = self.text(key)
        if text is None and default is not None:
            return default
        if text is None or text not in {word.value for word in words}:
            raise self._wrong(key, f"must be one of {', '.join(words)}" + (f", not {text!r}" if text else ""))
        return words(text)

    def mapping(self, key: str) -> Fields:
        value = self._take(key)
        empty = value is None or (isinstance(value, str) and value.strip().lower() in NOTHING)
        return Fields({} if empty else value, path=self.at(key), whole=self._whole)

    def required_mapping(self, key: str) -> Fields:
        if key not in self._values:
            raise self._wrong(key, "is needed")
        return self.mapping(key)

    def mappings(self, key: str) -> tuple[Fields, ...]:
        return tuple(
            Fields(item, path=f"{self.at(key)}[{index}]", whole=self._whole)
            for index, item in enumerate(self._list(key))
        )

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(item) for item in self._list(key))

    def needed(self, key: str, value: Made | None) -> Made:
        if value is None:
            raise self._wrong(key, "is needed")
        return value

    def finish(self) -> None:
        """Every key of the mapping must have been taken."""
        for key in self._values:
            if key not in self._taken:
                raise self._wrong(str(key), "is not a known key")

    def _take(self, key: str) -> object:
        self._taken.add(key)
        return self._values.get(key)

    def _list(self, key: str) -> list[object]:
        value = self._take(key)
        if value is None or (isinstance(value, str) and value.strip().lower() in NOTHING):
            return []
        if not isinstance(value, list):
            raise self._wrong(key, "must be a list")
        return value

    def _made(self, key: str, text: str, make: Callable[[str], Made], wanted: str) -> Made:
        try:
            return make(text)
        except ValueError as error:
            raise self._wrong(key, f"must be {wanted}, not {text!r}") from error

    def _wrong(self, key: str, reason: str) -> CoverageError:
        return CoverageError(where=self.at(key), reason=reason)
