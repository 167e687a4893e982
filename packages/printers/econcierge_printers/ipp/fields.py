"""Attributes as the decoders want them: texts, numbers, and the `key=value;` strings of PWG 5100.9 and 5100.13."""

from __future__ import annotations

from collections.abc import Mapping

from econcierge_printers.ipp.values import Attributes, Collection
from econcierge_printers.mib import text

Row = Mapping[str, str]  # keys in lower case
_MAX_ROW_OCTETS = 4_096


def texts(attributes: Attributes, name: str) -> tuple[str, ...]:
    """Clean lines, one for each value; what is no text, and what is out of band, is an empty one."""
    return tuple(text.clean(value.text or "") for value in attributes.get(name, ()))


def first_text(attributes: Attributes, name: str) -> str | None:
    return next((line for line in texts(attributes, name) if line), None)


def numbers(attributes: Attributes, name: str) -> tuple[int | None, ...]:
    return tuple(value.number for value in attributes.get(name, ()))


def first_number(attributes: Attributes, name: str) -> int | None:
    return next((number for number in numbers(attributes, name) if number is not None), None)


def member_number(attributes: Attributes, name: str, member: str) -> int | None:
    """A number within a collection, such as `printer-impressions-completed-col`."""
    for value in attributes.get(name, ()):
        if isinstance(value.content, Collection):
            return first_number(value.content.members, member)
    return None


def rows(attributes: Attributes, name: str) -> tuple[Row, ...]:
    """One mapping for each value, empty where a value is no such string. Some printers send text for octetString."""
    return tuple(_row(value.octets or (value.text or "").encode()) for value in attributes.get(name, ()))


def row_number(row: Row, key: str) -> int | None:
    """Numbers beyond 64 bits are none that a printer can mean."""
    digits = row.get(key, "")
    bare = digits.removeprefix("-")
    return int(digits) if bare.isascii() and bare.isdigit() and len(bare) < 19 else None


def label(name: str) -> str:
    """MIB labels as they are compared: `sheetFeedManual`, `ink-cartridge` and `Ink Cartridge` are spelt many ways."""
    return "".join(character for character in name.casefold() if character.isalnum())


def _row(octets: bytes) -> Row:
    line = text.decode(octets[:_MAX_ROW_OCTETS], charset="utf-8")
    pairs = (part.partition("=") for part in line.split(";"))
    return {key.strip().casefold(): value.strip() for key, separator, value in pairs if separator and key.strip()}
