"""Asks many devices over one unconnected UDP socket per address family, politely.

One question at a time to each device, a bounded number of devices at a time, time-outs that grow. An answer counts
if it comes from the address and port that was asked and carries the request's id; strangers, duplicates and
late answers are dropped.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp import codec
from econcierge_printers.snmp.codec import CodecError, ErrorStatus, Pdu, PduKind
from econcierge_printers.snmp.security import Refused, Security, Untrusted, Verdict
from econcierge_printers.snmp.values import NULL, Oid, Value, format_oid
from econcierge_printers.snmp.walk import Question, Walk
from econcierge_printers.targets import Target

BACK_OFF = 1.5  # each retry waits so much longer
_MOST_LESSONS = 4  # how often a device may teach us how to ask one question: version, engine, clock, once more
VALUES_PER_ANSWER = 60  # about what fits a datagram that is not fragmented
_MOST_AT_ONCE = 64
_RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024
_SO_RCVBUFFORCE = 33  # asm-generic/socket.h; not among Python's names
Source = tuple[str, int]


@dataclass(slots=True)
class Session:
    """One device as we talk to it: where it is, how its messages are wrapped, what it can take."""

    target: Target
    address: tuple[object, ...]  # as the socket wants it
    source: Source
    security: Security
    lock: asyncio.Lock  # shared by all who talk to this address
    values_per_answer: int = VALUES_PER_ANSWER
    answered: bool = False
    avoids_bulk: bool = False
    useless: str | None = None  # why what came back was no answer

    @property
    def bulk(self) -> bool:
        return self.security.bulk and not self.avoids_bulk

    def be_plainer(self) -> None:
        """Silence may mean that the device does not know how we ask: an older version, or one by one (P22)."""
        if self.answered or not self.security.fall_back():
            self.avoids_bulk = True

    def error(self, step: str, reason: str, *, permanent: bool = False) -> PrinterError:
        return PrinterError(str(self.target), step, reason, permanent=permanent)


@dataclass(slots=True)
class _Pending:
    session: Session
    request_id: int
    answer: asyncio.Future[Pdu | Verdict | None]


class SnmpClient:
    """Use as an async context manager; `session` once per device, then `get` and `walk`."""

    def __init__(
        self,
        *,
        timeout_s: float = 2.0,
        retries: int = 2,
        in_flight: int = 200,
        max_values: int = 5_000,
        pause_s: float = 0.0,
    ) -> None:
        """At most so many questions `in_flight`; `pause_s` is the rest of each device between two of them."""
        self._timeout_s = timeout_s
        self._retries = retries
        self._max_values = max_values
        self._pause_s = pause_s
        self._window = asyncio.Semaphore(in_flight)
        self._pending: dict[Source, _Pending] = {}
        self._transports: dict[socket.AddressFamily, asyncio.DatagramTransport] = {}
        self._opening = asyncio.Lock()
        self._locks: WeakValueDictionary[Source, asyncio.Lock] = WeakValueDictionary()
        self._send_failure: OSError | None = None
        self.dropped = 0  # datagrams that answered no question

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports.values():
            transport.close()
        await asyncio.sleep(0)  # lets the transports close their sockets

    async def session(self, target: Target, security: Security) -> Session:
        """Finds the address of a device; asks it nothing yet."""
        address = _numeric_address(target) or await _resolved_address(target)
        try:
            await self._open(_family(address))
        except OSError as error:
            raise PrinterError(str(target), "socket", error.strerror or str(error)) from error
        source = _source(address)
        lock = self._locks.get(source)
        if lock is None:
            self._locks[source] = lock = asyncio.Lock()
        return Session(target, address, source, security, lock)

    async def get(self, session: Session, oids: Sequence[Oid]) -> dict[Oid, Value]:
        """What there is of `oids`; what is missing, or makes the device fail, is left out."""
        found: dict[Oid, Value] = {}
        waiting = [list(oids)]
        while waiting:
            asked = waiting.pop()
            if not asked:
                continue
            answer = await self._ask(session, "get", partial(question, PduKind.GET, asked))
            if answer.error_status == ErrorStatus.NO_ERROR:
                wanted = set(asked)
                found |= {oid: v for oid, v in answer.varbinds if oid in wanted and not v.missing}
            else:
                waiting += _without_the_faulty(asked, answer)
        return found

    async def walk(
        self, session: Session, columns: Sequence[Oid], *, rows: Mapping[Oid, int] | None = None, tolerant: bool = False
    ) -> dict[Oid, Value]:
        """Everything below each of `columns`, walked side by side; `rows` is how many each probably has.

        Raises `PrinterError`, permanent when a column is endless or there is more than is sane; a `tolerant`
        walk ends there with what it has.
        """
        walk = self.begin(columns, rows=rows)
        while await self.go_on(session, walk):
            pass
        if not tolerant:
            refuse_what_never_ends(session, walk, columns)
        return walk.found

    def begin(
        self, columns: Sequence[Oid], *, rows: Mapping[Oid, int] | None = None, instances: Sequence[Oid] = ()
    ) -> Walk:
        """A walk for `go_on`, to which columns may be added on the way."""
        return Walk(columns, max_values=self._max_values, rows=rows, instances=instances)

    async def go_on(self, session: Session, walk: Walk) -> bool:
        """One question of a walk and its answer; False when there was nothing left to ask."""
        if (asked := walk.ask(session.values_per_answer)) is None:
            return False
        answer = await self._ask(session, "walk", partial(_next_pdu, session, asked))
        _advance(walk, session, asked.oids, answer)
        return True

    async def _ask(self, session: Session, step: str, build: Callable[[], Pdu]) -> Pdu:
        """One question until it is answered, or the retries are used up."""
        async with session.lock:
            await self._rest(session)
            for attempt in range(self._retries + 1):
                if attempt and attempt == self._retries:
                    session.be_plainer()
                async with self._window:
                    answer = await self._send_until_taught(session, build, self._timeout_s * BACK_OFF**attempt)
                if answer is not None:
                    return _admitted(session, answer, step)
        if session.useless is not None:
            raise session.error(step, session.useless, permanent=True)
        raise session.error(step, "no answer" if session.answered else session.security.silence)

    async def _rest(self, session: Session) -> None:
        if self._pause_s and session.answered:
            await asyncio.sleep(self._pause_s)

    @property
    def receive_buffer_octets(self) -> int:
        """What the system granted, the least of our sockets; 0 before the first is open."""
        sockets = [transport.get_extra_info("socket") for transport in self._transports.values()]
        return min((opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) for opened in sockets), default=0)

    async def _send_until_taught(self, session: Session, build: Callable[[], Pdu], wait_s: float) -> Pdu | None:
        """One attempt; a device that teaches us how to ask is asked anew at once."""
        for _ in range(_MOST_LESSONS):
            answer = await self._send_once(session, build(), wait_s)
            if not isinstance(answer, Verdict):
                return answer
        return None

    async def probe(self, session: Session, pdu: Pdu, *, wait_s: float) -> Pdu | None:
        """One packet and its answer, or None: for sweeps, which pace themselves and expect silence."""
        async with session.lock:
            return await self._send_until_taught(session, lambda: pdu, wait_s)

    async def _send_once(self, session: Session, pdu: Pdu, wait_s: float) -> Pdu | Verdict | None:
        loop = asyncio.get_running_loop()
        pending = _Pending(session, pdu.request_id, loop.create_future())
        self._pending[session.source] = pending
        timer = loop.call_later(wait_s, _settle, pending.answer, None)
        try:
            self._send(session, session.security.wrap(pdu))
            return await pending.answer
        finally:
            timer.cancel()
            del self._pending[session.source]

    def _send(self, session: Session, data: bytes) -> None:
        self._send_failure = None
        self._transports[_family(session.address)].sendto(data, session.address)
        if self._send_failure is not None:
            raise session.error("send", self._send_failure.strerror or str(self._send_failure))

    def send_failed(self, error: OSError) -> None:
        """The system refused to send (no route, forbidden): asyncio says so while sending."""
        self._send_failure = error

    def received(self, data: bytes, address: tuple[object, ...]) -> None:
        """A datagram came in; whatever it is, nothing is raised."""
        pending = self._pending.get(_source(address))
        if pending is None or pending.answer.done():
            self.dropped += 1
            return
        try:
            pdu = pending.session.security.unwrap(data, request_id=pending.request_id)
        except Refused as error:
            pending.answer.set_exception(pending.session.error("security", error.reason, permanent=True))
            return
        except CodecError as error:
            what = "" if isinstance(error, Untrusted) else "answers what is not SNMP: "
            pending.session.useless = what + error.reason
            self.dropped += 1
            return
        if pdu is not Verdict.ASK_ANEW and not _answers(pdu, pending.request_id):
            self.dropped += 1
            return
        _settle(pending.answer, pdu)

    async def _open(self, family: socket.AddressFamily) -> None:
        async with self._opening:
            if family in self._transports:
                return
            opened = _socket(family)
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(self, opened), sock=opened)
            self._transports[family] = transport


class _Receiver(asyncio.DatagramProtocol):
    """Takes all datagrams that have come in at once: asyncio alone takes one each time round its loop."""

    def __init__(self, client: SnmpClient, opened: socket.socket) -> None:
        self._client = client
        self._opened = opened
        self._may_take_more = isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop)

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self._client.received(data, addr)
        for _ in range(_MOST_AT_ONCE if self._may_take_more else 0):
            try:
                data, addr = self._opened.recvfrom(codec.MAX_MESSAGE_OCTETS)
            except OSError:  # nothing more now; what is wrong, asyncio finds as well
                return
            self._client.received(data, addr)

    def error_received(self, exc: Exception) -> None:
        if isinstance(exc, OSError):
            self._client.send_failed(exc)


def _numeric_address(target: Target) -> tuple[object, ...] | None:
    """Most targets are addresses already; a name, or a link-local address with its interface, is looked up."""
    try:
        parsed = ipaddress.ip_address(target.host)
    except ValueError:
        return None
    if "%" in target.host:
        return None
    host = str(parsed)  # in the form that answers will have
    return (host, target.port) if parsed.version == 4 else (host, target.port, 0, 0)


async def _resolved_address(target: Target) -> tuple[object, ...]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise PrinterError(str(target), "address", str(error)) from error
    return found[0][4]


def _family(address: tuple[object, ...]) -> socket.AddressFamily:
    return socket.AF_INET6 if len(address) == 4 else socket.AF_INET


def _socket(family: socket.AddressFamily) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_DGRAM)
    opened.setblocking(False)
    _raise_receive_buffer(opened)
    opened.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))  # noqa: S104 (only answers arrive)
    return opened


def _raise_receive_buffer(opened: socket.socket) -> None:
    """Answers of many devices come at once. Beyond the system's own limit where we may (Linux, privileged)."""
    if sys.platform == "linux":
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER_OCTETS)
            return
    with suppress(OSError):
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_OCTETS)


def _admitted(session: Session, answer: Pdu, step: str) -> Pdu:
    """A device that knows us and lets us see nothing says so once, instead of a reading without anything."""
    if answer.error_status == ErrorStatus.AUTHORIZATION_ERROR and not session.answered:
        raise session.error(step, "it does not let us read anything (authorizationError)", permanent=True)
    session.answered = True
    return answer


def _answers(pdu: Pdu | Verdict, request_id: int) -> bool:
    return isinstance(pdu, Pdu) and pdu.request_id == request_id and pdu.kind is PduKind.RESPONSE


def _settle(answer: asyncio.Future[Pdu | Verdict | None], pdu: Pdu | Verdict | None) -> None:
    if not answer.done():
        answer.set_result(pdu)


def _source(address: tuple[object, ...]) -> Source:
    """Host and port; the interface that IPv6 adds to a link-local address is left out."""
    return str(address[0]).partition("%")[0], int(str(address[1]))


def question(kind: PduKind, oids: Sequence[Oid], max_repetitions: int = 0, *, non_repeaters: int = 0) -> Pdu:
    request_id = secrets.randbits(31)
    return Pdu(kind, request_id, non_repeaters, max_repetitions, tuple((oid, NULL) for oid in oids))


def _next_pdu(session: Session, asked: Question) -> Pdu:
    if not session.bulk:
        return question(PduKind.GET_NEXT, asked.oids)
    return question(PduKind.GET_BULK, asked.oids, asked.repetitions, non_repeaters=asked.non_repeaters)


def refuse_what_never_ends(session: Session, walk: Walk, columns: Sequence[Oid]) -> None:
    """Raises a permanent `PrinterError` when one of `columns` could not be walked to its end."""
    if endless := [column for column in columns if column in walk.endless]:
        below = ", ".join(map(format_oid, endless))
        raise session.error("walk", f"endless: its OIDs do not increase below {below}", permanent=True)
    if any(column in walk.capped for column in columns):
        raise session.error("walk", f"more than {walk.max_values} values", permanent=True)


def _advance(walk: Walk, session: Session, asked: Sequence[Oid], answer: Pdu) -> None:
    """Takes an answer in, or makes the next question one that the device can answer."""
    if answer.error_status == ErrorStatus.NO_ERROR and answer.varbinds:
        walk.take(answer.varbinds)
    elif answer.error_status in (ErrorStatus.TOO_BIG, ErrorStatus.NO_ERROR) and session.values_per_answer > 1:
        session.values_per_answer = min(session.values_per_answer // 2, max(1, 2 * len(asked)))
    elif 0 < answer.error_index <= len(asked):
        walk.drop(answer.error_index - 1)
    elif len(asked) > 1:
        session.values_per_answer = max(1, len(asked) // 2)
    else:
        walk.drop(0)


def _without_the_faulty(asked: Sequence[Oid], answer: Pdu) -> list[list[Oid]]:
    """A v1 agent refuses a whole GET for one missing OID: ask without it, or in halves when it does not say which."""
    if answer.error_status != ErrorStatus.TOO_BIG and 0 < answer.error_index <= len(asked):
        faulty = answer.error_index - 1
        return [[*asked[:faulty], *asked[faulty + 1 :]]]
    half = len(asked) // 2
    return [list(asked[:half]), list(asked[half:])] if half else []
