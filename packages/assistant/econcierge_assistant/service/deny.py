"""Who is never asked (P23): addresses, names, ranges of addresses, and network cards.

Addresses and names hold before any packet. A network card is known before a packet by an earlier visit or by this
computer's table of neighbours; one that is met for the first time shows its card with its first answer, is asked no
more, and nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from econcierge_assistant.service import errors, names, ranges, texts
from econcierge_printers import identity, targets

NEIGHBOURS = Path("/proc/net/arp")  # Linux; elsewhere a card is known by an earlier visit only
_CARD = re.compile(r"[0-9a-f]{2}([:\-][0-9a-f]{2}){5}|[0-9a-f]{12}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE)


@dataclass(slots=True)
class Denied(Collection[str]):
    """Hosts that must not be asked: `host in denied`. Whoever turns out to carry a denied card joins by `learn`."""

    spans: tuple[ranges.Range, ...] = ()
    hosts: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    learned: set[str] = field(default_factory=set)

    def __contains__(self, host: object) -> bool:
        if not isinstance(host, str):
            return False
        if host in self.learned or host.lower() in self.hosts:
            return True
        return bool(self.spans) and any(targets.Target(host) in span for span in self.spans)

    def __iter__(self) -> Iterator[str]:
        """What is denied, as texts; ranges are not written out."""
        yield from (f"{span.first}-{span.last}" for span in self.spans)
        yield from sorted(self.hosts | self.learned | self.cards)

    def __len__(self) -> int:
        return len(self.spans) + len(self.hosts) + len(self.cards) + len(self.learned)

    def is_card(self, mac: str | None) -> bool:
        return bool(self.cards) and identity.normal_mac(mac) in self.cards

    def learn(self, neighbours: Mapping[str, str]) -> None:
        """Addresses by their network cards, as they are now: who had a denied one before may have another."""
        self.learned = {host for host, mac in neighbours.items() if self.is_card(mac)}


def parse(written: Sequence[str]) -> Denied:
    """Raises `BadSettings` with a sentence."""
    return _together(_one(text) for text in written)


def usable(written: Sequence[str]) -> tuple[Denied, tuple[str, ...]]:
    """Those that are understood hold, and those that are not are given back: one slip must not free the others."""
    found, left_out = [], []
    for text in written:
        try:
            found.append(_one(text))
        except errors.BadSettings:
            left_out.append(text)
    return _together(found), tuple(left_out)


def _together(parts: Iterable[Denied]) -> Denied:
    listed = list(parts)
    return Denied(
        tuple(span for part in listed for span in part.spans),
        frozenset[str]().union(*(part.hosts for part in listed)),
        frozenset[str]().union(*(part.cards for part in listed)),
    )


def _one(text: str) -> Denied:
    if _CARD.fullmatch(text.strip()) and (card := identity.normal_mac(text)) is not None:
        return Denied(cards=frozenset({card}))
    try:
        part = ranges.part(text)
    except ValueError as error:
        raise errors.BadSettings(texts.said("deny_not_understood", text=text, reason=error)) from error
    if isinstance(part, ranges.Range):
        return Denied(spans=(part,))
    return Denied(hosts=frozenset({part.target.host.lower()}))


async def is_denied(host: str, denied: Denied) -> bool:
    """By itself, or by an address that its name has."""
    if not denied or host in denied:
        return bool(denied)
    if ranges.address_of(host) is not None:
        return False
    return any(address in denied for address in await names.addresses(host))


def neighbours(table: Path = NEIGHBOURS) -> dict[str, str]:
    """Network cards by address, as this computer's kernel knows them now; empty where it does not tell."""
    try:
        lines = table.read_text().splitlines()[1:]
    except (OSError, UnicodeDecodeError):
        return {}
    rows = [line.split() for line in lines]
    found = {row[0]: identity.normal_mac(row[3]) for row in rows if len(row) >= 4}
    return {host: mac for host, mac in found.items() if mac is not None}
