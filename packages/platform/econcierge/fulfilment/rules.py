"""A purchase order's life and what a distributor's answer changes. The same answer twice changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta

from econcierge.core.errors import IllegalMove
from econcierge.fulfilment import types as t

P = t.PurchaseOrderState
L = t.PurchaseOrderLineState

_ANSWERS = frozenset({P.ACKNOWLEDGED, P.PARTIALLY_SHIPPED, P.SHIPPED, P.DELIVERED, P.REFUSED, P.CANCELLED})
MOVES: dict[t.PurchaseOrderState, frozenset[t.PurchaseOrderState]] = {
    P.READY: frozenset({P.SENDING, P.CANCELLED}),
    P.SENDING: frozenset({P.READY, P.UNKNOWN, P.SENT, P.FAILED}) | _ANSWERS,
    P.UNKNOWN: frozenset({P.READY, P.SENT, P.FAILED}) | _ANSWERS,
    P.SENT: _ANSWERS,
    P.ACKNOWLEDGED: _ANSWERS - {P.ACKNOWLEDGED},
    P.PARTIALLY_SHIPPED: frozenset({P.SHIPPED, P.DELIVERED}),
    P.SHIPPED: frozenset({P.DELIVERED}),
    P.FAILED: frozenset({P.READY, P.CANCELLED}),
    P.DELIVERED: frozenset(),
    P.REFUSED: frozenset(),
    P.CANCELLED: frozenset(),
}
CLOSED = frozenset(state for state, to in MOVES.items() if not to)

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)  # nothing stays unknown for more than a quarter of an hour

_BEFORE_SHIPPING = frozenset({L.SENT, L.ACCEPTED, L.BACK_ORDERED})
_UNDONE = frozenset({L.REFUSED, L.CANCELLED})


def move(*, state: t.PurchaseOrderState, to: t.PurchaseOrderState) -> t.PurchaseOrderState:
    """The state after a legal move; raises `IllegalMove`."""
    if to not in MOVES[state]:
        raise IllegalMove(from_state=state, to_state=to)
    return to


def next_attempt_at(*, attempts: int, now: datetime) -> datetime:
    """When to try or ask again after so many attempts: 15 s, then twice as long each time, at most 10 minutes."""
    doublings = min(max(attempts - 1, 0), 10)
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def after_failure(*, permanent: bool, outcome_unknown: bool, attempts: int, now: datetime) -> t.AfterFailure:
    """Passing: sent again later. Permanent: failed, a person looks. Unknown outcome: asked about, not resent."""
    if outcome_unknown:
        return t.AfterFailure(P.UNKNOWN, next_attempt_at(attempts=attempts, now=now))
    if permanent:
        return t.AfterFailure(P.FAILED, None)
    return t.AfterFailure(P.READY, next_attempt_at(attempts=attempts, now=now))


def apply_status(*, po: t.PurchaseOrder, answer: t.Answer) -> t.Merge:
    """What an answer changes: our number for theirs, lines, parcels, the order's state. Old news changes nothing.

    Raises `ShippedTooMany`; lines that are not ours are named and left out, the others go through.
    """
    parcels, unknown_parcel_lines = _our_parcels(po=po, answer=answer)
    unknown_lines = tuple(
        t.UnknownLine(said.line, said.part_number) for said in answer.lines if _ours(po, said) is None
    )
    changes: list[t.Change] = []
    if answer.their_number and answer.their_number != po.their_number:
        changes.append(t.NumberLearned(answer.their_number))
    changes += _parcel_changes(po=po, parcels=parcels)
    after = applied(po=po, changes=changes)
    _refuse_too_many(after)
    changes += _line_changes(po=after, answer=answer)
    after = applied(po=after, changes=changes)
    state = order_state(po=after, was_answered=bool(answer.lines or answer.shipments))
    if state in MOVES[po.state]:
        changes.append(t.StateChanged(state))
    return t.Merge(tuple(changes), (*unknown_lines, *unknown_parcel_lines))


def applied(*, po: t.PurchaseOrder, changes: Iterable[t.Change]) -> t.PurchaseOrder:
    """The purchase order after changes; applying one twice is the same as once."""
    for change in changes:
        po = _applied_one(po, change)
    return po


def steps(answer: t.Answer, *, now: datetime) -> tuple[tuple[datetime, t.Answer], ...]:
    """An answer as the news that it holds, one after the other with their moments: lines, then parcels and arrivals.

    A distributor is asked now and then, so one answer may tell a whole story; people read it step by step.
    """
    parcels = sorted(answer.shipments, key=lambda parcel: (parcel.shipped_at, parcel.their_id))
    moments = {parcel.shipped_at for parcel in parcels} | {p.delivered_at for p in parcels if p.delivered_at}
    in_parcels = {part.line for parcel in parcels for part in parcel.lines}
    lines = tuple(said for said in answer.lines if said.state not in _UNDONE or said.line not in in_parcels)
    answer = dataclasses.replace(answer, lines=lines)
    first = dataclasses.replace(answer, shipments=())
    told = [(answer.acknowledged_at or now, first)]
    told += [(at, dataclasses.replace(answer, shipments=_parcels_by(parcels, at))) for at in sorted(moments)]
    return tuple(told)


def _parcels_by(parcels: Iterable[t.Shipment], at: datetime) -> tuple[t.Shipment, ...]:
    return tuple(
        dataclasses.replace(p, delivered_at=p.delivered_at if p.delivered_at and p.delivered_at <= at else None)
        for p in parcels
        if p.shipped_at <= at
    )


def order_state(*, po: t.PurchaseOrder, was_answered: bool = True) -> t.PurchaseOrderState:
    """What a purchase order is, from its lines; a distributor that names no line has only taken it."""
    living = [line.state for line in po.lines if line.state not in _UNDONE]
    if not living:
        return P.CANCELLED if any(line.state is L.CANCELLED for line in po.lines) else P.REFUSED
    if all(state is L.DELIVERED for state in living):
        return P.DELIVERED
    if all(state in (L.SHIPPED, L.DELIVERED) for state in living):
        return P.SHIPPED
    if any(state in (L.PARTIALLY_SHIPPED, L.SHIPPED, L.DELIVERED) for state in living):
        return P.PARTIALLY_SHIPPED
    return P.ACKNOWLEDGED if was_answered else P.SENT


def shipped_quantity(*, po: t.PurchaseOrder, line: int, delivered_only: bool = False) -> int:
    """How many of a line are in parcels (or in delivered ones)."""
    return sum(
        part.quantity
        for parcel in po.shipments
        for part in parcel.lines
        if part.line == line and (parcel.delivered_at is not None or not delivered_only)
    )


def _ours(po: t.PurchaseOrder, said: t.AnsweredLine | t.ShippedLine) -> t.Line | None:
    for line in po.lines:
        if line.line == said.line and said.part_number in (None, line.part_number):
            return line
    return None


def _may_ship(po: t.PurchaseOrder, said: t.ShippedLine) -> bool:
    """A parcel with a line that was refused or cancelled before holds something that nobody ordered any more."""
    line = _ours(po, said)
    return line is not None and line.state not in _UNDONE


def _our_parcels(*, po: t.PurchaseOrder, answer: t.Answer) -> tuple[tuple[t.Shipment, ...], tuple[t.UnknownLine, ...]]:
    parcels: list[t.Shipment] = []
    unknown: list[t.UnknownLine] = []
    for parcel in answer.shipments:
        ours = tuple(part for part in parcel.lines if _may_ship(po, part))
        unknown += [t.UnknownLine(p.line, p.part_number) for p in parcel.lines if p not in ours]
        if ours:
            parcels.append(dataclasses.replace(parcel, lines=ours))
    return tuple(parcels), tuple(unknown)


def _parcel_changes(*, po: t.PurchaseOrder, parcels: Iterable[t.Shipment]) -> list[t.Change]:
    changes: list[t.Change] = []
    known = {parcel.their_id: parcel for parcel in po.shipments}
    for parcel in parcels:
        before = known.get(parcel.their_id)
        if before is None:
            changes.append(t.ShipmentSeen(parcel))
            known[parcel.their_id] = parcel
        elif before.delivered_at is None and parcel.delivered_at is not None:
            changes.append(t.ShipmentDelivered(parcel.their_id, parcel.delivered_at))
            known[parcel.their_id] = parcel
    return changes


def _refuse_too_many(po: t.PurchaseOrder) -> None:
    for line in po.lines:
        shipped = shipped_quantity(po=po, line=line.line)
        if shipped > line.quantity:
            raise t.ShippedTooMany(number=po.number, line=line.line, ordered=line.quantity, shipped=shipped)


def _line_changes(*, po: t.PurchaseOrder, answer: t.Answer) -> list[t.Change]:
    said = {s.line: s for s in answer.lines if _ours(po, s) is not None}
    changes: list[t.Change] = []
    for line in po.lines:
        state = _line_state(po=po, line=line, said=said.get(line.line))
        told = said.get(line.line)
        expected = told.expected_ship_on if told and told.expected_ship_on else line.expected_ship_on
        if (state, expected) != (line.state, line.expected_ship_on):
            changes.append(t.LineChanged(line.line, state, expected))
    return changes


def _line_state(*, po: t.PurchaseOrder, line: t.Line, said: t.AnsweredLine | None) -> t.PurchaseOrderLineState:
    """Parcels say more than words: what has shipped is never accepted again, refused or cancelled."""
    if shipped_quantity(po=po, line=line.line, delivered_only=True) >= line.quantity:
        return L.DELIVERED
    shipped = shipped_quantity(po=po, line=line.line)
    if shipped:
        return L.SHIPPED if shipped >= line.quantity else L.PARTIALLY_SHIPPED
    if said is None or line.state not in _BEFORE_SHIPPING:
        return line.state
    return said.state if said.state in _BEFORE_SHIPPING | _UNDONE else line.state


def _applied_one(po: t.PurchaseOrder, change: t.Change) -> t.PurchaseOrder:
    if isinstance(change, t.NumberLearned):
        return dataclasses.replace(po, their_number=change.their_number)
    if isinstance(change, t.StateChanged):
        return dataclasses.replace(po, state=change.state)
    if isinstance(change, t.LineChanged):
        lines = tuple(
            dataclasses.replace(ln, state=change.state, expected_ship_on=change.expected_ship_on)
            if ln.line == change.line else ln
            for ln in po.lines
        )  # fmt: skip
        return dataclasses.replace(po, lines=lines)
    if isinstance(change, t.ShipmentSeen):
        others = tuple(p for p in po.shipments if p.their_id != change.shipment.their_id)
        return dataclasses.replace(po, shipments=(*others, change.shipment))
    parcels = tuple(
        dataclasses.replace(p, delivered_at=change.delivered_at) if p.their_id == change.their_id else p
        for p in po.shipments
    )
    return dataclasses.replace(po, shipments=parcels)
