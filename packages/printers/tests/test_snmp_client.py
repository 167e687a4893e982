"""The client against agents on loopback: well-behaved, old, rude, broken and silent ones."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import client, codec, security, values
from econcierge_printers.snmp.codec import ErrorStatus, Message, Pdu, PduKind, Version
from econcierge_printers.targets import Target

TABLE = (1, 3, 6, 1, 2, 1, 43, 11, 1, 1)
LEVEL, CAPACITY = (*TABLE, 9), (*TABLE, 8)
ROWS = 7
OBJECTS = {
    (1, 3, 6, 1, 2, 1, 1, 1, 0): values.octet_string("Xerox"),
    (1, 3, 6, 1, 2, 1, 1, 5, 0): values.octet_string("printer"),
    **{(*CAPACITY, 1, row): values.integer(100) for row in range(1, ROWS + 1)},
    **{(*LEVEL, 1, row): values.integer(row) for row in range(1, ROWS + 1)},
    (1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4, 1, 1): values.octet_string("black"),
}
DESCR, NAME, MISSING = (1, 3, 6, 1, 2, 1, 1, 1, 0), (1, 3, 6, 1, 2, 1, 1, 5, 0), (1, 3, 6, 1, 2, 1, 1, 9, 0)
Start = Callable[..., Awaitable[Target]]


def quick(**options: Any) -> client.SnmpClient:
    return client.SnmpClient(timeout_s=0.05, **options)


def community(name: str = "public", **options: Any) -> security.Community:
    return security.Community(name, **options)


def levels(found: dict[values.Oid, values.Value]) -> list[object]:
    return [value.number for oid, value in sorted(found.items()) if oid[: len(LEVEL)] == LEVEL]


async def test_get_leaves_out_what_is_missing(start_agent: Start, agent_class: type) -> None:
    target = await start_agent(agent_class(OBJECTS))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community())
        found = await snmp.get(session, [DESCR, MISSING, NAME])
    assert found == {oid: OBJECTS[oid] for oid in (DESCR, NAME)}
    assert session.security.protocol == "snmp-2c"


async def test_walk_reads_columns_side_by_side(start_agent: Start, agent_class: type) -> None:
    agent = agent_class(OBJECTS)
    target = await start_agent(agent)
    async with client.SnmpClient() as snmp:
        found = await snmp.walk(await snmp.session(target, community()), [CAPACITY, LEVEL])
    assert found == {oid: value for oid, value in OBJECTS.items() if oid[:10] == TABLE}
    assert len(agent.requests) == 1


@pytest.mark.parametrize("version", Version)
async def test_walk_leaves_nothing_out_at_the_end_of_everything(
    start_agent: Start, agent_class: type, version: Version
) -> None:
    objects = {oid: value for oid, value in OBJECTS.items() if oid[:11] == LEVEL}
    target = await start_agent(agent_class(objects))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community(version=version))
        assert await snmp.walk(session, [CAPACITY, LEVEL]) == objects


async def test_ipv6(start_agent: Start, agent_class: type) -> None:
    try:
        target = await start_agent(agent_class(OBJECTS), "::1")
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    async with client.SnmpClient() as snmp:
        session = await snmp.session(Target("0:0:0:0:0:0:0:1", target.port), community())
        assert await snmp.get(session, [DESCR]) == {DESCR: OBJECTS[DESCR]}


async def test_v1_get_does_without_missing_names(start_agent: Start, agent_class: type) -> None:
    agent = agent_class(OBJECTS)
    target = await start_agent(agent)
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community(version=Version.V1))
        found = await snmp.get(session, [MISSING, DESCR, (*MISSING, 1), NAME])
    assert found == {oid: OBJECTS[oid] for oid in (DESCR, NAME)}
    assert {request.version for request in agent.requests} == {Version.V1}


async def test_a_device_that_is_silent_to_v2c_is_asked_in_v1(start_agent: Start, agent_class: type) -> None:
    class OnlyV1(agent_class):  # type: ignore[misc]
        versions = (Version.V1,)

    target = await start_agent(OnlyV1(OBJECTS))
    async with quick() as snmp:
        session = await snmp.session(target, community())
        found = await snmp.walk(session, [LEVEL])
    assert levels(found) == list(range(1, ROWS + 1))
    assert session.security.protocol == "snmp-1"


async def test_a_device_that_answers_in_v1_is_asked_in_v1(start_agent: Start, agent_class: type) -> None:
    class AnswersV1(agent_class):  # type: ignore[misc]
        def answer(self, message: Message) -> Message:
            return super().answer(Message(Version.V1, message.community, message.pdu))

    target = await start_agent(AnswersV1(OBJECTS))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community())
        found = await snmp.get(session, [DESCR, MISSING])
    assert found == {DESCR: OBJECTS[DESCR]}
    assert session.security.protocol == "snmp-1"


async def test_a_late_v1_answer_to_another_question_changes_nothing(start_agent: Start, agent_class: type) -> None:
    class LateV1(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            late = Pdu(PduKind.RESPONSE, message.pdu.request_id ^ 1)
            send(codec.encode(Message(Version.V1, message.community, late)))
            super().reply(message, send)

    target = await start_agent(LateV1(OBJECTS))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community())
        assert await snmp.get(session, [DESCR]) == {DESCR: OBJECTS[DESCR]}
    assert session.security.protocol == "snmp-2c"


async def test_a_version_that_was_asked_for_is_kept(start_agent: Start, agent_class: type) -> None:
    class OnlyV1(agent_class):  # type: ignore[misc]
        versions = (Version.V1,)

    target = await start_agent(OnlyV1(OBJECTS))
    async with quick() as snmp:
        session = await snmp.session(target, community(may_fall_back=False))
        with pytest.raises(PrinterError, match="no answer"):
            await snmp.get(session, [DESCR])


async def test_answers_that_are_too_big_are_asked_for_in_parts(start_agent: Start, agent_class: type) -> None:
    class Small(agent_class):  # type: ignore[misc]
        most_values = 1

    target = await start_agent(Small(OBJECTS))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community())
        found = await snmp.get(session, [DESCR, NAME])
        walked = await snmp.walk(session, [CAPACITY, LEVEL])
    assert found == {oid: OBJECTS[oid] for oid in (DESCR, NAME)}
    assert len(walked) == 2 * ROWS


async def test_answers_cut_short_are_continued(start_agent: Start, agent_class: type) -> None:
    class Short(agent_class):  # type: ignore[misc]
        def bulk(self, oids: list[values.Oid], repetitions: int) -> list[codec.VarBind]:
            return super().bulk(oids, repetitions)[:3]

    target = await start_agent(Short(OBJECTS))
    async with client.SnmpClient() as snmp:
        walked = await snmp.walk(await snmp.session(target, community()), [CAPACITY, LEVEL])
    assert len(walked) == 2 * ROWS


async def test_an_oid_that_always_fails_is_left_out(start_agent: Start, agent_class: type) -> None:
    class Fails(agent_class):  # type: ignore[misc]
        def error(self, version: Version, found: list[codec.VarBind]) -> tuple[int, int]:
            failing = [at for at, (oid, _) in enumerate(found, start=1) if oid == NAME]
            return (ErrorStatus.GEN_ERR, failing[0]) if failing else (0, 0)

    target = await start_agent(Fails(OBJECTS))
    async with client.SnmpClient() as snmp:
        found = await snmp.get(await snmp.session(target, community()), [DESCR, NAME])
    assert found == {DESCR: OBJECTS[DESCR]}


@pytest.mark.parametrize("version", Version)
async def test_an_endless_walk_is_stopped(start_agent: Start, agent_class: type, version: Version) -> None:
    class Endless(agent_class):  # type: ignore[misc]
        def following(self, oid: values.Oid) -> codec.VarBind:
            return (*LEVEL, 1, 1), values.integer(1)

    agent = Endless(OBJECTS)
    target = await start_agent(agent)
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community(version=version))
        with pytest.raises(PrinterError, match="endless") as raised:
            await snmp.walk(session, [LEVEL])
    assert raised.value.permanent
    assert len(agent.requests) <= 2


async def test_a_table_without_end_is_stopped(start_agent: Start, agent_class: type) -> None:
    class Growing(agent_class):  # type: ignore[misc]
        def following(self, oid: values.Oid) -> codec.VarBind:
            last = oid[len(LEVEL)] if len(oid) > len(LEVEL) else 0
            return (*LEVEL, last + 1), values.integer(1)

    target = await start_agent(Growing(OBJECTS))
    async with client.SnmpClient(max_values=200) as snmp:
        session = await snmp.session(target, community())
        with pytest.raises(PrinterError, match="more than 200 values"):
            await snmp.walk(session, [LEVEL])


async def test_empty_answers_end_a_walk(start_agent: Start, agent_class: type) -> None:
    class Empty(agent_class):  # type: ignore[misc]
        def bulk(self, oids: list[values.Oid], repetitions: int) -> list[codec.VarBind]:
            return []

    target = await start_agent(Empty(OBJECTS))
    async with client.SnmpClient() as snmp:
        assert await snmp.walk(await snmp.session(target, community()), [CAPACITY, LEVEL]) == {}


async def test_silence_is_a_passing_error(start_agent: Start, agent_class: type) -> None:
    agent = agent_class(OBJECTS, community=b"secret")
    target = await start_agent(agent)
    async with quick(retries=1) as snmp:
        session = await snmp.session(target, community())
        with pytest.raises(PrinterError, match="no answer") as raised:
            await snmp.get(session, [DESCR])
    assert not raised.value.permanent
    assert raised.value.device == str(target)
    assert len(agent.requests) == 2


async def test_what_is_not_snmp_is_said(start_agent: Start, agent_class: type) -> None:
    class Garbage(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            send(b"HTTP/1.1 400 Bad Request")

    target = await start_agent(Garbage(OBJECTS))
    async with quick(retries=1) as snmp:
        session = await snmp.session(target, community())
        with pytest.raises(PrinterError, match="not SNMP") as raised:
            await snmp.get(session, [DESCR])
    assert raised.value.permanent


async def test_a_lost_question_is_asked_again(start_agent: Start, agent_class: type) -> None:
    class DeafAtFirst(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            if len(self.requests) > 1:
                super().reply(message, send)

    target = await start_agent(DeafAtFirst(OBJECTS))
    async with quick() as snmp:
        session = await snmp.session(target, community())
        assert await snmp.get(session, [DESCR]) == {DESCR: OBJECTS[DESCR]}
    assert session.security.protocol == "snmp-2c"


async def test_duplicates_wrong_ids_and_questions_are_dropped(start_agent: Start, agent_class: type) -> None:
    class Chatty(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            answer = self.answer(message)
            lie = ((DESCR, values.octet_string("lie")),)
            other_id = Pdu(PduKind.RESPONSE, message.pdu.request_id ^ 1, varbinds=lie)
            question = Pdu(PduKind.GET, message.pdu.request_id, varbinds=lie)
            for pdu in (other_id, question, answer.pdu, answer.pdu):
                send(codec.encode(Message(message.version, message.community, pdu)))

    target = await start_agent(Chatty(OBJECTS))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community())
        first = await snmp.get(session, [DESCR])
        second = await snmp.get(session, [NAME])
    assert (first, second) == ({DESCR: OBJECTS[DESCR]}, {NAME: OBJECTS[NAME]})
    assert snmp.dropped >= 5


async def test_strangers_are_not_believed(start_agent: Start, agent_class: type) -> None:
    """The right id from another port: somebody guesses, or a device answers from elsewhere."""
    strangers = []

    class Betrayed(agent_class):  # type: ignore[misc]
        def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
            strangers[0].transport.sendto(codec.encode(self.answer(codec.decode(data))), addr)

    strangers.append(agent_class({}))
    await start_agent(strangers[0])
    target = await start_agent(Betrayed(OBJECTS))
    async with quick(retries=1) as snmp:
        session = await snmp.session(target, community())
        with pytest.raises(PrinterError, match="no answer"):
            await snmp.get(session, [DESCR])
    assert snmp.dropped == 2


async def test_one_question_at_a_time_to_each_device(start_agent: Start, agent_class: type) -> None:
    waiting: list[int] = []
    most = 0

    class Slow(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            nonlocal most
            waiting.append(message.pdu.request_id)
            most = max(most, len(waiting))
            asyncio.get_running_loop().call_soon(self.finish, message, send)

        def finish(self, message: Message, send: Callable[[bytes], None]) -> None:
            waiting.remove(message.pdu.request_id)
            super().reply(message, send)

    target = await start_agent(Slow(OBJECTS))
    async with client.SnmpClient() as snmp:
        sessions = [await snmp.session(target, community()) for _ in range(5)]
        found = await asyncio.gather(*(snmp.get(session, [DESCR]) for session in sessions))
    assert found == [{DESCR: OBJECTS[DESCR]}] * 5
    assert most == 1


async def test_a_name_that_cannot_be_found_is_a_printer_error() -> None:
    async with client.SnmpClient() as snmp:
        with pytest.raises(PrinterError, match="address"):
            await snmp.session(Target("no-such-printer.invalid"), community())


async def test_an_address_that_cannot_be_sent_to_is_a_printer_error() -> None:
    async with quick() as snmp:
        session = await snmp.session(Target("255.255.255.255"), community())
        with pytest.raises(PrinterError, match="send"):
            await snmp.get(session, [DESCR])


async def test_a_device_that_is_silent_to_bulk_is_asked_one_by_one_p22(start_agent: Start, agent_class: type) -> None:
    class NoBulk(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            if message.pdu.kind is not PduKind.GET_BULK:
                super().reply(message, send)

    target = await start_agent(NoBulk(OBJECTS))
    async with quick(retries=1) as snmp:
        session = await snmp.session(target, community(may_fall_back=False))
        found = await snmp.walk(session, [LEVEL])
        assert levels(found) == list(range(1, ROWS + 1))
        assert session.security.protocol == "snmp-2c"


async def test_a_device_that_errs_on_bulk_is_read_all_the_same_p22(start_agent: Start, agent_class: type) -> None:
    class Errs(agent_class):  # type: ignore[misc]
        def answer(self, message: Message) -> Message:
            asked = message.pdu
            if asked.kind is PduKind.GET_BULK and asked.max_repetitions > 1:
                failed = self.response(asked, ErrorStatus.TOO_BIG, 0, ())
                return Message(message.version, message.community, failed)
            return super().answer(message)

    target = await start_agent(Errs(OBJECTS))
    async with client.SnmpClient() as snmp:
        walked = await snmp.walk(await snmp.session(target, community()), [CAPACITY, LEVEL])
    assert len(walked) == 2 * ROWS


async def test_answers_of_strangers_and_repeated_ones_change_nothing(start_agent: Start, agent_class: type) -> None:
    class Repeats(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            for _ in range(3):
                super().reply(message, send)

    class Stranger(agent_class):  # type: ignore[misc]
        def answer(self, message: Message) -> Message:
            lie = ((DESCR, values.octet_string("a lie")),)
            return Message(message.version, message.community, self.response(message.pdu, 0, 0, lie))

    stranger = Stranger(OBJECTS)
    await start_agent(stranger)

    class Betrayed(Repeats):
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            stranger.reply(message, lambda data: stranger.transport.sendto(data, self.asked_from))
            super().reply(message, send)

        def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
            self.asked_from = addr
            super().datagram_received(data, addr)

    target = await start_agent(Betrayed(OBJECTS))
    async with client.SnmpClient() as snmp:
        session = await snmp.session(target, community())
        for _ in range(3):
            assert await snmp.get(session, [DESCR]) == {DESCR: OBJECTS[DESCR]}
        await asyncio.sleep(0.05)
        assert snmp.dropped >= 6


async def test_many_on_one_socket_with_what_the_system_grants(start_agent: Start, agent_class: type) -> None:
    targets = [await start_agent(agent_class(OBJECTS), f"127.0.0.{number}") for number in range(1, 41)]
    async with client.SnmpClient(in_flight=8) as snmp:
        assert snmp.receive_buffer_octets == 0
        sessions = [await snmp.session(target, community()) for target in targets]
        found = await asyncio.gather(*(snmp.get(session, [DESCR, NAME]) for session in sessions))
        assert snmp.receive_buffer_octets > 0
        assert len(snmp._transports) == 1
    assert found == [{oid: OBJECTS[oid] for oid in (DESCR, NAME)}] * len(targets)


async def test_a_device_rests_between_questions(start_agent: Start, agent_class: type) -> None:
    moments: list[float] = []

    class Notes(agent_class):  # type: ignore[misc]
        def reply(self, message: Message, send: Callable[[bytes], None]) -> None:
            moments.append(asyncio.get_running_loop().time())
            super().reply(message, send)

    target = await start_agent(Notes(OBJECTS))
    async with client.SnmpClient(pause_s=0.05) as snmp:
        session = await snmp.session(target, community())
        for _ in range(3):
            await snmp.get(session, [DESCR])
    assert all(later - earlier >= 0.045 for earlier, later in itertools.pairwise(moments))


async def test_a_printer_on_ipv6_is_walked_beside_one_on_ipv4(start_agent: Start, agent_class: type) -> None:
    try:
        six = await start_agent(agent_class(OBJECTS), "::1")
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    four = await start_agent(agent_class(OBJECTS))
    async with client.SnmpClient() as snmp:
        sessions = [await snmp.session(target, community()) for target in (six, four)]
        found = await asyncio.gather(*(snmp.walk(session, [LEVEL]) for session in sessions))
    assert [levels(walked) for walked in found] == [list(range(1, ROWS + 1))] * 2
