"""The network cards of this machine: where multicast and broadcast can go out."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from dataclasses import dataclass

# Linux's requests of netdevice(7); other systems number them differently and lack the third
_GET_FLAGS, _GET_BROADCAST = 0x8913, 0x8919
_UP, _BROADCASTS, _LOOPBACK = 0x1, 0x2, 0x8
_REQUEST_OCTETS = 40


@dataclass(frozen=True, slots=True)
class Interface:
    name: str
    index: int
    broadcast: ipaddress.IPv4Address | None = None  # the directed one; None where the system does not tell
    is_loopback: bool = False
    is_up: bool = True


def interfaces() -> list[Interface]:
    """Those that are up."""
    found = []
    for index, name in socket.if_nameindex():
        found.append(_on_linux(name, index) if sys.platform == "linux" else Interface(name, index))
    return [each for each in found if each.is_up]


def limited_or_directed(cards: list[Interface]) -> list[str]:
    """Where to send a broadcast: each network's own address, else to all ones, which leaves by one card only."""
    directed = [str(card.broadcast) for card in cards if card.broadcast is not None and not card.is_loopback]
    return directed or ["255.255.255.255"]


def _on_linux(name: str, index: int) -> Interface:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        octets = _ioctl(asked, _GET_FLAGS, name)
        flags = struct.unpack_from("@H", octets, 16)[0] if octets else 0
        octets = _ioctl(asked, _GET_BROADCAST, name) if flags & _BROADCASTS else None
    broadcast = ipaddress.IPv4Address(octets[20:24]) if octets else None
    if broadcast is not None and int(broadcast) == 0:
        broadcast = None
    return Interface(name, index, broadcast, bool(flags & _LOOPBACK), bool(flags & _UP))


def _ioctl(asked: socket.socket, request: int, name: str) -> bytes | None:
    """The interface's `ifreq`; None where it has no such thing, such as an IPv4 address."""
    import fcntl  # not there on Windows

    try:
        return fcntl.ioctl(asked.fileno(), request, struct.pack(f"{_REQUEST_OCTETS}s", name.encode()[:15]))
    except OSError:
        return None
