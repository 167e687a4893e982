"""Addresses from what a person writes: `10.0.0.0/24`, `10.0.0.5-10.0.0.9`, `10.0.0.5-9`, an address or a name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

MAX_ADDRESSES = 2**20
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def hosts(spec: str) -> Iterator[str]:
    """Every host of one specification; network and broadcast address of a CIDR block are none. Raises ValueError."""
    text = spec.strip()
    if "/" in text:
        network = ipaddress.ip_network(text, strict=False)
        _check_size(network.num_addresses, spec)
        return map(str, network.hosts())
    first, dash, last = text.partition("-")
    if dash and _is_address(first):
        return _range(ipaddress.ip_address(first), _last_address(first, last), spec)
    if not text or any(c.isspace() for c in text):
        raise ValueError(f"{spec!r} is no address, range, CIDR block or host name")
    return iter([text])


def _range(first: _Address, last: _Address, spec: str) -> Iterator[str]:
    if first.version != last.version or int(last) < int(first):
        raise ValueError(f"{spec!r} ends before it begins")
    _check_size(int(last) - int(first) + 1, spec)
    kind = type(first)
    return (str(kind(number)) for number in range(int(first), int(last) + 1))


def _last_address(first: str, last: str) -> _Address:
    """`9` in `10.0.0.5-9` stands for `10.0.0.9`."""
    if last.isascii() and last.isdigit() and "." in first:
        last = f"{first.rpartition('.')[0]}.{last}"
    return ipaddress.ip_address(last)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _check_size(number: int, spec: str) -> None:
    if number > MAX_ADDRESSES:
        raise ValueError(f"{spec!r} has more than {MAX_ADDRESSES} addresses")
