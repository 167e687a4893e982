"""What a person wrote as a place to look for printers: how many addresses it is, or what is wrong with it."""

from __future__ import annotations

import ipaddress

from econcierge.fleet.types import RangeFault
from econcierge_printers import identity, targets

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def size(entry: str) -> int | RangeFault:
    """Addresses of `10.0.0.0/24`, `10.0.0.10-10.0.0.99`, `10.0.0.10-99`, or one `host[:port]`."""
    text = entry.strip()
    try:
        if "/" in text:
            return ipaddress.ip_network(_without_port(text), strict=False).num_addresses
        first, dash, last = _without_port(text).partition("-")
        if dash and (begins := _address(first)) is not None:
            return _between(begins, _last(first, last))
        targets.parse_target(text)
    except ValueError:
        return RangeFault.UNREADABLE
    return RangeFault.UNREADABLE if _looks_like_half_an_address(text) else 1


def is_mac(entry: str) -> bool:
    """A network card, which is left alone wherever it is."""
    return bool(identity.normal_mac(entry))


def _between(first: _Address, last: _Address) -> int | RangeFault:
    if first.version != last.version or int(last) < int(first):
        return RangeFault.BACKWARDS
    return int(last) - int(first) + 1


def _last(first: str, last: str) -> _Address:
    """`99` in `10.0.0.10-99` stands for `10.0.0.99`."""
    if last.isascii() and last.isdigit() and "." in first:
        last = f"{first.rpartition('.')[0]}.{last}"
    return ipaddress.ip_address(last)


def _without_port(text: str) -> str:
    """IPv4 may carry a port, also on a range: the demo's printers answer on one."""
    host, colon, port = text.rpartition(":")
    if not colon or ":" in host:
        return text
    targets.parse_target(f"host:{port}")
    return host


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _looks_like_half_an_address(text: str) -> bool:
    """Only digits and dots, and no address: somebody's slip rather than a name (10.0.0 or 10.0.0.300)."""
    host = _without_port(text)
    return host.replace(".", "").isdigit() and _address(host) is None
