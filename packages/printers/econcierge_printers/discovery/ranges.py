"""Targets from what a person writes: `10.0.0.0/24`, `10.0.0.5-10.0.0.9`, `10.0.0.5-9`, an address or a name.

IPv4 and names may be followed by `:port`, as elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from econcierge_printers.targets import SNMP_PORT, Target, parse_target

MAX_ADDRESSES = 2**20
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def targets(spec: str) -> Iterator[Target]:
    """Every host of one specification; network and broadcast address of a CIDR block are none. Raises ValueError."""
    text, port = _split_port(spec.strip())
    if "/" in text:
        network = ipaddress.ip_network(text, strict=False)
        _check_size(network.num_addresses, spec)
        return (Target(str(host), port) for host in network.hosts())
    first, dash, last = text.partition("-")
    if dash and _is_address(first):
        hosts = _range(ipaddress.ip_address(first), _last_address(first, last), spec)
        return (Target(host, port) for host in hosts)
    return iter([parse_target(spec)])


def hosts(spec: str) -> Iterator[str]:
    """As `targets`, the hosts alone. Raises ValueError."""
    return (target.host for target in targets(spec))


def is_single(spec: str) -> bool:
    """One host, not a block or a range: its silence is worth a word."""
    text, _ = _split_port(spec.strip())
    first, dash, _ = text.partition("-")
    return "/" not in text and not (dash and _is_address(first))


def _split_port(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"([^:]+):(\d{1,5})", text)
    if found is None:
        return text, SNMP_PORT
    return found[1], parse_target(f"host:{found[2]}").port


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
