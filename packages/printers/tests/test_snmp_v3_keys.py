"""Keys of SNMPv3 against the RFCs' own examples, and messages there and back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge_printers.snmp import values
from econcierge_printers.snmp.codec import CodecError, Pdu, PduKind
from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User
from econcierge_printers.snmp.v3 import auth, message, privacy
from econcierge_printers.snmp.v3.message import Header, Moment, ScopedPdu

ENGINE = bytes.fromhex("000000000000000000000002")
PASSWORD = b"maplesyrup"
PDU = Pdu(PduKind.GET, 7, varbinds=(((1, 3, 6, 1, 2, 1, 1, 1, 0), values.NULL),))


@pytest.mark.parametrize(
    ("protocol", "master", "localized"),
    [
        (AuthProtocol.MD5, "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b"),
        (
            AuthProtocol.SHA,
            "9fb5cc0381497b3793528939ff788d5d79145211",
            "6695febc9288e36282235fc7151f128497b38f3f",
        ),
    ],
)
def test_keys_are_those_of_rfc_3414_appendix_a_3(protocol: AuthProtocol, master: str, localized: str) -> None:
    assert auth.master_key(protocol, PASSWORD).hex() == master
    assert auth.localized_key(protocol, PASSWORD, ENGINE).hex() == localized


def test_reeders_key_is_that_of_its_draft() -> None:
    key = auth.localized_key(AuthProtocol.SHA, PASSWORD, ENGINE)
    extended = auth.extended_reeder(AuthProtocol.SHA, key, ENGINE, 40)
    assert extended.hex() == "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9cd2d5065547743fb5"


def test_blumenthal_and_reeder_differ_only_where_a_key_is_too_short() -> None:
    for protocol in AuthProtocol:
        key = auth.localized_key(protocol, PASSWORD, ENGINE)
        blumenthal = auth.extended_blumenthal(protocol, key, 32)
        reeder = auth.extended_reeder(protocol, key, ENGINE, 32)
        assert len(blumenthal) == len(reeder) == 32
        assert (blumenthal == reeder) == (len(key) >= 32)


@pytest.mark.parametrize("protocol", PrivProtocol)
def test_what_is_encrypted_is_decrypted(protocol: PrivProtocol) -> None:
    cipher = privacy.of(protocol, AuthProtocol.SHA, PASSWORD, ENGINE)
    plain = message.write_scoped(ScopedPdu(ENGINE, b"Jetdirect", PDU))
    moment = Moment(boots=3, time_s=2**31 - 1)
    secret, salt = cipher.encrypt(plain, moment=moment, count=2**62 + 1)
    assert plain not in secret
    decrypted = cipher.decrypt(secret, moment=moment, salt=salt)
    assert message.read_scoped(decrypted) == ScopedPdu(ENGINE, b"Jetdirect", PDU)
    assert cipher.encrypt(plain, moment=moment, count=2**62 + 2) != (secret, salt)


@pytest.mark.parametrize("flags", [0, message.AUTH_FLAG, message.AUTH_FLAG | message.PRIV_FLAG])
def test_a_message_is_read_as_it_was_written(flags: int) -> None:
    header = Header(2**31 - 1, flags, ENGINE, 5, 77, b"reader", b"\0" * 12, b"12345678")
    scoped = message.write_scoped(ScopedPdu(ENGINE, b"", PDU))
    octets, auth_at = message.encode(header, scoped)
    read = message.decode(octets + b"padding")
    assert (read.header, read.scoped, read.octets, read.auth_at) == (header, scoped, octets, auth_at)
    assert octets[auth_at : auth_at + 12] == header.auth_parameter


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_one_error(data: bytes) -> None:
    with suppress(CodecError):
        assert message.decode(data).octets == data[: len(message.decode(data).octets)]


@given(st.data())
def test_a_damaged_message_is_a_message_or_one_error(data: st.DataObject) -> None:
    scoped = message.write_scoped(ScopedPdu(ENGINE, b"", PDU))
    octets = bytearray(message.encode(Header(1, 0, ENGINE, 5, 77, b"reader", b"", b""), scoped)[0])
    for at in data.draw(st.lists(st.integers(0, len(octets) - 1), min_size=1, max_size=4)):
        octets[at] = data.draw(st.integers(0, 255))
    with suppress(CodecError):
        assert message.read_scoped(message.decode(bytes(octets)).scoped).pdu.kind in PduKind


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 33}, "name"),
        ({"name": "u", "auth_protocol": AuthProtocol.SHA, "auth_password": "short"}, "authentication password"),
        ({"name": "u", "auth_password": "long enough"}, "needs its protocol"),
        ({"name": "u", "priv_protocol": PrivProtocol.AES, "priv_password": "long enough"}, "no privacy without"),
    ],
)
def test_a_user_that_cannot_be_is_refused_in_words(options: dict[str, str], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        User(**options)  # type: ignore[arg-type]


def test_passwords_are_not_shown() -> None:
    user = User("reader", AuthProtocol.SHA, "authpass12", PrivProtocol.AES, "privpass12")
    assert "pass12" not in repr(user)
