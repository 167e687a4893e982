"""The networks that this computer is on: where to look when nobody said where, so that a newcomer types nothing.

Linux tells address and mask of every network card. Elsewhere the address by which this computer would reach the
internet is taken (nothing is sent) with the 254 addresses around it.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys

WIDEST_PREFIX = 22  # a thousand addresses: of a wider network the part around this computer
GUESSED_PREFIX = 24
_SOMEWHERE = ("192.0.2.1", 9)  # RFC 5737: a documentation address; connecting a datagram socket sends nothing
_GET_FLAGS, _GET_ADDRESS, _GET_MASK = 0x8913, 0x8915, 0x891B  # netdevice(7)
_UP, _LOOPBACK, _POINT_TO_POINT = 0x1, 0x8, 0x10
_REQUEST_OCTETS = 40


def texts() -> tuple[str, ...]:
    """As they are written in settings: `192.168.1.0/24`; empty when there is no network."""
    found = _of_cards() if sys.platform == "linux" else _guessed()
    return tuple(dict.fromkeys(str(narrowed(each)) for each in found))


def narrowed(card: ipaddress.IPv4Interface) -> ipaddress.IPv4Network:
    """The network of a card, or the part of it around its address when it is too wide to ask everybody."""
    if card.network.prefixlen >= WIDEST_PREFIX:
        return card.network
    return ipaddress.IPv4Network((card.ip, WIDEST_PREFIX), strict=False)


def _of_cards() -> list[ipaddress.IPv4Interface]:
    found = (_card(name) for _, name in socket.if_nameindex())
    return [each for each in found if each is not None and not each.ip.is_loopback and each.network.prefixlen < 31]


def _card(name: str) -> ipaddress.IPv4Interface | None:
    """None for one that is down, leads to a single peer, or has no IPv4 address."""
    flags = _ask(name, _GET_FLAGS)
    if flags is None:
        return None
    bits = struct.unpack_from("@H", flags, 16)[0]
    if not bits & _UP or bits & (_LOOPBACK | _POINT_TO_POINT):
        return None
    address, mask = _ask(name, _GET_ADDRESS), _ask(name, _GET_MASK)
    if address is None or mask is None:
        return None
    return ipaddress.IPv4Interface(f"{socket.inet_ntoa(address[20:24])}/{socket.inet_ntoa(mask[20:24])}")


def _ask(name: str, request: int) -> bytes | None:
    import fcntl  # not there on Windows

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            return fcntl.ioctl(asked.fileno(), request, struct.pack(f"{_REQUEST_OCTETS}s", name.encode()[:15]))
        except OSError:
            return None


def _guessed() -> list[ipaddress.IPv4Interface]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return []
        return [ipaddress.IPv4Interface(f"{probe.getsockname()[0]}/{GUESSED_PREFIX}")]
