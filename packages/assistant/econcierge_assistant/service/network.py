"""The printers' network as the loop sees it: where to look, who is there, and what each one says."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from econcierge_assistant.service import deny, ranges, roster
from econcierge_printers import errors, model, targets

log = logging.getLogger(__name__)
SWEEP, MDNS, BROADCAST = "sweep", "mdns", "broadcast"
METHODS = (SWEEP, MDNS, BROADCAST)


@dataclass(frozen=True, slots=True)
class Places:
    """Where and how printers are looked for, and who is left alone."""

    within: ranges.Ranges | None = None  # None: this computer's own networks, and whoever announces itself there
    denied: deny.Denied = field(default_factory=deny.Denied)
    methods: tuple[str, ...] = METHODS


@dataclass(frozen=True, slots=True)
class Met:
    """A printer that answered a discovery, or announced itself: how it can be asked."""

    target: str
    community: str
    identity: model.Identity
    user: str = ""
    ipp_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One printer asked once: its reading, or why there is none."""

    known: roster.Known
    result: model.Reading | errors.PrinterError


class Network(Protocol):
    def discover(self) -> AsyncIterator[Met]: ...

    def read(self, printers: Sequence[roster.Known]) -> AsyncIterator[Visit]: ...


def places_of(*, within: Sequence[str] | None, denied: Sequence[str], methods: Sequence[str]) -> Places:
    """From texts as settings and the portal write them; `within` None: this computer's own networks.

    Raises `BadSettings` for ranges that are not understood; unknown methods, and what is not understood of the deny
    list, are left out, the latter aloud.
    """
    chosen = None if within is None else ranges.parse(within)
    left_alone, not_understood = deny.usable(denied)
    if not_understood:
        log.error("The deny list has entries that are not understood; the others hold: %s", ", ".join(not_understood))
    return Places(chosen, left_alone, tuple(each for each in METHODS if each in methods))


def cards_of(printers: Sequence[roster.Known]) -> dict[str, str]:
    """Network cards by host, of the printers whose card an earlier visit told."""
    return {targets.parse_target(each.target).host: each.mac for each in printers if each.mac}
