"""The SNMP responder over real UDP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from econcierge_printers.snmp import codec, values
from econcierge_printers.snmp.client import SnmpClient
from econcierge_printers.snmp.codec import ErrorStatus, Message, PduKind, Version
from econcierge_printers.snmp.security import Community
from econcierge_printers.snmp.values import Oid, Value
from econcierge_printers.targets import Target
from econcierge_virtual.printers import agent, fleet, living, mib, responder
from econcierge_virtual.printers.hostile import EndlessView, Hostility, RepeatingView
from econcierge_virtual.printers.responder import Responder

ADDRESS = "127.0.0.41"
MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
RECEPTION = next(spec for spec in fleet.default_fleet() if spec.id == fleet.STORY_PRINTER)
STATE = living.first_state(RECEPTION, at=MONDAY)
TABLE = mib.table(RECEPTION, STATE)
VIEW = agent.TableView(TABLE)
SYS_DESCR, SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 1, 0), (1, 3, 6, 1, 2, 1, 1, 5, 0)
NOTHING = (1, 3, 6, 1, 2, 1, 99, 1, 0)
SUPPLIES = (*mib.PRINTER, 11, 1, 1)


class Caller(asyncio.DatagramProtocol):
    """Sends one datagram and waits for the answer."""

    def __init__(self, sent: bytes) -> None:
        self.sent = sent
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        transport.sendto(self.sent)

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self.answer.done():
            self.answer.set_result(data)


async def ask_raw(port: int, sent: bytes, *, timeout_s: float = 5.0) -> bytes | None:
    transport, caller = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Caller(sent), remote_addr=(ADDRESS, port)
    )
    try:
        return await asyncio.wait_for(caller.answer, timeout_s)
    except TimeoutError:
        return None
    finally:
        transport.close()
        await asyncio.sleep(0)


def question(kind: PduKind, *oids: Oid, version: Version = Version.V2C, **more: int) -> Message:
    return codec.request(version=version, community=b"public", kind=kind, request_id=77, oids=oids, **more)


async def ask(port: int, asked: Message) -> codec.Pdu:
    data = await ask_raw(port, codec.encode(asked))
    assert data is not None
    assert len(data) <= agent.MAX_OCTETS
    answered = codec.decode(data)
    assert answered.version is asked.version
    assert answered.pdu.request_id == 77
    return answered.pdu


@pytest.fixture
async def start() -> AsyncIterator[Callable[..., object]]:
    running: list[Responder] = []

    async def starter(table: dict[Oid, Value] = TABLE, **more: object) -> Responder:
        view = agent.TableView(table)
        one = await responder.listen(address=ADDRESS, port=0, source=lambda: view, **more)
        running.append(one)
        return one

    yield starter
    for one in running:
        await one.close()


async def test_get_answers_in_the_order_of_the_question(start) -> None:
    printer = await start()
    pdu = await ask(printer.port, question(PduKind.GET, SYS_NAME, SYS_DESCR))
    assert [oid for oid, _ in pdu.varbinds] == [SYS_NAME, SYS_DESCR]
    assert pdu.varbinds[1][1].octets.startswith(b"Xerox VersaLink C405")


async def test_what_is_not_there_is_an_exception_in_v2c_and_no_such_name_in_v1(start) -> None:
    printer = await start()
    missing_row = (*SUPPLIES, 6, 1, 99)
    pdu = await ask(printer.port, question(PduKind.GET, SYS_DESCR, NOTHING, missing_row))
    assert pdu.error_status == 0
    assert [value.tag for _, value in pdu.varbinds[1:]] == [
        values.Tag.NO_SUCH_OBJECT,
        values.Tag.NO_SUCH_INSTANCE,
    ]
    pdu = await ask(printer.port, question(PduKind.GET, SYS_DESCR, NOTHING, version=Version.V1))
    assert (pdu.error_status, pdu.error_index) == (ErrorStatus.NO_SUCH_NAME, 2)


async def test_a_walk_finds_every_object_in_order(start) -> None:
    printer = await start()
    found, oid = [], (1, 3)
    while True:
        pdu = await ask(printer.port, question(PduKind.GET_BULK, oid, max_repetitions=50))
        rows = [row for row in pdu.varbinds if not row[1].missing]
        found.extend(rows)
        if len(rows) < len(pdu.varbinds):
            break
        oid = rows[-1][0]
    assert found == list(TABLE.items())


async def test_the_product_reads_it_with_its_own_client(start) -> None:
    printer = await start()
    async with SnmpClient() as client:
        session = await client.session(Target(ADDRESS, printer.port), Community("public"))
        assert await client.walk(session, [(1, 3)]) == TABLE
        await printer.close()


async def test_get_next_at_the_end(start) -> None:
    printer = await start()
    last = max(TABLE)
    pdu = await ask(printer.port, question(PduKind.GET_NEXT, last))
    assert pdu.varbinds[0][1].tag is values.Tag.END_OF_MIB_VIEW
    pdu = await ask(printer.port, question(PduKind.GET_NEXT, last, version=Version.V1))
    assert pdu.error_status == ErrorStatus.NO_SUCH_NAME


async def test_an_answer_that_does_not_fit_is_cut_or_refused(start) -> None:
    wide = {(1, 3, 6, number): values.octet_string(b"x" * 600) for number in range(5)}
    printer = await start(wide)
    pdu = await ask(printer.port, question(PduKind.GET_BULK, (1, 3), max_repetitions=50))
    assert len(pdu.varbinds) == 2
    pdu = await ask(printer.port, question(PduKind.GET, *wide))
    assert (pdu.error_status, pdu.varbinds) == (ErrorStatus.TOO_BIG, ())
    pdu = await ask(printer.port, question(PduKind.GET, *wide, version=Version.V1))
    assert pdu.error_status == ErrorStatus.TOO_BIG
    assert len(pdu.varbinds) == 5


async def test_non_repeaters_come_once(start) -> None:
    printer = await start()
    asked = question(PduKind.GET_BULK, SYS_DESCR[:-1], (*SUPPLIES, 9), non_repeaters=1, max_repetitions=3)
    pdu = await ask(printer.port, asked)
    assert [oid for oid, _ in pdu.varbinds] == [
        SYS_DESCR,
        *((*SUPPLIES, 9, 1, row) for row in (1, 2, 3)),
    ]


async def test_nothing_is_written(start) -> None:
    printer = await start()
    pdu = await ask(printer.port, question(PduKind.SET, SYS_NAME))
    assert pdu.error_status == ErrorStatus.NOT_WRITABLE


async def test_a_wrong_community_and_rubbish_get_no_answer(start) -> None:
    printer = await start(community="secret")
    assert await ask_raw(printer.port, codec.encode(question(PduKind.GET, SYS_NAME)), timeout_s=0.2) is None
    assert await ask_raw(printer.port, b"\x30\x84\xff", timeout_s=0.2) is None
    assert printer.asked == 2


async def test_hostile_answers(start) -> None:
    printer = await start(delay_s=0.01)
    asked = codec.encode(question(PduKind.GET_NEXT, SUPPLIES))

    printer.hostility = Hostility.SILENT
    assert await ask_raw(printer.port, asked, timeout_s=0.2) is None
    printer.hostility = Hostility.MALFORMED
    spoiled = await ask_raw(printer.port, asked)
    with pytest.raises(codec.CodecError):
        codec.decode(spoiled)
    printer.hostility = Hostility.WRONG_REQUEST_ID
    assert codec.decode(await ask_raw(printer.port, asked)).pdu.request_id == 76
    printer.hostility = Hostility.REPEATING
    assert codec.decode(await ask_raw(printer.port, asked)).pdu.varbinds[0][0] == SUPPLIES
    printer.hostility = Hostility.SLOW
    assert codec.decode(await ask_raw(printer.port, asked)).pdu.varbinds[0][0][: len(SUPPLIES)] == SUPPLIES


async def test_an_endless_walk_stays_in_its_subtree_and_goes_on(start) -> None:
    printer = await start(hostility=Hostility.ENDLESS)
    oid, seen = SUPPLIES, set()
    for _ in range(60):
        pdu = await ask(printer.port, question(PduKind.GET_NEXT, oid))
        following = pdu.varbinds[0][0]
        assert following > oid
        assert following[: len(SUPPLIES)] == SUPPLIES
        seen.add(following)
        oid = following
    assert len(seen) == 60


def test_the_table_says_what_the_printer_is() -> None:
    assert TABLE[(*SUPPLIES, 6, 1, 1)].octets == b"Black Toner Cartridge, PN 106R03512;SN00010011"
    assert TABLE[(*SUPPLIES, 8, 1, 1)].number == 5000
    assert TABLE[(*SUPPLIES, 9, 1, 1)].number == 1100
    assert TABLE[(*mib.PRINTER, 5, 1, 1, 17, 1)].octets == RECEPTION.serial.encode()
    assert TABLE[(*mib.PRINTER, 10, 2, 1, 4, 1, 1)].number == RECEPTION.pages_at_start
    assert TABLE[(*mib.PRINTER, 12, 1, 1, 4, 1, 2)].octets == b"cyan"


def test_alert_rows_come_with_their_supply_and_go_with_the_replacement() -> None:
    alerts = (*mib.PRINTER, 18, 1, 1)
    low = living.print_pages(spec=RECEPTION, state=STATE, pages=500, colour_share=0, at=MONDAY)
    table = mib.table(RECEPTION, low)
    assert table[(*alerts, 4, 1, 1)].number == 11
    assert table[(*alerts, 5, 1, 1)].number == 1
    assert table[(*alerts, 7, 1, 1)].number == 1104
    fresh = living.install_cartridge(
        spec=RECEPTION, state=low, index="1.1", part_number="106R03532", serial="D9", at=MONDAY
    )
    table = mib.table(RECEPTION, fresh)
    assert not [oid for oid in table if oid[: len(alerts)] == alerts]
    assert table[(*SUPPLIES, 6, 1, 1)].octets.endswith(b"PN 106R03532;SND9")


oids = st.lists(st.integers(0, 2**32 - 1), max_size=12).map(tuple)
kinds = st.sampled_from([kind for kind in PduKind if kind is not PduKind.RESPONSE])


@given(st.binary(max_size=300), st.sampled_from(list(Hostility)))
@settings(deadline=None)
def test_any_bytes_are_answered_or_ignored(data: bytes, hostility: Hostility) -> None:
    printer = Responder(source=lambda: VIEW, community=b"public", hostility=hostility, delay_s=0)
    printer.datagram_received(data, ("127.0.0.1", 9))
    assert printer.asked == 1


@given(
    kinds,
    st.sampled_from(list(Version)),
    st.lists(oids, max_size=8),
    st.integers(-5, 5),
    st.integers(-5, 2**31 - 1),
    st.sampled_from([VIEW, EndlessView(), RepeatingView()]),
)
@settings(deadline=None)
def test_any_question_gets_an_answer_that_fits(
    kind: PduKind,
    version: Version,
    asked: list[Oid],
    first: int,
    second: int,
    view: agent.View,
) -> None:
    sendable = [(1, 3, *(number % 2**31 for number in oid)) for oid in asked]
    message = codec.request(
        version=version,
        community=b"public",
        kind=kind,
        request_id=77,
        oids=sendable,
        non_repeaters=first,
        max_repetitions=second,
    )
    answered = agent.answer(message, view)
    if answered is not None:
        pdu = codec.decode(answered).pdu
        assert (pdu.kind, pdu.request_id) == (PduKind.RESPONSE, 77)
        assert len(answered) <= agent.MAX_OCTETS
