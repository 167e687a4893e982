"""Any bytes give a message or one `CodecError`; what is written is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import ber, codec, values

PARTS = st.integers(0, 2**32 - 1)
OIDS = st.one_of(
    st.tuples(st.integers(0, 1), st.integers(0, 39), st.lists(PARTS, max_size=20)),
    st.tuples(st.just(2), PARTS, st.lists(PARTS, max_size=20)),
).map(lambda oid: (oid[0], oid[1], *oid[2]))
UNSIGNED = st.sampled_from(sorted(values.UNSIGNED_TAGS))
OCTETS = st.sampled_from(sorted(values.OCTET_TAGS))
EMPTY = st.sampled_from(sorted(values.EMPTY_TAGS))
VALUES = st.one_of(
    st.builds(values.integer, st.integers(-(2**63), 2**63 - 1)),
    st.builds(values.Value, UNSIGNED, st.integers(0, 2**64 - 1)),
    st.builds(values.Value, OCTETS, st.binary(max_size=300)),
    st.builds(values.Value, EMPTY, st.none()),
    st.builds(values.object_identifier, OIDS),
)
INT32 = st.integers(-(2**31), 2**31 - 1)
PDUS = st.builds(
    codec.Pdu,
    kind=st.sampled_from(codec.PduKind),
    request_id=INT32,
    error_status=INT32,
    error_index=INT32,
    varbinds=st.lists(st.tuples(OIDS, VALUES), max_size=8).map(tuple),
)
MESSAGES = st.builds(codec.Message, version=st.sampled_from(codec.Version), community=st.binary(max_size=200), pdu=PDUS)


def decoded(data: bytes) -> codec.Message | None:
    """The message, or None when the codec refused it; any other exception fails the test."""
    try:
        return codec.decode(data)
    except PrinterError:
        return None


@given(MESSAGES)
def test_what_is_written_is_read_back(message: codec.Message) -> None:
    assert codec.decode(codec.encode(message)) == message


@given(st.binary(max_size=400))
def test_any_bytes_give_a_message_or_a_codec_error(data: bytes) -> None:
    message = decoded(data)
    assert message is None or codec.decode(codec.encode(message)) == message


@given(MESSAGES, st.data())
def test_a_damaged_message_gives_a_message_or_a_codec_error(message: codec.Message, data: st.DataObject) -> None:
    octets = bytearray(codec.encode(message))
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    read = decoded(bytes(octets))
    assert read is None or codec.decode(codec.encode(read)) == read


@given(MESSAGES, st.data())
def test_lengths_that_lie_give_a_message_or_an_error(message: codec.Message, data: st.DataObject) -> None:
    """Several octets at once become lengths, tags or 0xff, which single changes seldom reach."""
    octets = bytearray(codec.encode(message))
    for at in data.draw(st.lists(st.integers(0, len(octets) - 1), min_size=1, max_size=6)):
        octets[at] = data.draw(st.sampled_from([0, 1, 2, 6, 0x30, 0x7F, 0x80, 0x81, 0x84, 0xFF]))
    cut = data.draw(st.integers(0, 3))
    read = decoded(bytes(octets[: len(octets) - cut]))
    assert read is None or codec.decode(codec.encode(read)) == read


def test_a_varbind_that_reaches_past_the_message_is_refused() -> None:
    oid = (1, 3, 6, 1, 2, 1, 1, 1, 0)
    good = codec.encode(
        codec.Message(
            codec.Version.V2C, b"public", codec.Pdu(codec.PduKind.RESPONSE, 7, varbinds=((oid, values.integer(5)),))
        )
    )
    varbind_length_at = good.index(b"\x06\x08\x2b") - 1
    for length in range(good[varbind_length_at] + 1, 0x80):
        with pytest.raises(codec.CodecError):
            codec.decode(good[:varbind_length_at] + bytes([length]) + good[varbind_length_at + 1 :])


@given(MESSAGES, st.data())
def test_a_truncated_message_is_refused(message: codec.Message, data: st.DataObject) -> None:
    octets = codec.encode(message)
    with pytest.raises(codec.CodecError):
        codec.decode(octets[: data.draw(st.integers(0, len(octets) - 1))])


def test_a_known_request_byte_for_byte() -> None:
    """GET sysDescr.0, as in every packet capture of `snmpget -v1 -c public`."""
    message = codec.request(
        version=codec.Version.V1,
        community=b"public",
        kind=codec.PduKind.GET,
        request_id=1,
        oids=[(1, 3, 6, 1, 2, 1, 1, 1, 0)],
    )
    expected = "302602010004067075626c6963a019020101020100020100300e300c06082b060102010101000500"
    assert codec.encode(message).hex() == expected


@pytest.mark.parametrize(
    ("number", "content"),
    [(0, "00"), (127, "7f"), (128, "0080"), (-1, "ff"), (-128, "80"), (-129, "ff7f"), (2**31, "0080000000")],
)
def test_integers_take_the_fewest_octets(number: int, content: str) -> None:
    assert ber.write_integer(number).hex() == content


def test_lengths_longer_than_needed_are_understood() -> None:
    plain = codec.encode(codec.Message(codec.Version.V2C, b"public", codec.Pdu(codec.PduKind.RESPONSE, 7)))
    padded = b"\x30\x83\x00\x00" + plain[1:2] + plain[2:]
    assert codec.decode(padded) == codec.decode(plain)


def test_padding_after_a_message_is_ignored() -> None:
    plain = codec.encode(codec.Message(codec.Version.V2C, b"public", codec.Pdu(codec.PduKind.RESPONSE, 7)))
    assert codec.decode(plain + b"\x00\x00") == codec.decode(plain)


def test_a_counter_without_its_leading_zero_is_positive() -> None:
    assert ber.read_unsigned(b"\xff\xff\xff\xff") == 2**32 - 1


def test_an_empty_object_identifier_is_zero_dot_zero() -> None:
    assert ber.read_oid(b"") == (0, 0)


@pytest.mark.parametrize(
    "value",
    [
        values.integer(2**63),
        values.counter32(-1),
        values.Value(values.Tag.NULL, 1),
        values.object_identifier((1,)),
    ],
)
def test_what_snmp_cannot_carry_is_refused(value: values.Value) -> None:
    pdu = codec.Pdu(codec.PduKind.RESPONSE, 1, varbinds=(((1, 3), value),))
    with pytest.raises(codec.CodecError):
        codec.encode(codec.Message(codec.Version.V2C, b"", pdu))


def test_named_error_statuses_are_written_like_numbers() -> None:
    pdu = codec.Pdu(codec.PduKind.RESPONSE, 1, codec.ErrorStatus.NO_SUCH_NAME, 1)
    message = codec.Message(codec.Version.V1, b"public", pdu)
    assert codec.decode(codec.encode(message)) == message


@pytest.mark.parametrize("text", ["", "1..3", "1.x", "1.3.-1", "1.３"])
def test_texts_that_are_no_object_identifier(text: str) -> None:
    with pytest.raises(ValueError, match="not an object identifier"):
        values.parse_oid(text)
