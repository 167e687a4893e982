"""The places to look for printers: `10.0.0.0/24`, `10.0.0.10-10.0.0.99` (or `-99`), `host[:port]`; checked once."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from econcierge_assistant.service import errors, figures, texts
from econcierge_printers import targets

MOST_ADDRESSES = 65_536
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address_of(host: str) -> _Address | None:
    """None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses from `first` to `last`, both included; their hosts only where it was a network."""

    first: _Address
    last: _Address

    @property
    def addresses(self) -> int:
        return int(self.last) - int(self.first) + 1

    def __iter__(self) -> Iterator[targets.Target]:
        for number in range(self.addresses):
            yield targets.Target(str(self.first + number))

    @property
    def is_public(self) -> bool:
        """Whether any of it can be routed on the Internet (IANA's special-purpose registries, RFC 6890)."""
        return any(part.is_global for part in ipaddress.summarize_address_range(self.first, self.last))

    def __contains__(self, target: targets.Target) -> bool:
        address = address_of(target.host)
        if address is None:
            return False
        return address.version == self.first.version and int(self.first) <= int(address) <= int(self.last)


@dataclass(frozen=True, slots=True)
class Single:
    """One host, by name or address, on one port."""

    target: targets.Target

    @property
    def addresses(self) -> int:
        return 1

    @property
    def is_public(self) -> bool:
        """Of a name nobody knows before it is looked up."""
        address = address_of(self.target.host)
        return address is not None and address.is_global

    def __iter__(self) -> Iterator[targets.Target]:
        yield self.target


@dataclass(frozen=True, slots=True)
class Ranges:
    """All of them together."""

    parts: tuple[Range | Single, ...]
    spans: tuple[Range, ...]
    singles: frozenset[targets.Target]

    def __iter__(self) -> Iterator[targets.Target]:
        """Each target once, in the order given."""
        return iter(dict.fromkeys(target for part in self.parts for target in part))

    def __contains__(self, target: targets.Target) -> bool:
        return target in self.singles or any(target in span for span in self.spans)


def parse(written: Sequence[str]) -> Ranges:
    """Raises `BadSettings` with a sentence that helps, also for more addresses than an office has."""
    parts = tuple(_parsed(text) for text in written)
    for text, part in zip(written, parts, strict=True):
        _fits(text, part.addresses)
    _fits(", ".join(written), sum(part.addresses for part in parts))
    spans = tuple(part for part in parts if isinstance(part, Range))
    return Ranges(parts, spans, frozenset(part.target for part in parts if isinstance(part, Single)))


def _fits(text: str, addresses: int) -> None:
    if addresses > MOST_ADDRESSES:
        counts = {"addresses": figures.number(addresses), "most": figures.number(MOST_ADDRESSES)}
        raise errors.BadSettings(texts.said("range_too_large", text=text, **counts))


def part(text: str) -> Range | Single:
    """One of them. Raises ValueError with what is wrong."""
    if "/" in text:
        return _network(text)
    if (ends := _ends(text)) is not None:
        return ends
    single = targets.parse_target(text)
    if single.host.replace(".", "").isdigit() and address_of(single.host) is None:
        raise ValueError("only digits and dots, and no address")  # 10.0.0 or 10.0.0.300: a slip rather than a name
    return Single(single)


def _parsed(text: str) -> Range | Single:
    try:
        return part(text)
    except ValueError as error:
        raise errors.BadSettings(texts.said("range_not_understood", text=text, reason=error)) from error


def _network(text: str) -> Range:
    network = ipaddress.ip_network(text.strip(), strict=False)
    first, last = network.network_address, network.broadcast_address
    if network.version == 4 and network.num_addresses > 2:
        return Range(first + 1, last - 1)
    return Range(first, last)


def _ends(text: str) -> Range | None:
    """None when it is no range of addresses but perhaps a host name with a hyphen."""
    left, hyphen, right = (part.strip() for part in text.partition("-"))
    try:
        first = ipaddress.ip_address(left)
    except ValueError:
        return None
    if not hyphen:
        return None
    if right.isascii() and right.isdigit() and first.version == 4:
        right = f"{left.rpartition('.')[0]}.{int(right)}"
    last = ipaddress.ip_address(right)
    if last.version != first.version or int(last) < int(first):
        raise ValueError("its end comes before its beginning")
    return Range(first, last)
