"""The floor of reading printers: raw asyncio, prepared packets, answers only counted. Knows nothing but datagrams.

Runs within a process, or as a command of its own, for the cost of the start of a process too:
`python -I floor_snmp.py PORT HOSTS PACKETS`, files with one address and one packet (hexadecimal) a line.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

AT_A_TIME = 50  # what a receive buffer of ordinary size holds
LONGEST_S = 10.0
RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024


class Counter(asyncio.DatagramProtocol):
    """Sends each host the packets one after the other, each after the answer to the one before."""

    def __init__(self, port: int, hosts: Sequence[str], packets: Sequence[bytes]) -> None:
        self._port = port
        self._packets = packets
        self._waiting = iter(hosts)
        self._left = dict.fromkeys(hosts, len(packets))
        self._open = len(hosts)
        self.answers = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport
        for _ in range(AT_A_TIME):
            self._next_host()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.answers += 1
        host = addr[0]
        self._left[host] -= 1
        if self._left[host]:
            self._send(host)
            return
        self._open -= 1
        self._next_host()
        if not self._open and not self.done.done():
            self.done.set_result(None)

    def _next_host(self) -> None:
        host = next(self._waiting, None)
        if host is not None:
            self._send(host)

    def _send(self, host: str) -> None:
        self._transport.sendto(self._packets[-self._left[host]], (host, self._port))


async def ask_all(*, port: int, hosts: Sequence[str], packets: Sequence[bytes]) -> int:
    """How many answers came; nothing is asked twice."""
    loop = asyncio.get_running_loop()
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_OCTETS)
    asking.bind(("0.0.0.0", 0))
    transport, counter = await loop.create_datagram_endpoint(lambda: Counter(port, hosts, packets), sock=asking)
    try:
        await asyncio.wait_for(counter.done, LONGEST_S)
    except TimeoutError:
        return counter.answers
    finally:
        transport.close()
    return counter.answers


def main() -> None:
    port, hosts, packets = sys.argv[1:]
    prepared = [bytes.fromhex(line) for line in Path(packets).read_text().split()]
    print(asyncio.run(ask_all(port=int(port), hosts=Path(hosts).read_text().split(), packets=prepared)))


if __name__ == "__main__":
    main()
