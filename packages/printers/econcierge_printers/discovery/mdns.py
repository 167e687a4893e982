"""Asks the local network by multicast DNS who prints, once: no daemon, no library, nothing left running.

Queries leave from an ordinary port with the unicast bit set, so that answers come to us alone (RFC 6762 sections 5.4
and 6.7). One question a packet, since such an answer holds 512 octets and Avahi drops what does not fit.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
import sys
from collections.abc import Sequence

from econcierge_printers.discovery import dns, interfaces
from econcierge_printers.discovery.interfaces import Interface
from econcierge_printers.discovery.services import Browse, Service

PORT = 5353
IPV4_GROUP, IPV6_GROUP = "224.0.0.251", "ff02::fb"
WAITS_S = (0.4, 0.8, 1.2)  # after each query; answers are spread over 120 ms (RFC 6762 section 6)
_MAX_QUESTIONS = 400  # in a round
_PACE_S = 0.005
_RECEIVE_BUFFER_OCTETS = 1024 * 1024
_MULTICAST_TTL = 255  # RFC 6762 section 11
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


async def browse(
    *, cards: Sequence[Interface] | None = None, port: int = PORT, waits_s: Sequence[float] = WAITS_S
) -> list[Service]:
    """The printing services of the links that `cards` (all by default) are on; none where multicast is not allowed."""
    found = Browse()
    asking = await _Asking.open(found, interfaces.interfaces() if cards is None else cards, port)
    try:
        for wait_s in waits_s:
            for question in found.questions()[:_MAX_QUESTIONS]:
                asking.send(dns.encode_questions([question]))
                await asyncio.sleep(_PACE_S)
            await asyncio.sleep(wait_s)
    finally:
        asking.close()
    return sorted(found.services(), key=lambda service: (service.instance, service.kind))


class _Asking:
    """One socket a family, aimed at one card after the other."""

    def __init__(self, cards: Sequence[Interface], port: int) -> None:
        self._cards = cards
        self._port = port
        self._transports: dict[socket.AddressFamily, tuple[socket.socket, asyncio.DatagramTransport]] = {}

    @classmethod
    async def open(cls, found: Browse, cards: Sequence[Interface], port: int) -> _Asking:
        made = cls(cards, port)
        loop = asyncio.get_running_loop()
        for family in (socket.AF_INET, socket.AF_INET6):
            try:
                opened = _socket(family)
            except OSError:
                continue  # a machine without that family
            transport, _ = await loop.create_datagram_endpoint(lambda: _Listener(found), sock=opened)
            made._transports[family] = (opened, transport)
        return made

    def send(self, query: bytes) -> None:
        """To every card; one that cannot multicast is passed over."""
        for family, (opened, transport) in self._transports.items():
            for card in self._cards:
                try:
                    destination = _aim(opened, family, card, self._port)
                except OSError:
                    continue
                transport.sendto(query, destination)

    def close(self) -> None:
        for _, transport in self._transports.values():
            transport.close()


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, found: Browse) -> None:
        self._found = found

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        try:
            message = dns.decode(data)
        except dns.DnsError:
            return
        if message.is_response:
            self._found.take(message.records, source=_source(addr))

    def error_received(self, exc: Exception) -> None:
        """A card that is down, or a network that forbids multicast: there is nobody to find."""


def _socket(family: socket.AddressFamily) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_DGRAM)
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_OCTETS)
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, _MULTICAST_TTL)
    else:
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _MULTICAST_TTL)
    opened.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))  # noqa: S104 (only answers arrive)
    return opened


def _aim(opened: socket.socket, family: socket.AddressFamily, card: Interface, port: int) -> tuple[object, ...]:
    """Multicast leaves by that card; gives where to send it. Raises OSError."""
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, card.index)
        return IPV6_GROUP, port, 0, card.index
    by_index = struct.pack("!I", card.index) if sys.platform == "win32" else struct.pack("@8xi", card.index)
    opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, by_index)
    return IPV4_GROUP, port


def _source(address: tuple[object, ...]) -> _Address | None:
    try:
        return ipaddress.ip_address(str(address[0]))  # a link-local one keeps its card: fe80::1%eth0
    except ValueError:
        return None
