"""Finding printers over real sockets on loopback: multicast DNS, SNMP to everybody, loss."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from econcierge_printers.discovery import broadcast, dns, mdns, nearby, services, sweep
from econcierge_printers.discovery.dns import Record, RecordType
from econcierge_printers.discovery.interfaces import Interface, interfaces, limited_or_directed
from econcierge_printers.mib import oids
from econcierge_printers.snmp import codec, values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.values import octet_string
from econcierge_printers.targets import Target

PRINTER = {
    oids.SYS_DESCR: octet_string("Xerox Phaser 4600"),
    oids.SYS_OBJECT_ID: values.object_identifier("1.3.6.1.4.1.253.8.62.1.19.1.24.2.1"),
    (*oids.SERIAL_NUMBER, 1): octet_string("ABC1234567"),
}
IPP = dns.name("_ipp._tcp.local")
INSTANCE = (b"Prt", *IPP)
HOST = dns.name("prt-1.local")
POINTER = Record(IPP, RecordType.PTR, INSTANCE)
REST = [
    Record(INSTANCE, RecordType.SRV, dns.Service(631, HOST)),
    Record(INSTANCE, RecordType.TXT, (b"rp=ipp/print", b"ty=Xerox Phaser 4600")),
    Record(HOST, RecordType.A, ipaddress.ip_address("127.0.0.1")),
]
LOOPBACK = Interface("lo", socket.if_nametoindex("lo"), is_loopback=True)
Start = Callable[..., Awaitable[Target]]


class Responder(asyncio.DatagramProtocol):
    """Answers what is asked and known, and sends some rubbish before it."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.asked: list[dns.Message] = []
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        query = dns.decode(data)
        self.asked.append(query)
        wanted = {(dns.folded(question.name), question.type_number) for question in query.questions}
        found = [each for each in self.records if (dns.folded(each.name), each.type_number) in wanted]
        self.transport.sendto(b"rubbish", addr)
        self.transport.sendto(data, addr)  # a question is no answer
        if found:
            self.transport.sendto(dns.encode_response(found), addr)


@pytest.fixture
async def responder() -> AsyncIterator[Responder]:
    """On the IPv4 group, on loopback; skips where the system lets no multicast go there."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setblocking(False)
    opened.bind(("0.0.0.0", 0))
    joined = socket.inet_aton(mdns.IPV4_GROUP) + struct.pack("@4xi", LOOPBACK.index)
    try:
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("@8xi", LOOPBACK.index))
        opened.sendto(b"", (mdns.IPV4_GROUP, 9))
    except OSError as error:
        opened.close()
        pytest.skip(f"no multicast on loopback here: {error}")
    made = Responder([POINTER, *REST])
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: made, sock=opened)
    yield made
    transport.close()
    await asyncio.sleep(0)


def port_of(responder: Responder) -> int:
    return int(responder.transport.get_extra_info("sockname")[1])


async def test_who_announces_itself_is_heard(responder: Responder) -> None:
    """One question a packet (Avahi drops from such answers what does not fit); what an answer lacks is asked for."""
    found = await mdns.browse(cards=[LOOPBACK], port=port_of(responder), waits_s=(0.2, 0.2, 0.2))
    assert [(each.instance, each.ipp_uri) for each in found] == [("Prt", "ipp://127.0.0.1:631/ipp/print")]
    assert found[0].facts["ty"] == "Xerox Phaser 4600"
    assert len(responder.asked) >= 3
    assert [query.questions[0].name for query in responder.asked[:4]] == [*services.SERVICE_TYPES]


async def test_nobody_there_is_no_error() -> None:
    nowhere = Interface("none", 9_999)
    assert await mdns.browse(cards=[LOOPBACK, nowhere], port=9, waits_s=(0.05,)) == []


async def test_who_answers_a_question_to_all_is_heard_once(start_agent: Start, agent_class: type) -> None:
    class Chatty(agent_class):  # type: ignore[misc]
        def reply(self, message: codec.Message, send: Callable[[bytes], None]) -> None:
            send(b"rubbish")
            send(codec.encode(codec.Message(message.version, b"public", codec.Pdu(codec.PduKind.RESPONSE, 1))))
            super().reply(message, send)
            super().reply(message, send)

    target = await start_agent(Chatty(PRINTER), "127.255.255.255")
    everybody = Interface("lo", LOOPBACK.index, ipaddress.IPv4Address("127.255.255.255"))
    heard = await broadcast.answering(cards=[everybody], port=target.port, wait_s=0.15)
    assert [each.port for each in heard] == [target.port]
    assert ipaddress.ip_address(heard[0].host).is_loopback


async def test_every_way_makes_one_list(
    responder: Responder, start_agent: Start, agent_class: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("econcierge_printers.discovery.interfaces.interfaces", lambda: [LOOPBACK])
    target = await start_agent(agent_class(PRINTER))
    ways = nearby.Ways(
        by_mdns=True, by_broadcast=False, snmp_port=target.port, mdns_port=port_of(responder), rate_packets_per_s=5_000
    )
    async with SnmpClient() as client:
        (found,) = await nearby.find(client, [target], ways=ways)
    assert (found.target, found.identity.serial, found.identity.hostname) == (target, "ABC1234567", "prt-1")
    assert (found.ways, found.ipp_uri) == (("sweep", "mdns"), "ipp://127.0.0.1:631/ipp/print")


async def test_p23_who_is_denied_is_asked_by_no_way(
    responder: Responder, start_agent: Start, agent_class: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broadcasting(**_: object) -> list[Target]:
        raise AssertionError("a broadcast would reach the denied too")

    monkeypatch.setattr("econcierge_printers.discovery.interfaces.interfaces", lambda: [LOOPBACK])
    monkeypatch.setattr(broadcast, "answering", broadcasting)
    agent = agent_class(PRINTER)
    target = await start_agent(agent)
    ways = nearby.Ways(
        by_mdns=True,
        by_broadcast=True,
        snmp_port=target.port,
        mdns_port=port_of(responder),
        deny=("127.0.0.1",),
    )
    async with SnmpClient() as client:
        assert await nearby.find(client, [target], ways=ways) == []
    assert agent.requests == []


async def test_p23_a_denied_address_is_not_asked_by_its_name_either(start_agent: Start, agent_class: type) -> None:
    agent = agent_class(PRINTER)
    target = Target("localhost", (await start_agent(agent)).port)
    async with SnmpClient() as client:
        answers = sweep.sweep(client, [target], deny=("127.0.0.1", "::1"), wait_s=0.05, rate_packets_per_s=5_000)
        assert [one async for one in answers] == []
    assert agent.requests == []


def test_the_cards_of_this_machine() -> None:
    cards = interfaces()
    assert "lo" in [card.name for card in cards]
    office = Interface("eth0", 2, ipaddress.IPv4Address("10.0.0.255"))
    assert limited_or_directed([LOOPBACK, office]) == ["10.0.0.255"]
    assert limited_or_directed([LOOPBACK]) == ["255.255.255.255"]


# G03: nothing is missed for want of a packet or two


class Lossy(asyncio.DatagramProtocol):
    """Many printers on one socket that loses questions and answers by a seed."""

    def __init__(self, agent: object, loss: float, seed: int) -> None:
        self.agent = agent
        self.random = random.Random(seed)
        self.loss = loss
        self.packets = 0
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self.packets += 1
        answer = self.agent.answer(codec.decode(data))  # type: ignore[attr-defined]
        if self.random.random() >= self.loss and self.random.random() >= self.loss:
            self.transport.sendto(codec.encode(answer), addr)


async def swept(agent: object, hosts: int, loss: float, rate_packets_per_s: float) -> tuple[int, int, float]:
    """How many of so many were found, by how many packets, in what time; each host is a socket of its own."""
    loop = asyncio.get_running_loop()
    seeds = random.Random(20261123)
    async with contextlib.AsyncExitStack() as stack:
        printers = []
        for number in range(hosts):
            made = Lossy(agent, loss, seeds.getrandbits(32))
            address = f"127.77.{number // 250}.{number % 250 + 1}"
            transport, _ = await loop.create_datagram_endpoint(lambda made=made: made, local_addr=(address, 0))
            stack.callback(transport.close)
            printers.append((made, Target(*transport.get_extra_info("sockname"))))
        start = time.monotonic()
        async with SnmpClient() as client:
            answers = sweep.sweep(client, [target for _, target in printers], rate_packets_per_s=rate_packets_per_s)
            found = {one.target async for one in answers}
        return len(found), sum(made.packets for made, _ in printers), time.monotonic() - start


async def test_g03_all_are_found_without_loss(agent_class: type) -> None:
    found, packets, _ = await swept(agent_class(PRINTER), 200, 0.0, 4_000)
    assert (found, packets) == (200, 200), "each asked once"


async def test_g03_nearly_all_are_found_at_ten_percent_loss_each_way(agent_class: type) -> None:
    found, packets, _ = await swept(agent_class(PRINTER), 600, 0.1, 4_000)
    assert found == 600, "0.19 ** 6 of 600 is nobody"
    assert packets < 600 * 1.5


async def test_silence_is_asked_no_more_than_it_must_be(start_agent: Start, agent_class: type) -> None:
    """P23: more passes only where somebody answered late, and none of them for who has answered."""
    silent, prompt = agent_class(PRINTER, community=b"other"), agent_class(PRINTER)

    class Sleepy(agent_class):  # type: ignore[misc]
        def reply(self, message: codec.Message, send: Callable[[bytes], None]) -> None:
            if len(self.requests) > 2:
                super().reply(message, send)

    sleepy = Sleepy(PRINTER)
    async with SnmpClient() as client:
        for agents, times in (([silent, prompt], (4, 1)), ([silent, sleepy], (4 + 6, 3))):
            targets = [await start_agent(agent) for agent in agents]
            answers = sweep.sweep(client, targets, rate_packets_per_s=5_000, wait_s=0.05)
            assert [one.target async for one in answers] == [targets[1]]
            assert (len(agents[0].requests), len(agents[1].requests)) == times


async def test_the_shipped_cap_holds(agent_class: type) -> None:
    assert sweep.RATE_PACKETS_PER_S == 500
    _, packets, took_s = await swept(agent_class(PRINTER), 150, 0.0, sweep.RATE_PACKETS_PER_S)
    assert packets / took_s <= sweep.RATE_PACKETS_PER_S * 1.25
