"""How a PDU is wrapped for a device and unwrapped again: here the community of SNMPv1 and v2c.

The client knows only `Security`; SNMPv3's is `snmp.v3.usm.UserSecurity`, loaded when there is a user.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from econcierge_printers.snmp import codec
from econcierge_printers.snmp.codec import CodecError, Message, Pdu, Version


class Verdict(Enum):
    """What a datagram means that is no answer."""

    ASK_ANEW = "ask anew"  # the device taught us how to ask; the same question goes out again at once
    NOT_OURS = "not ours"  # late, repeated, or of somebody else: go on waiting


class Untrusted(CodecError):
    """SNMP, but not provably of this device; waiting goes on, and the reason is told when nothing better comes."""


class Refused(CodecError):
    """The device says that it will not answer us as we ask; asking again will not help."""


class Security(Protocol):
    """One device's; it may learn from what the device answers."""

    @property
    def protocol(self) -> str:
        """`snmp-1`, `snmp-2c` or `snmp-3`, as spoken now."""

    @property
    def bulk(self) -> bool:
        """Whether the device understands GETBULK and per-value exceptions, as it speaks now."""

    @property
    def silence(self) -> str:
        """What it means, for a person, that nothing comes back now."""

    def wrap(self, pdu: Pdu) -> bytes: ...

    def unwrap(self, data: bytes, *, request_id: int) -> Pdu | Verdict:
        """The answer to the question of that id. Raises `CodecError`, `Untrusted`, `Refused`."""

    def fall_back(self) -> bool:
        """Speak an older version to a device that has never answered; False when there is none."""


class Community:
    """SNMPv2c that falls back to v1 when the device only knows that, or v1 alone."""

    def __init__(self, community: str, *, version: Version = Version.V2C, may_fall_back: bool = True) -> None:
        self._community = community.encode()
        self._may_fall_back = may_fall_back
        self.version = version

    @property
    def protocol(self) -> str:
        return "snmp-1" if self.version is Version.V1 else "snmp-2c"

    @property
    def bulk(self) -> bool:
        return self.version is not Version.V1

    @property
    def silence(self) -> str:
        return "no answer"

    def wrap(self, pdu: Pdu) -> bytes:
        return codec.encode(Message(self.version, self._community, pdu))

    def unwrap(self, data: bytes, *, request_id: int) -> Pdu | Verdict:
        message = codec.decode(data)
        is_v1 = message.version is Version.V1 and message.pdu.request_id == request_id
        if is_v1 and self.fall_back():
            return Verdict.ASK_ANEW  # a v1 answer to a v2c question may lack what was asked for
        return message.pdu

    def fall_back(self) -> bool:
        if self.version is Version.V1 or not self._may_fall_back:
            return False
        self.version = Version.V1
        return True
