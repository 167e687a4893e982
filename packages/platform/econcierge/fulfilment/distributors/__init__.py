"""The distributors' systems, a module a kind: each speaks one protocol and answers in `fulfilment.types`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from econcierge.core.errors import OutsideFailure
from econcierge.fulfilment import types as t
from econcierge.fulfilment.distributors import sandbox


class Adapter(Protocol):
    """What every kind can do. All of it raises `OutsideFailure`, never anything else."""

    def availability(self, endpoint: t.Endpoint, part_numbers: Collection[str]) -> tuple[t.Offer, ...]: ...

    def send(self, endpoint: t.Endpoint, request: t.Request) -> t.Answer:
        """Sends a purchase order; sending the same again changes nothing there."""
        ...

    def ask(self, endpoint: t.Endpoint, number: str) -> t.Answer | None:
        """What became of a purchase order; None when it never arrived."""
        ...


_KINDS: dict[str, Adapter] = {"sandbox": sandbox}


def adapter(kind: str) -> Adapter:
    if kind not in _KINDS:
        raise OutsideFailure(f"no adapter speaks to distributors of kind {kind!r}", permanent=True)
    return _KINDS[kind]
