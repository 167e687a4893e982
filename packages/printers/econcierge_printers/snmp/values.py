"""The values that SNMP carries (RFC 2578 section 7.1, RFC 3416 section 3) and object identifiers."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

Oid = tuple[int, ...]


class Tag(IntEnum):
    """BER tags of values; the numbers are also the tags of `.snmprec` recordings."""

    INTEGER = 0x02
    OCTET_STRING = 0x04
    NULL = 0x05
    OID = 0x06
    IP_ADDRESS = 0x40
    COUNTER32 = 0x41
    GAUGE32 = 0x42
    TIME_TICKS = 0x43
    OPAQUE = 0x44
    NSAP_ADDRESS = 0x45
    COUNTER64 = 0x46
    UINTEGER32 = 0x47
    NO_SUCH_OBJECT = 0x80
    NO_SUCH_INSTANCE = 0x81
    END_OF_MIB_VIEW = 0x82


UNSIGNED_TAGS = frozenset({Tag.COUNTER32, Tag.GAUGE32, Tag.TIME_TICKS, Tag.COUNTER64, Tag.UINTEGER32})
OCTET_TAGS = frozenset({Tag.OCTET_STRING, Tag.IP_ADDRESS, Tag.OPAQUE, Tag.NSAP_ADDRESS})
EMPTY_TAGS = frozenset({Tag.NULL, Tag.NO_SUCH_OBJECT, Tag.NO_SUCH_INSTANCE, Tag.END_OF_MIB_VIEW})


class Value(NamedTuple):
    """A value with its tag kept: `int` for numbers, `bytes` for octets, an `Oid`, or None for nothing.

    A named tuple, because a walk makes thousands of them.
    """

    tag: Tag
    value: int | bytes | Oid | None

    @property
    def number(self) -> int | None:
        return self.value if isinstance(self.value, int) else None

    @property
    def octets(self) -> bytes | None:
        return self.value if isinstance(self.value, bytes) else None

    @property
    def oid(self) -> Oid | None:
        return self.value if isinstance(self.value, tuple) else None

    @property
    def missing(self) -> bool:
        """Nothing is there: null, noSuchObject, noSuchInstance or endOfMibView."""
        return self.value is None


NULL = Value(Tag.NULL, None)
NO_SUCH_OBJECT = Value(Tag.NO_SUCH_OBJECT, None)
NO_SUCH_INSTANCE = Value(Tag.NO_SUCH_INSTANCE, None)
END_OF_MIB_VIEW = Value(Tag.END_OF_MIB_VIEW, None)


def integer(number: int) -> Value:
    return Value(Tag.INTEGER, number)


def octet_string(octets: bytes | str) -> Value:
    """Octets as they are; a string is written in UTF-8."""
    return Value(Tag.OCTET_STRING, octets.encode() if isinstance(octets, str) else octets)


def object_identifier(oid: Oid | str) -> Value:
    return Value(Tag.OID, parse_oid(oid) if isinstance(oid, str) else oid)


def counter32(number: int) -> Value:
    return Value(Tag.COUNTER32, number)


def gauge32(number: int) -> Value:
    return Value(Tag.GAUGE32, number)


def time_ticks(hundredths_of_second: int) -> Value:
    return Value(Tag.TIME_TICKS, hundredths_of_second)


def counter64(number: int) -> Value:
    return Value(Tag.COUNTER64, number)


def parse_oid(text: str) -> Oid:
    """`1.3.6.1` or `.1.3.6.1`; anything else raises ValueError."""
    parts = text.strip().removeprefix(".").split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"not an object identifier: {text[:80]!r}")
    return tuple(int(part) for part in parts)


def format_oid(oid: Oid) -> str:
    return ".".join(map(str, oid))
