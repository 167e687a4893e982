"""Answers SNMP over UDP on a loopback address: a recording, a living printer, or a hostile one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from econcierge_printers.snmp import codec
from econcierge_virtual.printers import agent, hostile
from econcierge_virtual.printers.agent import View
from econcierge_virtual.printers.hostile import Hostility

Source = Callable[[], View | None]
"""What can be seen now; None while the printer does not answer."""


class Responder(asyncio.DatagramProtocol):
    """One printer's end of the line. `hostility` may be changed while it runs; `asked` counts questions."""

    def __init__(self, *, source: Source, community: bytes, hostility: Hostility, delay_s: float) -> None:
        self.hostility = hostility
        self.asked = 0
        self._source = source
        self._community = community
        self._delay_s = delay_s
        self._transport: asyncio.DatagramTransport | None = None
        self._lost = asyncio.Event()

    @property
    def port(self) -> int:
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1
        answer = self._answer(data)
        if answer is None or self._transport is None:
            return
        if self.hostility is Hostility.SLOW:
            asyncio.get_running_loop().call_later(self._delay_s, self._send, answer, addr)
        else:
            self._send(answer, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost.set()

    async def close(self) -> None:
        """Stop answering; the port is free when this returns."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None
            await self._lost.wait()

    def _send(self, answer: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(answer, addr)

    def _answer(self, data: bytes) -> bytes | None:
        """Agents do not answer what they cannot read, nor a community that is not theirs (RFC 1157 4.1)."""
        try:
            question = codec.decode(data)
        except codec.CodecError:
            return None
        view = self._view()
        if view is None or question.community != self._community:
            return None
        if self.hostility is Hostility.WRONG_REQUEST_ID:
            question = replace(question, pdu=replace(question.pdu, request_id=question.pdu.request_id ^ 1))
        answer = agent.answer(question, view)
        if answer is not None and self.hostility is Hostility.MALFORMED:
            return hostile.spoiled(answer)
        return answer

    def _view(self) -> View | None:
        if self.hostility is Hostility.SILENT:
            return None
        if self.hostility is Hostility.ENDLESS:
            return hostile.EndlessView()
        if self.hostility is Hostility.REPEATING:
            return hostile.RepeatingView()
        return self._source()


async def listen(
    *,
    address: str,
    port: int,
    source: Source,
    community: str = "public",
    hostility: Hostility = Hostility.NONE,
    delay_s: float = 3.0,
) -> Responder:
    """Answer on `address:port` (0 picks a free one) until closed; `OSError` when the port is taken."""
    _, responder = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Responder(source=source, community=community.encode(), hostility=hostility, delay_s=delay_s),
        local_addr=(address, port),
    )
    return responder
