"""IPP messages to bytes and back (RFC 8010); no sockets, no state.

Any bytes give a `Message` or one `CodecError`. What is framed rightly but holds what its tag does not allow is kept
as octets, so that one bad attribute does not hide the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp.values import (
    OUT_OF_BAND_TAGS,
    TEXT_TAGS,
    Attributes,
    Collection,
    Group,
    IntegerRange,
    LanguageText,
    Resolution,
    Tag,
    Value,
)

MAX_MESSAGE_OCTETS = 4 * 1024 * 1024
GET_PRINTER_ATTRIBUTES = 0x000B
_MAX_DEPTH = 8  # collections within collections; media-col-database has three
_MAX_GROUPS = 1_000
_FIRST_VALUE_TAG = 0x10


class CodecError(PrinterError):
    """Bytes that are not IPP, or values that IPP cannot carry."""

    def __init__(self, reason: str) -> None:
        super().__init__("message", "IPP", reason, permanent=True)


@dataclass(frozen=True, slots=True)
class Message:
    """`code` is the operation of a request, the status of a response."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: tuple[tuple[int, Attributes], ...] = ()

    def attributes(self, group: Group) -> Attributes:
        """Those of all groups of that kind; of a repeated name the first counts."""
        found: dict[str, tuple[Value, ...]] = {}
        for kind, attributes in self.groups:
            if kind == group:
                for name, values in attributes.items():
                    found.setdefault(name, values)
        return found


def get_printer_attributes(
    *, uri: str, wanted: Sequence[str], request_id: int, version: tuple[int, int] = (1, 1), language: str = "en"
) -> bytes:
    """A Get-Printer-Attributes request (RFC 8011 section 4.2.5), the operation attributes in the order it wants."""
    operation = {
        "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
        "attributes-natural-language": (Value(Tag.NATURAL_LANGUAGE, language),),
        "printer-uri": (Value(Tag.URI, uri),),
        "requested-attributes": tuple(Value(Tag.KEYWORD, name) for name in wanted),
    }
    return encode(Message(version, GET_PRINTER_ATTRIBUTES, request_id, ((Group.OPERATION, operation),)))


def encode(message: Message) -> bytes:
    """Raises `CodecError` for what IPP cannot carry."""
    major, minor = message.version
    parts = [_octet(major), _octet(minor), _unsigned(message.code, 2), _unsigned(message.request_id, 4)]
    for group, attributes in message.groups:
        parts.append(_octet(group))
        for name, values in attributes.items():
            parts += _attribute(name, values)
    return b"".join(parts) + bytes((Group.END,))


def decode(data: bytes) -> Message:
    """One message. A missing end tag is forgiven where an attribute ends; what follows it (job data) is ignored."""
    if len(data) > MAX_MESSAGE_OCTETS:
        raise CodecError(f"longer than {MAX_MESSAGE_OCTETS} octets")
    if len(data) < 8:
        raise CodecError("cut short before its header ends")
    reader = _Reader(data, 8)
    groups: list[tuple[int, Attributes]] = []
    while (delimiter := reader.delimiter()) is not None:
        if len(groups) == _MAX_GROUPS:
            raise CodecError(f"more than {_MAX_GROUPS} groups of attributes")
        groups.append((delimiter, reader.attributes()))
    code, request_id = int.from_bytes(data[2:4]), int.from_bytes(data[4:8])
    return Message((data[0], data[1]), code, request_id, tuple(groups))


class _Reader:
    """Where in the bytes we are; every step forward is checked."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def delimiter(self) -> int | None:
        """The group that begins here; None at the end."""
        if self._at >= len(self._data) or self._data[self._at] == Group.END:
            return None
        tag = self._data[self._at]
        if tag >= _FIRST_VALUE_TAG:
            raise CodecError(f"value tag 0x{tag:02x} where a group should begin")
        self._at += 1
        return tag

    def attributes(self) -> Attributes:
        """Up to the next delimiter. Without a name a value belongs to the attribute before it (1setOf)."""
        found: dict[str, list[Value]] = {}
        current: list[Value] | None = None
        while self._at < len(self._data) and self._data[self._at] >= _FIRST_VALUE_TAG:
            tag, name, content = self._element()
            if name:
                current = [] if name in found else found.setdefault(name, [])
            elif current is None:
                raise CodecError("a further value before any attribute")
            current.append(self._value(tag, content, depth=0))
        return {name: tuple(values) for name, values in found.items()}

    def _element(self) -> tuple[int, str, bytes]:
        """Tag, name and content (RFC 8010 section 3.1.4)."""
        tag = self._data[self._at]
        self._at += 1
        name = self._counted()
        return tag, name.decode("latin-1"), self._counted()

    def _counted(self) -> bytes:
        start = self._at + 2
        end = start + int.from_bytes(self._data[self._at : start])
        if start > len(self._data) or end > len(self._data):
            raise CodecError("cut short within an attribute")
        self._at = end
        return self._data[start:end]

    def _value(self, tag: int, content: bytes, *, depth: int) -> Value:
        if tag == Tag.BEGIN_COLLECTION:
            return Value(tag, self._collection(depth + 1))
        return _read_value(tag, content)

    def _collection(self, depth: int) -> Collection:
        """Member names and values up to the end tag (RFC 8010 section 3.1.6)."""
        if depth > _MAX_DEPTH:
            raise CodecError(f"collections more than {_MAX_DEPTH} deep")
        members: dict[str, list[Value]] = {}
        current: list[Value] | None = None
        while True:
            if self._at >= len(self._data) or self._data[self._at] < _FIRST_VALUE_TAG:
                raise CodecError("a collection without an end")
            tag, _, content = self._element()
            if tag == Tag.END_COLLECTION:
                return Collection({name: tuple(values) for name, values in members.items()})
            if tag == Tag.MEMBER_NAME:
                current = members.setdefault(content.decode("latin-1"), [])
            elif current is None:
                raise CodecError("a member value before any member name")
            else:
                current.append(self._value(tag, content, depth=depth))


def _read_value(tag: int, content: bytes) -> Value:
    if tag in OUT_OF_BAND_TAGS:
        return Value(tag, None)
    if tag in TEXT_TAGS:
        return Value(tag, _characters(content))
    read = _READ.get(tag)
    if read is None:
        return Value(tag, content)
    try:
        return read(tag, content)
    except ValueError:
        return Value(tag, content)


def _characters(octets: bytes) -> str:
    """UTF-8, as the request asks for (attributes-charset); Latin-1 where a printer disregards that."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _read_integer(tag: int, content: bytes) -> Value:
    (number,) = _int32s(content, 1)
    return Value(tag, number)


def _read_boolean(tag: int, content: bytes) -> Value:
    if content not in (b"\0", b"\1"):
        raise ValueError("not a boolean")
    return Value(tag, content == b"\1")


def _read_range(tag: int, content: bytes) -> Value:
    return Value(tag, IntegerRange(*_int32s(content, 2)))


def _read_resolution(tag: int, content: bytes) -> Value:
    if len(content) != 9:
        raise ValueError("not a resolution")
    across, feed = _int32s(content[:8], 2)
    return Value(tag, Resolution(across, feed, content[8]))


def _read_date_time(tag: int, content: bytes) -> Value:
    """DateAndTime (RFC 2579), eleven octets with the offset from UTC."""
    if len(content) != 11 or content[8:9] not in (b"+", b"-"):
        raise ValueError("not a moment")
    offset = timedelta(hours=content[9], minutes=content[10])
    zone = timezone(-offset if content[8:9] == b"-" else offset)
    month, day, hour, minute, second, tenths = content[2:8]
    year = int.from_bytes(content[:2])
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tenths * 100_000, tzinfo=zone)
        return Value(tag, local.astimezone(UTC))
    except OverflowError:
        raise ValueError("not a moment") from None


def _read_language_text(tag: int, content: bytes) -> Value:
    """Language and text, each behind its own length (RFC 8010 section 3.9)."""
    language_end = 2 + int.from_bytes(content[:2])
    text_start = language_end + 2
    if text_start + int.from_bytes(content[language_end:text_start]) != len(content):
        raise ValueError("not a text with its language")
    language = content[2:language_end].decode("latin-1").lower()
    return Value(tag, LanguageText(_characters(content[text_start:]), language))


def _int32s(content: bytes, count: int) -> list[int]:
    if len(content) != 4 * count:
        raise ValueError("not as many octets as numbers need")
    return [int.from_bytes(content[at : at + 4], signed=True) for at in range(0, len(content), 4)]


_READ: dict[int, Callable[[int, bytes], Value]] = {
    Tag.INTEGER: _read_integer,
    Tag.ENUM: _read_integer,
    Tag.BOOLEAN: _read_boolean,
    Tag.RANGE_OF_INTEGER: _read_range,
    Tag.RESOLUTION: _read_resolution,
    Tag.DATE_TIME: _read_date_time,
    Tag.TEXT_WITH_LANGUAGE: _read_language_text,
    Tag.NAME_WITH_LANGUAGE: _read_language_text,
}


def _attribute(name: str, values: Iterable[Value]) -> list[bytes]:
    parts: list[bytes] = []
    for value in values:
        parts += _element(value.tag, name.encode("latin-1", "replace"), _content(value))
        if isinstance(value.content, Collection):
            parts += _members(value.content)
        name = ""
    return parts


def _members(collection: Collection) -> list[bytes]:
    parts: list[bytes] = []
    for name, values in collection.members.items():
        parts += _element(Tag.MEMBER_NAME, b"", name.encode("latin-1", "replace"))
        parts += _attribute("", values)
    return parts + _element(Tag.END_COLLECTION, b"", b"")


def _element(tag: int, name: bytes, content: bytes) -> list[bytes]:
    return [_octet(tag), _unsigned(len(name), 2), name, _unsigned(len(content), 2), content]


def _content(value: Value) -> bytes:
    held = value.content
    if held is None or isinstance(held, Collection):
        return b""
    if isinstance(held, bytes):
        return held
    if isinstance(held, bool):
        return bytes((held,))
    if isinstance(held, str):
        return held.encode(errors="replace")
    if isinstance(held, LanguageText):
        return _counted(held.language.encode("latin-1", "replace")) + _counted(held.text.encode(errors="replace"))
    if isinstance(held, Resolution):
        return _int32(held.across_feed) + _int32(held.feed) + _octet(held.unit)
    if isinstance(held, IntegerRange):
        return _int32(held.lowest) + _int32(held.highest)
    if isinstance(held, datetime):
        return _date_time(held.astimezone(UTC))
    return _int32(held)


def _date_time(moment: datetime) -> bytes:
    fields = (moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond // 100_000)
    return _unsigned(moment.year, 2) + bytes(fields) + b"+\0\0"


def _counted(octets: bytes) -> bytes:
    return _unsigned(len(octets), 2) + octets


def _octet(number: int) -> bytes:
    return _unsigned(number, 1)


def _unsigned(number: int, octets: int) -> bytes:
    if not 0 <= number < 1 << (8 * octets):
        raise CodecError(f"{number} does not fit {octets} octets")
    return number.to_bytes(octets)


def _int32(number: int) -> bytes:
    if not -(2**31) <= number < 2**31:
        raise CodecError(f"{number} is more than 32 bits")
    return number.to_bytes(4, signed=True)
