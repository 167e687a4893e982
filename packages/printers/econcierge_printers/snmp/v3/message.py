"""SNMPv3 messages to bytes and back (RFC 3412 section 6, RFC 3414 section 2.4); no keys, no sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from econcierge_printers.snmp.ber import CodecError, read_header, read_signed, write_element, write_integer
from econcierge_printers.snmp.codec import MAX_MESSAGE_OCTETS, Pdu, read_pdu, write_pdu
from econcierge_printers.snmp.values import Tag

VERSION = 3
AUTH_FLAG, PRIV_FLAG, REPORTABLE_FLAG = 0x01, 0x02, 0x04
_SEQUENCE = 0x30
_USM = 3  # msgSecurityModel
_MAX_INT31 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Moment:
    """An engine's boots and time in seconds, which ciphers mix in."""

    boots: int
    time_s: int


class Privacy(Protocol):
    """One user's cipher on one engine. `salt` is the privacy parameter that a message carries."""

    def encrypt(self, plain: bytes, *, moment: Moment, count: int) -> tuple[bytes, bytes]:
        """(ciphertext, salt); `count` differs from message to message."""

    def decrypt(self, secret: bytes, *, moment: Moment, salt: bytes) -> bytes:
        """Raises `Untrusted`; a wrong key gives octets that are no PDU."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in clear: the ids, the sender's idea of the authoritative engine and its time, the user."""

    message_id: int
    flags: int
    engine_id: bytes = b""
    boots: int = 0
    time_s: int = 0
    user: bytes = b""
    auth_parameter: bytes = b""
    salt: bytes = b""

    @property
    def moment(self) -> Moment:
        return Moment(self.boots, self.time_s)


@dataclass(frozen=True, slots=True)
class Message:
    """`scoped` is the scoped PDU's element, or its ciphertext when the header's privacy flag is set."""

    header: Header
    scoped: bytes
    octets: bytes  # the message without what a device padded it with
    auth_at: int  # where the authentication parameter begins in `octets`


@dataclass(frozen=True, slots=True)
class ScopedPdu:
    engine_id: bytes
    context: bytes
    pdu: Pdu


def encode(header: Header, scoped: bytes) -> tuple[bytes, int]:
    """The message, and where its authentication parameter begins."""
    salt = write_element(Tag.OCTET_STRING, header.salt)
    body = write_element(Tag.OCTET_STRING, scoped) if header.flags & PRIV_FLAG else scoped
    security = write_element(
        _SEQUENCE,
        write_element(Tag.OCTET_STRING, header.engine_id)
        + _integer(header.boots)
        + _integer(header.time_s)
        + write_element(Tag.OCTET_STRING, header.user)
        + write_element(Tag.OCTET_STRING, header.auth_parameter)
        + salt,
    )
    general = _integer(header.message_id) + _integer(MAX_MESSAGE_OCTETS)
    general += write_element(Tag.OCTET_STRING, bytes((header.flags,))) + _integer(_USM)
    content = _integer(VERSION) + write_element(_SEQUENCE, general)
    whole = write_element(_SEQUENCE, content + write_element(Tag.OCTET_STRING, security) + body)
    return whole, len(whole) - len(body) - len(salt) - len(header.auth_parameter)


def decode(data: bytes) -> Message:
    """One message; what follows it in the datagram is ignored. Raises `CodecError`."""
    if len(data) > MAX_MESSAGE_OCTETS:
        raise CodecError("longer than a datagram can be")
    start, end = _enter(data, 0, len(data), _SEQUENCE)
    version, at = _number(data, start, end)
    if version != VERSION:
        raise CodecError(f"version field {version} is not SNMPv3")
    general, general_end = _enter(data, at, end, _SEQUENCE)
    message_id, flags = _general(data, general, general_end)
    at, security_end = _enter(data, general_end, end, Tag.OCTET_STRING)
    header, auth_at = _security(data, at, security_end, message_id, flags)
    if flags & PRIV_FLAG:
        scoped_at, scoped_end = _enter(data, security_end, end, Tag.OCTET_STRING)
    else:
        scoped_at, scoped_end = security_end, _enter(data, security_end, end, _SEQUENCE)[1]
    return Message(header, data[scoped_at:scoped_end], data[:end], auth_at)


def write_scoped(scoped: ScopedPdu) -> bytes:
    content = write_element(Tag.OCTET_STRING, scoped.engine_id) + write_element(Tag.OCTET_STRING, scoped.context)
    return write_element(_SEQUENCE, content + write_pdu(scoped.pdu))


def read_scoped(data: bytes) -> ScopedPdu:
    """What follows it is the padding of a cipher."""
    at, end = _enter(data, 0, len(data), _SEQUENCE)
    engine_id, at = _octets(data, at, end)
    context, at = _octets(data, at, end)
    return ScopedPdu(engine_id, context, read_pdu(data, at, end))


def _general(data: bytes, at: int, end: int) -> tuple[int, int]:
    message_id, at = _number(data, at, end)
    _, at = _number(data, at, end)
    flags, at = _octets(data, at, end)
    model, _ = _number(data, at, end)
    if len(flags) != 1 or model != _USM:
        raise CodecError("an SNMPv3 message that is not of the user-based security model")
    return message_id, flags[0]


def _security(data: bytes, at: int, end: int, message_id: int, flags: int) -> tuple[Header, int]:
    at, end = _enter(data, at, end, _SEQUENCE)
    engine_id, at = _octets(data, at, end)
    boots, at = _number(data, at, end)
    time_s, at = _number(data, at, end)
    user, at = _octets(data, at, end)
    auth_at = _enter(data, at, end, Tag.OCTET_STRING)[0]
    auth_parameter, at = _octets(data, at, end)
    salt, _ = _octets(data, at, end)
    if not (0 <= boots <= _MAX_INT31 and 0 <= time_s <= _MAX_INT31):
        raise CodecError("an engine's boots or time out of bounds")
    return Header(message_id, flags, engine_id, boots, time_s, user, auth_parameter, salt), auth_at


def _integer(number: int) -> bytes:
    return write_element(Tag.INTEGER, write_integer(number))


def _number(data: bytes, at: int, end: int) -> tuple[int, int]:
    start, stop = _enter(data, at, end, Tag.INTEGER)
    return read_signed(data[start:stop]), stop


def _octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    start, stop = _enter(data, at, end, Tag.OCTET_STRING)
    return data[start:stop], stop


def _enter(data: bytes, at: int, end: int, wanted: int) -> tuple[int, int]:
    tag, start, stop = read_header(data, at, end)
    if tag != wanted:
        raise CodecError(f"type 0x{tag:02x} where 0x{wanted:02x} should be")
    return start, stop
