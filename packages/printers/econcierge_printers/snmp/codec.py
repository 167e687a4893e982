"""SNMPv1 and v2c messages to bytes and back (RFC 1157, RFC 1901, RFC 3416); no sockets, no state.

Any bytes give a `Message` or one `CodecError`. `read_pdu` and `write_pdu` stand alone, as SNMPv3 wraps the
same PDUs differently (RFC 3412).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from econcierge_printers.snmp.ber import (
    CodecError,
    read_header,
    read_oid,
    read_signed,
    read_unsigned,
    write_element,
    write_integer,
    write_oid,
)
from econcierge_printers.snmp.values import (
    EMPTY_TAGS,
    NULL,
    OCTET_TAGS,
    UNSIGNED_TAGS,
    Oid,
    Tag,
    Value,
)

__all__ = [
    "CodecError",
    "ErrorStatus",
    "Message",
    "Oid",
    "Pdu",
    "PduKind",
    "Tag",
    "Value",
    "VarBind",
    "Version",
    "decode",
    "encode",
    "read_pdu",
    "request",
    "write_pdu",
]

VarBind = tuple[Oid, Value]
MAX_MESSAGE_OCTETS = 65_535
_SEQUENCE = 0x30
_LONG_FORM = 0x80
_TAGS = {int(tag): tag for tag in Tag}
_INT64 = (-(2**63), 2**63 - 1)
_UINT64 = (0, 2**64 - 1)


class Version(IntEnum):
    """As the message carries it: one less than its name, and 2c is 1."""

    V1 = 0
    V2C = 1


class PduKind(IntEnum):
    GET = 0xA0
    GET_NEXT = 0xA1
    RESPONSE = 0xA2
    SET = 0xA3
    GET_BULK = 0xA5
    INFORM = 0xA6
    TRAP = 0xA7
    REPORT = 0xA8


class ErrorStatus(IntEnum):
    """Those a reader meets (RFC 3416 section 3); any other number is kept as it came."""

    NO_ERROR = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    BAD_VALUE = 3
    READ_ONLY = 4
    GEN_ERR = 5
    NO_ACCESS = 6
    AUTHORIZATION_ERROR = 16
    NOT_WRITABLE = 17


_KINDS = {int(kind): kind for kind in PduKind}


@dataclass(frozen=True, slots=True)
class Pdu:
    """In a GETBULK the two error fields carry non-repeaters and max-repetitions (RFC 3416 section 3)."""

    kind: PduKind
    request_id: int
    error_status: int = 0
    error_index: int = 0
    varbinds: tuple[VarBind, ...] = ()

    @property
    def non_repeaters(self) -> int:
        return self.error_status

    @property
    def max_repetitions(self) -> int:
        return self.error_index


@dataclass(frozen=True, slots=True)
class Message:
    version: Version
    community: bytes
    pdu: Pdu


def request(
    *,
    version: Version,
    community: bytes,
    kind: PduKind,
    request_id: int,
    oids: Iterable[Oid],
    non_repeaters: int = 0,
    max_repetitions: int = 0,
) -> Message:
    """A question about `oids`; the last two are for GETBULK only."""
    varbinds = tuple((oid, NULL) for oid in oids)
    return Message(version, community, Pdu(kind, request_id, non_repeaters, max_repetitions, varbinds))


def encode(message: Message) -> bytes:
    content = (
        write_element(Tag.INTEGER, write_integer(message.version))
        + write_element(Tag.OCTET_STRING, message.community)
        + write_pdu(message.pdu)
    )
    return write_element(_SEQUENCE, content)


def decode(data: bytes) -> Message:
    """One message; whatever follows it in the datagram is ignored, as devices pad."""
    if len(data) > MAX_MESSAGE_OCTETS:
        raise CodecError("longer than a datagram can be")
    start, end = _enter(data, 0, len(data), _SEQUENCE)
    content, at = _take(data, start, end, Tag.INTEGER)
    number = read_signed(content)
    if number not in (Version.V1, Version.V2C):
        raise CodecError(f"version field {number} is neither SNMPv1 nor v2c")
    community, at = _take(data, at, end, Tag.OCTET_STRING)
    return Message(Version(number), community, read_pdu(data, at, end))


def write_pdu(pdu: Pdu) -> bytes:
    varbinds = b"".join(
        _write_question(oid) if value is NULL else _write_varbind(oid, value) for oid, value in pdu.varbinds
    )
    fields = (pdu.request_id, pdu.error_status, pdu.error_index)
    head = b"".join(write_element(Tag.INTEGER, write_integer(_within(number, _INT64))) for number in fields)
    return write_element(pdu.kind, head + write_element(_SEQUENCE, varbinds))


def read_pdu(data: bytes, at: int, end: int) -> Pdu:
    """The PDU that begins at `at`; SNMPv1 traps have another shape and are refused."""
    tag, at, end = read_header(data, at, end)
    kind = _KINDS.get(tag)
    if kind is None:
        raise CodecError(f"PDU type 0x{tag:02x}")
    request_id, at = _take(data, at, end, Tag.INTEGER)
    status, at = _take(data, at, end, Tag.INTEGER)
    index, at = _take(data, at, end, Tag.INTEGER)
    start, end = _enter(data, at, end, _SEQUENCE)
    varbinds = tuple(_read_varbinds(data, start, end))
    return Pdu(kind, read_signed(request_id), read_signed(status), read_signed(index), varbinds)


def _read_varbinds(data: bytes, at: int, end: int) -> list[VarBind]:
    """All of them. Those of less than 128 octets are looked up: this loop is the hot path of reading printers."""
    varbinds = []
    while at < end:
        stop = at + 2 + data[at + 1] if at + 1 < end else end + 1
        if data[at] == _SEQUENCE and stop <= end and data[at + 1] < _LONG_FORM:
            varbinds.append(_known_varbind(data[at:stop]))
            at = stop
        else:
            varbind, at = _read_varbind(data, at, end)
            varbinds.append(varbind)
    return varbinds


@lru_cache(maxsize=8192)
def _known_varbind(octets: bytes) -> VarBind:
    """Cached, because most of what printers of a model say is the same: names, types, units, descriptions."""
    return _read_varbind(octets, 0, len(octets))[0]


def _read_varbind(data: bytes, at: int, end: int) -> tuple[VarBind, int]:
    """The one at `at`, of any length, and where the next begins."""
    at, stop = _enter(data, at, end, _SEQUENCE)
    name, at = _take(data, at, stop, Tag.OID)
    tag, start, value_end = read_header(data, at, stop)
    return (read_oid(name), _read_value(tag, data[start:value_end])), stop


def _read_value(number: int, content: bytes) -> Value:
    tag = _TAGS.get(number)
    if tag is Tag.INTEGER:
        return Value(tag, read_signed(content))
    if tag is Tag.OCTET_STRING:
        return Value(tag, content)
    if tag is Tag.OID:
        return Value(tag, read_oid(content))
    if tag in UNSIGNED_TAGS:
        return Value(tag, read_unsigned(content))
    if tag in EMPTY_TAGS:
        return Value(tag, None)
    if tag in OCTET_TAGS:
        return Value(tag, content)
    raise CodecError(f"value of type 0x{number:02x}")


@lru_cache(maxsize=4096)
def _write_question(oid: Oid) -> bytes:
    """Cached, because all printers are asked for the same objects."""
    return _write_varbind(oid, NULL)


def _write_varbind(oid: Oid, value: Value) -> bytes:
    name = write_element(Tag.OID, write_oid(oid))
    return write_element(_SEQUENCE, name + write_element(value.tag, _content(value)))


def _content(value: Value) -> bytes:
    tag, held = value
    if tag in EMPTY_TAGS and held is None:
        return b""
    if tag is Tag.OID and isinstance(held, tuple):
        return write_oid(held)
    if tag in OCTET_TAGS and isinstance(held, bytes):
        return held
    if tag is Tag.INTEGER and isinstance(held, int):
        return write_integer(_within(held, _INT64))
    if tag in UNSIGNED_TAGS and isinstance(held, int):
        return write_integer(_within(held, _UINT64))
    raise CodecError(f"{tag.name} cannot hold {held!r:.80}")


def _within(number: int, bounds: tuple[int, int]) -> int:
    """Compared, not looked up in a range: that is a linear search for subclasses of int such as `ErrorStatus`."""
    if not bounds[0] <= number <= bounds[1]:
        raise CodecError("a number of more than 64 bits")
    return number


def _enter(data: bytes, at: int, end: int, wanted: int) -> tuple[int, int]:
    tag, start, stop = read_header(data, at, end)
    if tag != wanted:
        raise CodecError(f"type 0x{tag:02x} where 0x{wanted:02x} should be")
    return start, stop


def _take(data: bytes, at: int, end: int, wanted: int) -> tuple[bytes, int]:
    """The content of the element at `at`, which must be `wanted`, and where the next begins."""
    start, stop = _enter(data, at, end, wanted)
    return data[start:stop], stop
