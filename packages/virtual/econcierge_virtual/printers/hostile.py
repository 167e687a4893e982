"""Printers that misbehave, for tests of whoever reads them."""

from __future__ import annotations

from enum import StrEnum

from econcierge_printers.snmp import values
from econcierge_printers.snmp.codec import VarBind
from econcierge_printers.snmp.values import Oid, Value

ENDLESS_DEPTH = 14


class Hostility(StrEnum):
    NONE = "none"
    SILENT = "silent"
    MALFORMED = "malformed"  # the answer's first half, then rubbish
    ENDLESS = "endless"  # every walk finds one more row for ever
    REPEATING = "repeating"  # every walk finds the object that it asked from again
    WRONG_REQUEST_ID = "wrong_request_id"
    SLOW = "slow"


class EndlessView:
    """Below every object there is another one, then one more beside it, without an end."""

    def get(self, _oid: Oid) -> Value:
        return values.integer(1)

    def next(self, oid: Oid) -> VarBind | None:
        following = (*oid[:-1], oid[-1] + 1) if len(oid) >= ENDLESS_DEPTH else (*oid, 1)
        return following, values.octet_string("again")


class RepeatingView:
    """The next object is always the one that was asked from: not increasing."""

    def get(self, _oid: Oid) -> Value:
        return values.integer(1)

    def next(self, oid: Oid) -> VarBind | None:
        return oid, values.octet_string("again")


def spoiled(data: bytes) -> bytes:
    return data[: len(data) // 2] + b"\xff\x00\xff"
