"""A purchase order's life, failures, and distributors' answers in any order and number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.core.errors import IllegalMove
from econcierge.fulfilment import rules
from econcierge.fulfilment.types import (
    Answer,
    AnsweredLine,
    Line,
    LineChanged,
    NumberLearned,
    PurchaseOrder,
    PurchaseOrderLineState,
    PurchaseOrderState,
    Shipment,
    ShipmentDelivered,
    ShipmentSeen,
    ShippedLine,
    ShippedTooMany,
    StateChanged,
    UnknownLine,
)

P, L = PurchaseOrderState, PurchaseOrderLineState
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
PO = PurchaseOrder("PO-7", P.SENT, (Line(1, "106R03512", 2), Line(2, "106R03500", 1)))


def parcel(their_id: str, *lines: tuple[int, int], delivered: bool = False) -> Shipment:
    delivered_at = NOW + timedelta(days=2) if delivered else None
    shipped = tuple(ShippedLine(line, quantity) for line, quantity in lines)
    return Shipment(their_id, "Purolator", f"T{their_id}", NOW, shipped, delivered_at=delivered_at)


def accepted(*lines: int) -> Answer:
    parts = {line.line: line.part_number for line in PO.lines}
    return Answer("PO-7", "D-99", tuple(AnsweredLine(n, parts[n], L.ACCEPTED) for n in lines))


def after(*answers: Answer, po: PurchaseOrder = PO) -> PurchaseOrder:
    for answer in answers:
        po = rules.applied(po=po, changes=rules.apply_status(po=po, answer=answer).changes)
    return po


def states(po: PurchaseOrder) -> list[str]:
    return [po.state.value, *(line.state.value for line in po.lines)]


def test_an_acknowledgement_brings_their_number() -> None:
    merge = rules.apply_status(po=PO, answer=accepted(1, 2))
    assert merge.changes == (
        NumberLearned("D-99"),
        LineChanged(1, L.ACCEPTED, None),
        LineChanged(2, L.ACCEPTED, None),
        StateChanged(P.ACKNOWLEDGED),
    )


def test_a_back_order_keeps_its_expected_day() -> None:
    said = AnsweredLine(2, "106R03500", L.BACK_ORDERED, date(2026, 12, 1))
    po = after(Answer("PO-7", lines=(said,)), accepted(2))
    assert (po.lines[1].state, po.lines[1].expected_ship_on) == (L.ACCEPTED, date(2026, 12, 1))


HISTORIES = [
    ("two parcels for one line", [Answer("PO-7", shipments=(parcel("a", (1, 1)),))],
     ["partially_shipped", "partially_shipped", "sent"]),
    ("all of one line", [Answer("PO-7", shipments=(parcel("a", (1, 2)),))],
     ["partially_shipped", "shipped", "sent"]),
    ("everything in one parcel", [Answer("PO-7", shipments=(parcel("a", (1, 2), (2, 1)),))],
     ["shipped", "shipped", "shipped"]),
    ("split and delivered", [
        Answer("PO-7", shipments=(parcel("a", (1, 1), delivered=True), parcel("b", (1, 1), (2, 1)))),
        Answer("PO-7", shipments=(parcel("b", (1, 1), (2, 1), delivered=True),))],
     ["delivered", "delivered", "delivered"]),
    ("one refused, the other shipped", [
        Answer("PO-7", lines=(AnsweredLine(2, "106R03500", L.REFUSED),), shipments=(parcel("a", (1, 2)),))],
     ["shipped", "shipped", "refused"]),
    ("all cancelled", [Answer("PO-7", lines=(AnsweredLine(1, "106R03512", L.CANCELLED),
                                             AnsweredLine(2, "106R03500", L.CANCELLED)))],
     ["cancelled", "cancelled", "cancelled"]),
    ("an old acknowledgement after the parcel", [
        Answer("PO-7", shipments=(parcel("a", (1, 2), (2, 1)),)), accepted(1, 2)],
     ["shipped", "shipped", "shipped"]),
    ("cancelled after it shipped", [
        Answer("PO-7", shipments=(parcel("a", (1, 2), (2, 1)),)),
        Answer("PO-7", lines=(AnsweredLine(1, "106R03512", L.CANCELLED),))],
     ["shipped", "shipped", "shipped"]),
    ("taken, nothing said yet", [Answer("PO-7", "D-99")], ["sent", "sent", "sent"]),
]  # fmt: skip


@pytest.mark.parametrize(("says", "answers", "expected"), HISTORIES, ids=[row[0] for row in HISTORIES])
def test_what_answers_make(says: str, answers: list[Answer], expected: list[str]) -> None:
    assert states(after(*answers)) == expected


def test_an_unknown_outcome_is_cleared_by_an_answer() -> None:
    unknown = PurchaseOrder("PO-7", P.UNKNOWN, PO.lines)
    assert after(accepted(1, 2), po=unknown).state is P.ACKNOWLEDGED
    assert after(Answer("PO-7", "D-99"), po=unknown).state is P.SENT


def test_a_parcel_is_delivered_once() -> None:
    shipped = after(Answer("PO-7", shipments=(parcel("a", (2, 1)),)))
    delivered = Answer("PO-7", shipments=(parcel("a", (2, 1), delivered=True),))
    merge = rules.apply_status(po=shipped, answer=delivered)
    assert ShipmentDelivered("a", NOW + timedelta(days=2)) in merge.changes
    assert not any(isinstance(change, ShipmentSeen) for change in merge.changes)


def test_more_than_ordered_is_refused_by_name() -> None:
    shipped = after(Answer("PO-7", shipments=(parcel("a", (1, 1)),)))
    with pytest.raises(ShippedTooMany, match="PO-7 line 1: 3 shipped of 2") as error:
        rules.apply_status(po=shipped, answer=Answer("PO-7", shipments=(parcel("b", (1, 2)),)))
    assert (error.value.line, error.value.ordered, error.value.shipped) == (1, 2, 3)


def test_lines_that_are_not_ours_are_named_and_the_rest_goes_through() -> None:
    answer = Answer(
        "PO-7",
        lines=(AnsweredLine(1, "106R03512", L.ACCEPTED), AnsweredLine(2, "OTHER", L.ACCEPTED)),
        shipments=(parcel("a", (9, 1)),),
    )
    merge = rules.apply_status(po=PO, answer=answer)
    assert merge.unknown_lines == (UnknownLine(2, "OTHER"), UnknownLine(9, None))
    assert merge.changes == (LineChanged(1, L.ACCEPTED, None), StateChanged(P.ACKNOWLEDGED))


PARCELS = st.sampled_from([
    parcel("a", (1, 1)), parcel("b", (1, 1), (2, 1)), parcel("a", (1, 1), delivered=True),
    parcel("b", (1, 1), (2, 1), delivered=True),
])  # fmt: skip
SAID = st.builds(
    AnsweredLine, line=st.sampled_from([1, 2, 9]), part_number=st.sampled_from(["106R03512", "106R03500"]),
    state=st.sampled_from(L), expected_ship_on=st.none() | st.just(date(2026, 12, 1)),
)  # fmt: skip
ANSWERS = st.builds(
    Answer, number=st.just("PO-7"), their_number=st.sampled_from(["", "D-99"]),
    lines=st.lists(SAID, max_size=3).map(tuple), shipments=st.lists(PARCELS, max_size=3).map(tuple),
)  # fmt: skip


@given(before=st.lists(ANSWERS, max_size=4), answer=ANSWERS)
def test_the_same_answer_twice_changes_nothing(before: list[Answer], answer: Answer) -> None:
    once = after(*before, answer)
    assert rules.apply_status(po=once, answer=answer).changes == ()


@given(answers=st.lists(ANSWERS, max_size=6))
def test_a_line_never_ships_more_than_ordered_nor_comes_back(answers: list[Answer]) -> None:
    po = PO
    for answer in answers:
        later = after(answer, po=po)
        for line, then in zip(po.lines, later.lines, strict=True):
            assert rules.shipped_quantity(po=later, line=line.line) <= line.quantity
            if line.state in (L.SHIPPED, L.DELIVERED):
                assert then.state in (L.SHIPPED, L.DELIVERED)
        assert later.state is po.state or later.state in rules.MOVES[po.state]
        po = later


@given(choices=st.lists(st.integers(0, 20), max_size=30))
def test_walked_at_random_a_closed_one_stays_closed(choices: list[int]) -> None:
    state = P.READY
    for choice in choices:
        possible = sorted(rules.MOVES[state])
        if not possible:
            assert state in rules.CLOSED
            break
        state = rules.move(state=state, to=possible[choice % len(possible)])
    with pytest.raises(IllegalMove):
        rules.move(state=P.SHIPPED, to=P.READY)


WAITS = [(0, 15), (1, 15), (2, 30), (3, 60), (6, 480), (7, 600), (10_000, 600)]


@pytest.mark.parametrize(("attempts", "seconds"), WAITS)
def test_back_off(attempts: int, seconds: int) -> None:
    assert rules.next_attempt_at(attempts=attempts, now=NOW) == NOW + timedelta(seconds=seconds)


FAILURES = [
    ("passing", False, False, P.READY, True),
    ("permanent", True, False, P.FAILED, False),
    ("timed out after sending", False, True, P.UNKNOWN, True),
    ("unknown outweighs permanent", True, True, P.UNKNOWN, True),
]


@pytest.mark.parametrize(("says", "permanent", "unknown", "state", "again"), FAILURES, ids=[r[0] for r in FAILURES])
def test_after_a_failure(says: str, permanent: bool, unknown: bool, state: PurchaseOrderState, again: bool) -> None:
    outcome = rules.after_failure(permanent=permanent, outcome_unknown=unknown, attempts=1, now=NOW)
    assert outcome.state is state
    assert (outcome.next_attempt_at is not None) is again
    assert state in rules.MOVES[P.SENDING]
