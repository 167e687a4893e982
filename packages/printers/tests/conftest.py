"""A small SNMP agent on loopback, well-behaved or odd, for the tests of the client and what builds on it."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from econcierge_printers.snmp import codec, values
from econcierge_printers.snmp.codec import ErrorStatus, Message, Pdu, PduKind, Version
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.targets import Target

CORPUS = Path(__file__).parents[4] / "shared" / "data" / "corpus"
Send = Callable[[bytes], None]


class Agent(asyncio.DatagramProtocol):
    """Answers from `objects`; subclasses are odd in one way each."""

    versions = (Version.V1, Version.V2C)
    most_values = 1_000

    def __init__(self, objects: Mapping[Oid, Value], community: bytes = b"public") -> None:
        self.objects = dict(sorted(objects.items()))
        self.names = list(self.objects)
        self.community = community
        self.requests: list[Message] = []
        self.transport: asyncio.DatagramTransport

    def change(self, oid: Oid, value: Value | None) -> None:
        """From now on it has another value there, or none."""
        objects = {**self.objects, oid: value}
        self.objects = {name: held for name, held in sorted(objects.items()) if held is not None}
        self.names = list(self.objects)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    @property
    def target(self) -> Target:
        host, port = self.transport.get_extra_info("sockname")[:2]
        return Target(host, port)

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        message = codec.decode(data)
        self.requests.append(message)
        if message.version in self.versions and message.community == self.community:
            self.reply(message, lambda octets: self.transport.sendto(octets, addr))

    def reply(self, message: Message, send: Send) -> None:
        send(codec.encode(self.answer(message)))

    def answer(self, message: Message) -> Message:
        asked = message.pdu
        if asked.kind is PduKind.GET:
            found = [(oid, self.objects.get(oid, values.NO_SUCH_OBJECT)) for oid, _ in asked.varbinds]
        elif asked.kind is PduKind.GET_NEXT:
            found = [self.following(oid) for oid, _ in asked.varbinds]
        else:
            names = [oid for oid, _ in asked.varbinds]
            found = [self.following(oid) for oid in names[: asked.non_repeaters]]
            found += self.bulk(names[asked.non_repeaters :], asked.max_repetitions)
        status, index = self.error(message.version, found)
        varbinds = asked.varbinds if status else tuple(found)
        return Message(message.version, message.community, self.response(asked, status, index, varbinds))

    def response(self, asked: Pdu, status: int, index: int, varbinds: tuple[codec.VarBind, ...]) -> Pdu:
        return Pdu(PduKind.RESPONSE, asked.request_id, status, index, varbinds)

    def error(self, version: Version, found: list[codec.VarBind]) -> tuple[int, int]:
        if version is Version.V1:
            for index, (_, value) in enumerate(found, start=1):
                if value.missing:
                    return ErrorStatus.NO_SUCH_NAME, index
        return (ErrorStatus.TOO_BIG, 0) if len(found) > self.most_values else (ErrorStatus.NO_ERROR, 0)

    def following(self, oid: Oid) -> codec.VarBind:
        at = bisect_right(self.names, oid)
        if at == len(self.names):
            return oid, values.END_OF_MIB_VIEW
        return self.names[at], self.objects[self.names[at]]

    def bulk(self, oids: list[Oid], repetitions: int) -> list[codec.VarBind]:
        found = []
        for _ in range(repetitions):
            row = [self.following(oid) for oid in oids]
            found += row
            oids = [oid for oid, _ in row]
        return found


StartAgent = Callable[[Agent], "asyncio.Future[Target]"]


@pytest.fixture
async def start_agent() -> AsyncIterator[Callable[..., object]]:
    """Starts agents on loopback and stops them with the test; gives each one's target."""
    transports = []

    async def start(agent: Agent, host: str = "127.0.0.1") -> Target:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: agent, local_addr=(host, 0))
        transports.append(transport)
        return agent.target

    yield start
    for transport in transports:
        transport.close()
    await asyncio.sleep(0)


@pytest.fixture
def agent_class() -> type[Agent]:
    return Agent


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip(f"no recordings of real printers in {CORPUS}")
    return CORPUS
