"""One device as an SNMPv3 user sees it: finds its engine, follows its clock, signs, encrypts, checks what comes back.

After RFC 3414 sections 3 and 4. The message id is the request's id, so a message says which question it answers.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from econcierge_printers.snmp.codec import CodecError, Pdu, PduKind
from econcierge_printers.snmp.credentials import User
from econcierge_printers.snmp.security import Refused, Untrusted, Verdict
from econcierge_printers.snmp.v3 import auth, message
from econcierge_printers.snmp.v3.message import AUTH_FLAG, PRIV_FLAG, REPORTABLE_FLAG, Header, ScopedPdu
from econcierge_printers.snmp.values import Oid

TIME_WINDOW_S = 150  # RFC 3414 section 2.2.3
_USM_STATS: Oid = (1, 3, 6, 1, 6, 3, 15, 1, 1)
_NOT_IN_TIME_WINDOWS: Oid = (*_USM_STATS, 2)
_UNKNOWN_ENGINE_IDS: Oid = (*_USM_STATS, 4)
_REASONS: dict[Oid, str] = {
    (*_USM_STATS, 1): "it does not allow this user at this security level (usmStatsUnsupportedSecLevels)",
    (*_USM_STATS, 3): "it does not know this user (usmStatsUnknownUserNames)",
    (*_USM_STATS, 5): "the authentication password or protocol is wrong (usmStatsWrongDigests)",
    (*_USM_STATS, 6): "the privacy password or protocol is wrong (usmStatsDecryptionErrors)",
    (1, 3, 6, 1, 6, 3, 11, 2, 1, 1): "it does not know the user-based security model (snmpUnknownSecurityModels)",
    (1, 3, 6, 1, 6, 3, 11, 2, 1, 2): "it takes our message for invalid (snmpInvalidMsgs)",
    (1, 3, 6, 1, 6, 3, 12, 1, 4): "the context is not available (snmpUnavailableContexts)",
    (1, 3, 6, 1, 6, 3, 12, 1, 5): "it does not know this context; HP wants Jetdirect (snmpUnknownContexts)",
}


class MissingCryptography(Exception):
    """A user with a privacy protocol, on a machine without the package for it."""

    def __init__(self) -> None:
        super().__init__("SNMPv3 privacy needs the package «cryptography»: pip install 'econcierge-printers[v3]'")


@dataclass(slots=True)
class Engine:
    """What is known of a device's engine; worth keeping between sessions, as it saves a packet."""

    id: bytes = b""
    boots: int = 0
    time_s: int = 0
    at_s: float = 0.0  # on our own clock, when it said so

    def time_at(self, now_s: float) -> int:
        return min(self.time_s + int(now_s - self.at_s), 2**31 - 1)


class UserSecurity:
    """A `Security`. `monotonic_s` is any clock of seconds that never goes back."""

    def __init__(
        self, user: User, *, engine: Engine | None = None, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._user = user
        self._engine = Engine() if engine is None else engine
        self._now_s = monotonic_s
        self._count = secrets.randbits(62)
        self._cipher_of = _cipher_maker(user)

    @property
    def protocol(self) -> str:
        return "snmp-3"

    @property
    def bulk(self) -> bool:
        return True

    @property
    def silence(self) -> str:
        """Agents drop what they cannot decrypt, and what is for a context that they lack, without a word (P21)."""
        if not self._engine.id:
            return "no answer"
        return "no answer to this user, though it speaks SNMPv3: is the privacy password or the context wrong?"

    def fall_back(self) -> bool:
        return False

    def wrap(self, pdu: Pdu) -> bytes:
        """Until the engine is known, the question that makes it introduce itself (RFC 3414 section 4)."""
        if not self._engine.id:
            introduce = ScopedPdu(b"", b"", Pdu(PduKind.GET, pdu.request_id))
            return message.encode(Header(pdu.request_id, REPORTABLE_FLAG), message.write_scoped(introduce))[0]
        scoped = message.write_scoped(ScopedPdu(self._engine.id, self._user.context.encode(), pdu))
        header = Header(
            pdu.request_id,
            self._flags | REPORTABLE_FLAG,
            self._engine.id,
            self._engine.boots,
            self._engine.time_at(self._now_s()),
            self._user.name.encode(),
        )
        return self._sign(*self._encrypt(header, scoped))

    def unwrap(self, data: bytes, *, request_id: int) -> Pdu | Verdict:
        received = message.decode(data)
        header = received.header
        if header.message_id != request_id:
            return Verdict.NOT_OURS
        is_signed = self._check_signature(received)
        plain = self._decrypt(received) if header.flags & PRIV_FLAG else received.scoped
        pdu = _read_scoped(plain, is_secret=bool(header.flags & PRIV_FLAG)).pdu
        if pdu.kind is PduKind.REPORT:
            return self._learn_from(pdu, header)
        if header.engine_id != self._engine.id or header.flags & self._flags != self._flags:
            raise Untrusted("its answer is not secured as the question was")
        if is_signed:
            self._follow_clock(header)
        return pdu

    @property
    def _flags(self) -> int:
        user = self._user
        return (AUTH_FLAG if user.auth_protocol else 0) | (PRIV_FLAG if user.priv_protocol else 0)

    def _learn_from(self, report: Pdu, header: Header) -> Verdict:
        """What the device wants of us: its engine's id or time are learnt, everything else is its refusal."""
        counter = report.varbinds[0][0][:-1] if report.varbinds else ()
        if counter in (_UNKNOWN_ENGINE_IDS, _NOT_IN_TIME_WINDOWS) and header.engine_id:
            self._engine.id = header.engine_id
            self._set_clock(header)
            return Verdict.ASK_ANEW
        raise Refused(_REASONS.get(counter, "it refuses our SNMPv3 message without a reason that is known"))

    def _follow_clock(self, header: Header) -> None:
        """RFC 3414 section 3.2 step 7b. An older time is a replay, unless a signed report says so itself."""
        engine, now_s = self._engine, self._now_s()
        is_old = header.boots < engine.boots
        is_old |= header.boots == engine.boots and header.time_s < engine.time_at(now_s) - TIME_WINDOW_S
        if is_old:
            raise Untrusted("its answer is older than its clock allows (RFC 3414 time window)")
        self._set_clock(header)

    def _set_clock(self, header: Header) -> None:
        self._engine.boots, self._engine.time_s, self._engine.at_s = header.boots, header.time_s, self._now_s()

    def _encrypt(self, header: Header, scoped: bytes) -> tuple[Header, bytes]:
        if self._cipher_of is None:
            return header, scoped
        self._count = (self._count + 1) & 0xFFFFFFFFFFFFFFFF
        cipher = self._cipher_of(self._engine.id)
        secret, salt = cipher.encrypt(scoped, moment=header.moment, count=self._count)
        return replace(header, salt=salt), secret

    def _decrypt(self, received: message.Message) -> bytes:
        if self._cipher_of is None:
            raise Untrusted("its answer is encrypted, the question was not")
        header = received.header
        return self._cipher_of(self._engine.id).decrypt(received.scoped, moment=header.moment, salt=header.salt)

    def _sign(self, header: Header, scoped: bytes) -> bytes:
        protocol = self._user.auth_protocol
        if protocol is None:
            return message.encode(header, scoped)[0]
        octets = auth.DIGESTS[protocol].octets
        unsigned, at = message.encode(replace(header, auth_parameter=bytes(octets)), scoped)
        parameter = auth.sign(protocol, self._auth_key(), unsigned)
        return unsigned[:at] + parameter + unsigned[at + octets :]

    def _check_signature(self, received: message.Message) -> bool:
        """Whether it is signed; raises when the signature is wrong."""
        protocol, header = self._user.auth_protocol, received.header
        if protocol is None or not header.flags & AUTH_FLAG:
            return False
        octets, at = len(header.auth_parameter), received.auth_at
        unsigned = received.octets[:at] + bytes(octets) + received.octets[at + octets :]
        if header.engine_id != self._engine.id or not hmac.compare_digest(
            header.auth_parameter, auth.sign(protocol, self._auth_key(), unsigned)
        ):
            raise Untrusted("its answer is not signed with this user's authentication password")
        return True

    def _auth_key(self) -> bytes:
        user = self._user
        assert user.auth_protocol is not None
        return auth.localized_key(user.auth_protocol, user.auth_password.encode(), self._engine.id)


def _cipher_maker(user: User) -> Callable[[bytes], message.Privacy] | None:
    """From an engine's id to the user's cipher there; None without privacy. Raises `MissingCryptography`."""
    if user.priv_protocol is None or user.auth_protocol is None:
        return None
    try:
        from econcierge_printers.snmp.v3 import privacy
    except ImportError as error:
        raise MissingCryptography from error
    return partial(privacy.of, user.priv_protocol, user.auth_protocol, user.priv_password.encode())


def _read_scoped(plain: bytes, *, is_secret: bool) -> ScopedPdu:
    try:
        return message.read_scoped(plain)
    except CodecError as error:
        if is_secret:
            raise Untrusted("its answer cannot be decrypted: the privacy password or protocol is wrong") from error
        raise
