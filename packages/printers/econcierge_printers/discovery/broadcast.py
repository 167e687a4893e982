"""One SNMP question to everybody on the local network: who answers, by address.

Two packets a network instead of one an address. What answers is asked again by itself, by `sweep`; a broadcast cannot
leave anybody out, so it is not for networks with a deny list.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Sequence

from econcierge_printers.discovery import interfaces
from econcierge_printers.discovery.interfaces import Interface
from econcierge_printers.mib import oids
from econcierge_printers.snmp import codec
from econcierge_printers.snmp.codec import CodecError, PduKind, Version
from econcierge_printers.targets import SNMP_PORT, Target

WAIT_S = 0.8  # after each question
MAX_ANSWERS = 4_096
_ALL_NODES = "ff02::1"
_RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024


async def answering(
    *,
    community: str = "public",
    cards: Sequence[Interface] | None = None,
    port: int = SNMP_PORT,
    wait_s: float = WAIT_S,
) -> list[Target]:
    """Who answers a question to all, in v2c and then in v1; none where broadcasts are not allowed."""
    cards = interfaces.interfaces() if cards is None else cards
    answers = _Answers(port)
    transports = [await _open(family, answers) for family in (socket.AF_INET, socket.AF_INET6)]
    try:
        for version in (Version.V2C, Version.V1):
            question = _question(version, community, answers.request_id)
            for family, transport in transports:
                _send(family, transport, question, cards, port)
            await asyncio.sleep(wait_s)
    finally:
        for _, transport in transports:
            if transport is not None:
                transport.close()
    return list(answers.heard)


class _Answers(asyncio.DatagramProtocol):
    """Everybody who answers our question from the port that we asked."""

    def __init__(self, port: int) -> None:
        self.request_id = secrets.randbits(31)
        self.heard: dict[Target, None] = {}
        self._port = port

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        try:
            pdu = codec.decode(data).pdu
        except CodecError:
            return
        is_ours = pdu.kind is PduKind.RESPONSE and pdu.request_id == self.request_id and addr[1] == self._port
        if is_ours and len(self.heard) < MAX_ANSWERS:
            self.heard[Target(_host(addr), self._port)] = None

    def error_received(self, exc: Exception) -> None:
        """A network that does not let broadcasts out: nobody will answer from there."""


def _question(version: Version, community: str, request_id: int) -> bytes:
    return codec.encode(
        codec.request(
            version=version,
            community=community.encode(),
            kind=PduKind.GET,
            request_id=request_id,
            oids=[oids.SYS_OBJECT_ID],
        )
    )


def _host(address: tuple[object, ...]) -> str:
    """A link-local address is one on a card only: `fe80::1%eth0`."""
    host = str(address[0])
    card = int(str(address[3])) if len(address) == 4 else 0
    return f"{host}%{socket.if_indextoname(card)}" if card and "%" not in host else host


async def _open(
    family: socket.AddressFamily, answers: _Answers
) -> tuple[socket.AddressFamily, asyncio.DatagramTransport | None]:
    """No transport on a machine without that family."""
    try:
        opened = socket.socket(family, socket.SOCK_DGRAM)
    except OSError:
        return family, None
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_OCTETS)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    try:
        opened.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))  # noqa: S104 (only answers arrive)
    except OSError:
        opened.close()
        return family, None
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: answers, sock=opened)
    return family, transport


def _send(
    family: socket.AddressFamily,
    transport: asyncio.DatagramTransport | None,
    question: bytes,
    cards: Sequence[Interface],
    port: int,
) -> None:
    if transport is None:
        return
    if family == socket.AF_INET:
        for host in interfaces.limited_or_directed(list(cards)):
            transport.sendto(question, (host, port))
        return
    for card in cards:
        if not card.is_loopback:
            transport.sendto(question, (_ALL_NODES, port, 0, card.index))
