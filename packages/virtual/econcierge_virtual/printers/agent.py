"""An SNMP v1/v2c agent without sockets: a question and a view of objects in, the answer's bytes out.

GET, GETNEXT and GETBULK after RFC 1157 section 4.1 and RFC 3416 section 4.2; read only. Answers stay within
`max_octets`: GETBULK is cut short, everything else says tooBig.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from econcierge_printers.snmp import codec, values
from econcierge_printers.snmp.codec import ErrorStatus, Message, PduKind, VarBind, Version
from econcierge_printers.snmp.values import Oid, Value

MAX_OCTETS = 1400
MAX_REPETITIONS = 100


class View(Protocol):
    """What an agent can see."""

    def get(self, oid: Oid) -> Value:
        """The value, or noSuchObject, or noSuchInstance."""
        ...

    def next(self, oid: Oid) -> VarBind | None:
        """The first object after `oid`; None at the end."""
        ...


class TableView:
    """A view of a table, sorted once."""

    def __init__(self, table: Mapping[Oid, Value]) -> None:
        self._table = table
        self._oids = sorted(table)

    def get(self, oid: Oid) -> Value:
        found = self._table.get(oid)
        if found is not None:
            return found
        following = self.next(oid[:-1])
        is_column = following is not None and following[0][: len(oid) - 1] == oid[:-1]
        return values.NO_SUCH_INSTANCE if is_column else values.NO_SUCH_OBJECT

    def next(self, oid: Oid) -> VarBind | None:
        place = bisect.bisect_right(self._oids, oid)
        if place == len(self._oids):
            return None
        following = self._oids[place]
        return following, self._table[following]


def answer(question: Message, view: View, *, max_octets: int = MAX_OCTETS) -> bytes | None:
    """The datagram to send back; None for what an agent ignores (answers, traps, GETBULK in version 1)."""
    kind, version = question.pdu.kind, question.version
    if kind is PduKind.GET_BULK and version is Version.V2C:
        return _fit_bulk(question, _bulk(question, view), max_octets)
    if kind is PduKind.SET:
        status = ErrorStatus.NO_SUCH_NAME if version is Version.V1 else ErrorStatus.NOT_WRITABLE
        return _failed(question, status, 1)
    if kind not in (PduKind.GET, PduKind.GET_NEXT):
        return None
    found = tuple(_look(question, view, oid) for oid, _ in question.pdu.varbinds)
    if version is Version.V1:
        missing = next((place for place, (_, value) in enumerate(found, start=1) if value.missing), 0)
        if missing:
            return _failed(question, ErrorStatus.NO_SUCH_NAME, missing)
    data = _encoded(question, found)
    if len(data) <= max_octets:
        return data
    return _failed(question, ErrorStatus.TOO_BIG, 0)


def _look(question: Message, view: View, oid: Oid) -> VarBind:
    if question.pdu.kind is PduKind.GET:
        return oid, view.get(oid)
    return view.next(oid) or (oid, values.END_OF_MIB_VIEW)


def _bulk(question: Message, view: View) -> tuple[VarBind, ...]:
    """RFC 3416 section 4.2.3: one next for the first few, then rounds over the others."""
    oids = [oid for oid, _ in question.pdu.varbinds]
    once = max(0, min(question.pdu.non_repeaters, len(oids)))
    found = [view.next(oid) or (oid, values.END_OF_MIB_VIEW) for oid in oids[:once]]
    current = oids[once:]
    for _ in range(min(question.pdu.max_repetitions, MAX_REPETITIONS) if current else 0):
        row = [view.next(oid) or (oid, values.END_OF_MIB_VIEW) for oid in current]
        found.extend(row)
        if all(value.missing for _, value in row):
            break
        current = [oid for oid, _ in row]
    return tuple(found)


def _fit_bulk(question: Message, found: tuple[VarBind, ...], max_octets: int) -> bytes:
    """As many of them as fit, in order."""
    data = _encoded(question, found)
    while len(data) > max_octets and found:
        found = found[: min(len(found) - 1, len(found) * max_octets // len(data))]
        data = _encoded(question, found)
    return data


def _encoded(question: Message, varbinds: tuple[VarBind, ...], status: int = 0, index: int = 0) -> bytes:
    pdu = replace(question.pdu, kind=PduKind.RESPONSE, error_status=status, error_index=index, varbinds=varbinds)
    return codec.encode(replace(question, pdu=pdu))


def _failed(question: Message, status: ErrorStatus, index: int) -> bytes:
    """Version 1 sends the question's own names back; a v2c tooBig carries none (RFC 3416 section 4.2.1)."""
    is_bare = status is ErrorStatus.TOO_BIG and question.version is Version.V2C
    return _encoded(question, () if is_bare else question.pdu.varbinds, int(status), index)
