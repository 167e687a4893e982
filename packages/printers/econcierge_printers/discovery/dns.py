"""DNS messages as mDNS needs them (RFC 1035 section 4, RFC 2782, RFC 6762): questions to bytes, bytes to records.

No sockets, no state. Any bytes give a `Message` or one `DnsError`; compression pointers may only point backwards.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from econcierge_printers.errors import PrinterError

MAX_MESSAGE_OCTETS = 9_000  # RFC 6762 section 17
_MAX_RECORDS = 1_000
_MAX_NAME_OCTETS = 255
_MAX_LABEL_OCTETS = 63
_MAX_JUMPS = 32
_INTERNET = 1
_WANTS_UNICAST = 0x8000  # the QU bit, RFC 6762 section 5.4
_CLASS_BITS = 0x7FFF  # without the cache-flush bit, RFC 6762 section 10.2
_RESPONSE = 0x8000
_POINTER = 0xC0
Name = tuple[bytes, ...]  # labels without the root, as they came; compare with `folded`


class DnsError(PrinterError):
    """Bytes that are not DNS, or names that DNS cannot carry."""

    def __init__(self, reason: str) -> None:
        super().__init__("message", "DNS", reason, permanent=True)


class RecordType(IntEnum):
    A = 1
    PTR = 12
    TXT = 16
    AAAA = 28
    SRV = 33
    ANY = 255


@dataclass(frozen=True, slots=True)
class Service:
    """SRV: where an instance is (RFC 2782); priority and weight are of no use here."""

    port: int
    host: Name


@dataclass(frozen=True, slots=True)
class Record:
    """`data` is an address, a name (PTR), a `Service`, the strings of a TXT, or octets of another type."""

    name: Name
    type_number: int
    data: ipaddress.IPv4Address | ipaddress.IPv6Address | Name | Service | tuple[bytes, ...] | bytes


@dataclass(frozen=True, slots=True)
class Question:
    name: Name
    type_number: int


@dataclass(frozen=True, slots=True)
class Message:
    is_response: bool
    questions: tuple[Question, ...] = ()
    records: tuple[Record, ...] = ()  # answers, authorities and additional ones alike


def name(text: str) -> Name:
    """`_ipp._tcp.local` as labels; dots within a label cannot be written so."""
    return tuple(label.encode() for label in text.rstrip(".").split("."))


def folded(labels: Name) -> Name:
    """As names are compared: ASCII letters in one case (RFC 6762 section 16)."""
    return tuple(label.lower() for label in labels)


def encode_questions(questions: Sequence[Question], *, unicast: bool = True) -> bytes:
    """One query with id 0. Raises `DnsError` for a name that does not fit."""
    parts = [bytes(4), len(questions).to_bytes(2), bytes(6)]
    kind = (_INTERNET | (_WANTS_UNICAST if unicast else 0)).to_bytes(2)
    for question in questions:
        parts += [_write_name(question.name), question.type_number.to_bytes(2), kind]
    return b"".join(parts)


def encode_response(records: Sequence[Record], *, ttl_s: int = 120) -> bytes:
    """An authoritative answer, names written in full; for the other side of a conversation."""
    parts = [bytes(2), b"\x84\x00", bytes(2), len(records).to_bytes(2), bytes(4)]
    for record in records:
        data = _write_data(record)
        head = record.type_number.to_bytes(2) + _INTERNET.to_bytes(2) + ttl_s.to_bytes(4) + len(data).to_bytes(2)
        parts += [_write_name(record.name), head, data]
    return b"".join(parts)


def decode(data: bytes) -> Message:
    """Any bytes: a message or `DnsError`. Records of another class are left out."""
    if not 12 <= len(data) <= MAX_MESSAGE_OCTETS:
        raise DnsError("shorter than a header or longer than a message can be")
    counts = [int.from_bytes(data[at : at + 2]) for at in range(4, 12, 2)]
    if sum(counts) > _MAX_RECORDS:
        raise DnsError(f"more than {_MAX_RECORDS} records")
    questions, at = [], 12
    for _ in range(counts[0]):
        labels, at = _read_name(data, at)
        questions.append(Question(labels, _number(data, at, 2)))
        at += 4
    records = []
    for _ in range(sum(counts[1:])):
        record, at = _read_record(data, at)
        if record is not None:
            records.append(record)
    return Message(bool(data[2] & (_RESPONSE >> 8)), tuple(questions), tuple(records))


def _read_record(data: bytes, at: int) -> tuple[Record | None, int]:
    labels, at = _read_name(data, at)
    type_number, record_class = _number(data, at, 2), _number(data, at + 2, 2)
    start = at + 10
    end = start + _number(data, at + 8, 2)
    if end > len(data):
        raise DnsError("cut short within a record")
    if record_class & _CLASS_BITS != _INTERNET:
        return None, end
    return Record(labels, type_number, _read_data(data, type_number, start, end)), end


def _read_data(
    data: bytes, type_number: int, start: int, end: int
) -> ipaddress.IPv4Address | ipaddress.IPv6Address | Name | Service | tuple[bytes, ...] | bytes:
    """What a type does not allow stays octets, as does a type that nobody here reads."""
    octets = data[start:end]
    if type_number == RecordType.A and len(octets) == 4:
        return ipaddress.IPv4Address(octets)
    if type_number == RecordType.AAAA and len(octets) == 16:
        return ipaddress.IPv6Address(octets)
    if type_number == RecordType.PTR:
        return _read_name(data, start)[0]
    if type_number == RecordType.SRV and len(octets) > 6:
        return Service(_number(data, start + 4, 2), _read_name(data, start + 6)[0])
    if type_number == RecordType.TXT:
        return _read_strings(octets)
    return octets


def _read_strings(octets: bytes) -> tuple[bytes, ...]:
    """Each behind its length (RFC 1035 section 3.3.14); one that is cut short is left out."""
    strings, at = [], 0
    while at < len(octets):
        end = at + 1 + octets[at]
        if octets[at] and end <= len(octets):
            strings.append(octets[at + 1 : end])
        at = end
    return tuple(strings)


def _read_name(data: bytes, at: int) -> tuple[Name, int]:
    """The labels, and where reading goes on: behind the first pointer, if there is one (RFC 1035 section 4.1.4)."""
    labels: list[bytes] = []
    after, length, jumps = 0, 0, 0
    while (size := _number(data, at, 1)) != 0:
        if size & _POINTER == _POINTER:
            target = _number(data, at, 2) & 0x3FFF
            jumps += 1
            if target >= at or jumps > _MAX_JUMPS:
                raise DnsError("a name that points forwards, or too often")
            after, at = after or at + 2, target
            continue
        if size > _MAX_LABEL_OCTETS or at + 1 + size > len(data):
            raise DnsError("a label that is too long")
        length += 1 + size
        if length > _MAX_NAME_OCTETS:
            raise DnsError("a name that is too long")
        labels.append(data[at + 1 : at + 1 + size])
        at += 1 + size
    return tuple(labels), after or at + 1


def _number(data: bytes, at: int, octets: int) -> int:
    if at + octets > len(data):
        raise DnsError("cut short")
    return int.from_bytes(data[at : at + octets])


def _write_name(labels: Name) -> bytes:
    if sum(len(label) + 1 for label in labels) >= _MAX_NAME_OCTETS:
        raise DnsError("a name that is too long")
    if not all(0 < len(label) <= _MAX_LABEL_OCTETS for label in labels):
        raise DnsError("a label that is empty or too long")
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _write_data(record: Record) -> bytes:
    held = record.data
    if isinstance(held, ipaddress.IPv4Address | ipaddress.IPv6Address):
        return held.packed
    if isinstance(held, Service):
        return bytes(4) + held.port.to_bytes(2) + _write_name(held.host)
    if isinstance(held, bytes):
        return held
    if record.type_number == RecordType.PTR:
        return _write_name(held)
    return b"".join(bytes((len(string),)) + string for string in held) or b"\0"
