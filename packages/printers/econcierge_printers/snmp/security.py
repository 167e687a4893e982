"""How a PDU is wrapped for a device and unwrapped again: today the community of SNMPv1 and v2c.

The client knows only `Security`, so that SNMPv3 (RFC 3414) can be one more class here.
"""

from __future__ import annotations

from typing import Protocol

from econcierge_printers.snmp import codec
from econcierge_printers.snmp.codec import Message, Pdu, Version


class Security(Protocol):
    """One device's; it may learn from what the device answers."""

    @property
    def protocol(self) -> str:
        """`snmp-1`, `snmp-2c` or `snmp-3`, as spoken now."""

    @property
    def bulk(self) -> bool:
        """Whether the device understands GETBULK and per-value exceptions, as it speaks now."""

    def wrap(self, pdu: Pdu) -> bytes: ...

    def unwrap(self, data: bytes, *, request_id: int) -> Pdu | None:
        """The answer; None when the question of that id must be asked anew. Raises `CodecError`."""

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

    def wrap(self, pdu: Pdu) -> bytes:
        return codec.encode(Message(self.version, self._community, pdu))

    def unwrap(self, data: bytes, *, request_id: int) -> Pdu | None:
        message = codec.decode(data)
        is_v1 = message.version is Version.V1 and message.pdu.request_id == request_id
        if is_v1 and self.fall_back():
            return None  # a v1 answer to a v2c question may lack what was asked for
        return message.pdu

    def fall_back(self) -> bool:
        if self.version is Version.V1 or not self._may_fall_back:
            return False
        self.version = Version.V1
        return True
