"""Text as printers write it: in one of many character sets, NUL-terminated, padded, over several lines."""

from __future__ import annotations

import re
from functools import lru_cache

from econcierge_printers.limits import MAX_TEXT_CHARACTERS, MAX_WORD_CHARACTERS

# prtLocalizationCharacterSet (IANA MIB enumerations) -> Python codec
CHARACTER_SETS = {
    3: "ascii",
    4: "latin-1",
    5: "iso8859-2",
    6: "iso8859-3",
    7: "iso8859-4",
    8: "iso8859-5",
    12: "iso8859-9",
    17: "shift_jis",
    106: "utf-8",
    111: "iso8859-15",
    1013: "utf-16-be",
    1014: "utf-16-le",
    2004: "hp-roman8",
    2009: "cp850",
    2024: "cp932",
    2250: "cp1250",
    2251: "cp1251",
    2252: "cp1252",
}
_SEVERAL_BYTES = ("utf-16-be", "utf-16-le")
_UNPRINTABLE = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\ud800-\udfff]+\s*")


def decode(octets: bytes, *, charset: str | None) -> str:
    """One line of clean text, at most `MAX_TEXT_CHARACTERS`.

    UTF-8 wins where the octets are UTF-8, since many devices state another set and send that; then the stated
    set; then Latin-1, which fits any octets.
    """
    return _decode(octets, charset) if len(octets) <= MAX_TEXT_CHARACTERS else _decode.__wrapped__(octets, charset)


@lru_cache(maxsize=4096)
def _decode(octets: bytes, charset: str | None) -> str:
    """Cached, because printers of a model say the same."""
    if charset not in _SEVERAL_BYTES:
        octets = octets.partition(b"\0")[0] or octets.lstrip(b"\0").partition(b"\0")[0]
    return clean(_characters(octets, charset))


def clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()[:MAX_TEXT_CHARACTERS].rstrip()


def word(text: str) -> str:
    """A text that must fit where the wire has words."""
    return text[:MAX_WORD_CHARACTERS].strip()


def _characters(octets: bytes, charset: str | None) -> str:
    tries = ("utf-8", charset) if charset not in _SEVERAL_BYTES else (charset, "utf-8")
    for codec in tries:
        try:
            return octets.decode(codec or "latin-1")
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")
