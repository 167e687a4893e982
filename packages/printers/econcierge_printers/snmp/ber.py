"""The part of BER that SNMP uses (X.690 as narrowed by RFC 3417 section 8): tag, definite length, content.

Written by ourselves strictly, read with tolerance where devices are sloppy (lengths and numbers longer than
needed), never past the end of what is there.
"""

from __future__ import annotations

from functools import lru_cache

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp.values import Oid

MAX_SUB_IDENTIFIERS = 128  # RFC 2578 section 3.5
MAX_SUB_IDENTIFIER = 0xFFFFFFFF
_MAX_LENGTH_OCTETS = 4
_MAX_UNSIGNED_OCTETS = 9
_MAX_SIGNED_OCTETS = 8


class CodecError(PrinterError):
    """Bytes that are not the SNMP we know, or values that SNMP cannot carry."""

    def __init__(self, reason: str) -> None:
        super().__init__("message", "SNMP", reason, permanent=True)


def read_header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The element at `at` as (tag, start of content, end of content), all of it before `end`."""
    if end - at < 2:
        raise CodecError("cut short where an element should begin")
    length = data[at + 1]
    start = at + 2
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= _MAX_LENGTH_OCTETS or end - start < octets:
            raise CodecError("a length that is indefinite, too large or cut short")
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
    stop = start + length
    if stop > end:
        raise CodecError("an element reaches past the end of what holds it")
    return data[at], start, stop


def write_element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | octets)) + size.to_bytes(octets, "big") + content


def read_signed(content: bytes) -> int:
    if not 1 <= len(content) <= _MAX_SIGNED_OCTETS:
        raise CodecError(f"an integer of {len(content)} octets")
    return int.from_bytes(content, "big", signed=True)


def read_unsigned(content: bytes) -> int:
    """Non-negative, up to 64 bits; agents that forget the leading zero octet are understood."""
    if not 1 <= len(content) <= _MAX_UNSIGNED_OCTETS:
        raise CodecError(f"a counter of {len(content)} octets")
    if len(content) == _MAX_UNSIGNED_OCTETS and content[0]:
        raise CodecError("a counter of more than 64 bits")
    return int.from_bytes(content, "big")


def write_integer(number: int) -> bytes:
    """The shortest two's complement of any integer."""
    octets = (number + (number < 0)).bit_length() // 8 + 1
    return number.to_bytes(octets, "big", signed=True)


@lru_cache(maxsize=4096)
def read_oid(content: bytes) -> Oid:
    """An object identifier; no content at all is 0.0, as other managers read it.

    Cached, because all printers are asked for the same ones.
    """
    if not content:
        return (0, 0)
    if content[-1] & 0x80:
        raise CodecError("an object identifier cut short")
    parts: list[int] = []
    number = 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if number > MAX_SUB_IDENTIFIER + 80:
            raise CodecError("an object identifier with a part of more than 32 bits")
        if not octet & 0x80:
            parts.append(number)
            number = 0
    first = min(parts[0] // 40, 2)
    oid = (first, parts[0] - 40 * first, *parts[1:])
    if len(oid) > MAX_SUB_IDENTIFIERS or max(oid) > MAX_SUB_IDENTIFIER:
        raise CodecError("an object identifier out of bounds")
    return oid


@lru_cache(maxsize=4096)
def write_oid(oid: Oid) -> bytes:
    if not 2 <= len(oid) <= MAX_SUB_IDENTIFIERS or not 0 <= oid[0] <= 2:
        raise CodecError("an object identifier needs 2 to 128 parts, the first 0 to 2")
    if min(oid) < 0 or max(oid) > MAX_SUB_IDENTIFIER or (oid[0] < 2 and oid[1] > 39):
        raise CodecError("an object identifier with a part out of range")
    content = bytearray()
    for part in (oid[0] * 40 + oid[1], *oid[2:]):
        septets = [part & 0x7F]
        while part := part >> 7:
            septets.append(0x80 | part & 0x7F)
        content.extend(reversed(septets))
    return bytes(content)
