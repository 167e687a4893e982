"""The values that IPP carries (RFC 8010 section 3.9, RFC 8011 section 5.1) and the tags before them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple


class Group(IntEnum):
    """Delimiters (RFC 8010 section 3.5.1); groups that nobody here reads are kept by number."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    NOT_SETTABLE = 0x15
    DELETE_ATTRIBUTE = 0x16
    ADMIN_DEFINE = 0x17
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTET_STRING = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE_OF_INTEGER = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_MEDIA_TYPE = 0x49
    MEMBER_NAME = 0x4A


OUT_OF_BAND_TAGS = range(0x10, 0x20)  # a tag that stands for a value: there is none, and why
TEXT_TAGS = frozenset(
    {
        Tag.TEXT,
        Tag.NAME,
        Tag.KEYWORD,
        Tag.URI,
        Tag.URI_SCHEME,
        Tag.CHARSET,
        Tag.NATURAL_LANGUAGE,
        Tag.MIME_MEDIA_TYPE,
    }
)


class LanguageText(NamedTuple):
    """textWithLanguage and nameWithLanguage; the language as RFC 5646 writes it, lower case."""

    text: str
    language: str


class IntegerRange(NamedTuple):
    lowest: int
    highest: int


class Resolution(NamedTuple):
    across_feed: int
    feed: int
    unit: int  # 3 dots per inch, 4 dots per centimetre


class Value(NamedTuple):
    """A value with its tag: None where the tag is out of band, octets where tag and content do not agree."""

    tag: int
    content: int | bool | str | bytes | datetime | LanguageText | IntegerRange | Resolution | Collection | None

    @property
    def number(self) -> int | None:
        return self.content if type(self.content) is int else None

    @property
    def octets(self) -> bytes | None:
        return self.content if isinstance(self.content, bytes) else None

    @property
    def text(self) -> str | None:
        """Any character string, without its language."""
        if isinstance(self.content, LanguageText):
            return self.content.text
        return self.content if isinstance(self.content, str) else None


class Collection(NamedTuple):
    """Members by name (RFC 8010 section 3.1.6)."""

    members: Mapping[str, tuple[Value, ...]]


Attributes = Mapping[str, tuple[Value, ...]]
