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
    10: "iso8859-7",
    12: "iso8859-9",
    13: "iso8859-10",
    17: "shift_jis",
    18: "euc_jp",
    38: "euc_kr",
    106: "utf-8",
    111: "iso8859-15",
    113: "gbk",
    114: "gb18030",
    1000: "utf-16-be",
    1013: "utf-16-be",
    1014: "utf-16-le",
    2004: "hp-roman8",
    2009: "cp850",
    2010: "cp852",
    2011: "cp437",
    2024: "cp932",
    2025: "gb2312",
    2026: "big5",
    2084: "koi8-r",
    2250: "cp1250",
    2251: "cp1251",
    2252: "cp1252",
    2253: "cp1253",
    2254: "cp1254",
}
_SEVERAL_BYTES = ("utf-16-be", "utf-16-le")
_OF_TWO_BYTES = ("shift_jis", "cp932", "euc_jp", "euc_kr", "gbk", "gb18030", "gb2312", "big5")
_FIRST_OF_THREE_BYTES = 0x800
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
    stated_first = charset in _SEVERAL_BYTES or (charset in _OF_TWO_BYTES and _is_chance(octets))
    tries = (charset, "utf-8") if stated_first else ("utf-8", charset)
    for codec in tries:
        try:
            return octets.decode(codec or "latin-1")
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")


def _is_chance(octets: bytes) -> bool:
    """UTF-8 of two-byte characters alone, Latin, Greek or Cyrillic: by chance where the set is an Asian one."""
    try:
        characters = octets.decode()
    except UnicodeDecodeError:
        return True
    return not octets.isascii() and max(map(ord, characters)) < _FIRST_OF_THREE_BYTES
