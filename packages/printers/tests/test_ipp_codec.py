"""IPP messages to values and back, and what is not IPP: a value or one `CodecError` (G06)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import codec
from econcierge_printers.ipp.codec import CodecError, Message
from econcierge_printers.ipp.values import Collection, Group, IntegerRange, LanguageText, Resolution, Tag, Value

HEADER = b"\x02\x00\x00\x00\x00\x00\x00\x01"
_INT32 = st.integers(-(2**31), 2**31 - 1)
_TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
_NAME = st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True)
_MOMENT = st.datetimes(timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 100_000 * 100_000)
)
_PLAIN = st.one_of(
    _INT32.map(lambda number: Value(Tag.INTEGER, number)),
    _INT32.map(lambda number: Value(Tag.ENUM, number)),
    st.booleans().map(lambda held: Value(Tag.BOOLEAN, held)),
    st.binary(max_size=60).map(lambda octets: Value(Tag.OCTET_STRING, octets)),
    _TEXT.map(lambda text: Value(Tag.TEXT, text)),
    _TEXT.map(lambda text: Value(Tag.KEYWORD, text)),
    st.tuples(_TEXT, _NAME).map(lambda pair: Value(Tag.NAME_WITH_LANGUAGE, LanguageText(*pair))),
    st.tuples(_INT32, _INT32).map(lambda pair: Value(Tag.RANGE_OF_INTEGER, IntegerRange(*pair))),
    st.tuples(_INT32, _INT32, st.integers(0, 255)).map(lambda three: Value(Tag.RESOLUTION, Resolution(*three))),
    _MOMENT.map(lambda at: Value(Tag.DATE_TIME, at)),
    st.sampled_from([Tag.NO_VALUE, Tag.UNKNOWN, Tag.UNSUPPORTED]).map(lambda tag: Value(tag, None)),
)
_VALUE = st.recursive(
    _PLAIN,
    lambda inner: st.dictionaries(_NAME, st.lists(inner, min_size=1, max_size=3).map(tuple), max_size=3).map(
        lambda members: Value(Tag.BEGIN_COLLECTION, Collection(members))
    ),
    max_leaves=6,
)
_ATTRIBUTES = st.dictionaries(_NAME, st.lists(_VALUE, min_size=1, max_size=4).map(tuple), max_size=6)
_MESSAGES = st.builds(
    Message,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**32 - 1),
    st.lists(st.tuples(st.sampled_from([1, 2, 4, 5]), _ATTRIBUTES), max_size=4).map(tuple),
)


@given(_MESSAGES)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert codec.decode(codec.encode(message)) == message


def decoded(data: bytes) -> Message | PrinterError:
    try:
        return codec.decode(data)
    except PrinterError as error:
        return error


@given(st.binary(max_size=400))
def test_any_bytes_give_a_message_or_one_error(data: bytes) -> None:
    for outcome in (decoded(data), decoded(HEADER + data)):
        assert isinstance(outcome, Message) or outcome.permanent


@given(_MESSAGES, st.data())
def test_a_damaged_message_gives_a_message_or_one_error(message: Message, data: st.DataObject) -> None:
    octets = bytearray(codec.encode(message))
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    outcome = decoded(bytes(octets[: data.draw(st.integers(0, len(octets)))]))
    assert isinstance(outcome, Message) or outcome.reason


def test_a_request_is_what_rfc_8010_shows() -> None:
    request = codec.get_printer_attributes(uri="ipp://p/ipp", wanted=["printer-state"], request_id=7, version=(1, 1))
    assert request.startswith(b"\x01\x01\x00\x0b\x00\x00\x00\x07\x01\x47\x00\x12attributes-charset\x00\x05utf-8\x48")
    assert request.endswith(
        b"\x45\x00\x0bprinter-uri\x00\x0bipp://p/ipp\x44\x00\x14requested-attributes\x00\x0dprinter-state\x03"
    )


def test_a_moment_keeps_its_zone() -> None:
    content = bytes((7, 0xEA, 11, 23, 3, 5, 9, 2)) + b"-\x05\x1e"
    data = b"\x02\x00\x00\x00\x00\x00\x00\x01\x04\x31\x00\x01t\x00\x0b" + content + b"\x03"
    (value,) = codec.decode(data).attributes(Group.PRINTER)["t"]
    assert value.content == datetime(2026, 11, 23, 8, 35, 9, 200_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (Tag.INTEGER, b"\x01"),
        (Tag.BOOLEAN, b"\x02"),
        (Tag.RANGE_OF_INTEGER, b"\x00" * 4),
        (Tag.RESOLUTION, b"\x00" * 8),
        (Tag.DATE_TIME, bytes((0, 0, 13, 40, 0, 0, 0, 0)) + b"+\x00\x00"),
        (Tag.DATE_TIME, bytes((7, 0xEA, 1, 1, 0, 0, 0, 0)) + b"+\xff\x00"),
        (Tag.NAME_WITH_LANGUAGE, b"\x00\x02en\x00\x09short"),
        (0x4F, b"a later kind of text"),
    ],
)
def test_content_that_does_not_fit_its_tag_stays_octets(tag: int, content: bytes) -> None:
    message = Message((1, 1), 0, 1, ((Group.PRINTER, {"odd": (Value(tag, content),), "next": (Value(Tag.ENUM, 3),)}),))
    attributes = codec.decode(codec.encode(message)).attributes(Group.PRINTER)
    assert attributes == {"odd": (Value(tag, content),), "next": (Value(Tag.ENUM, 3),)}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "header"),
        (b"HTTP/1.1 200 OK\r\n", "value tag 0x20 where a group"),
        (HEADER + b"\x04\x44\x00", "cut short"),
        (HEADER + b"\x04\x44\x00\x01a\xff\xff", "cut short"),
        (HEADER + b"\x04\x44\x00\x00\x00\x01x\x03", "before any attribute"),
        (HEADER + b"\x04\x34\x00\x01c\x00\x00\x03", "without an end"),
        (HEADER + b"\x04\x34\x00\x01c\x00\x00\x21\x00\x00\x00\x04\x00\x00\x00\x01", "before any member name"),
        (HEADER + b"\x04\x34\x00\x01c\x00\x00" + b"\x4a\x00\x00\x00\x01m\x34\x00\x00\x00\x00" * 20, "deep"),
        (HEADER + b"\x04" * 2_000, "groups"),
        (HEADER + bytes(codec.MAX_MESSAGE_OCTETS), "longer than"),
    ],
)
def test_what_is_no_ipp_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CodecError, match=reason):
        codec.decode(data)


def test_a_message_without_an_end_tag_is_read() -> None:
    assert codec.decode(HEADER + b"\x04\x44\x00\x01a\x00\x01x").attributes(Group.PRINTER) == {
        "a": (Value(Tag.KEYWORD, "x"),)
    }


@pytest.mark.parametrize("value", [Value(Tag.INTEGER, 2**31), Value(Tag.TEXT, "x" * 70_000)])
def test_what_ipp_cannot_carry_is_refused(value: Value) -> None:
    with pytest.raises(CodecError):
        codec.encode(Message((1, 1), 0, 1, ((Group.PRINTER, {"a": (value,)}),)))
