"""Evidence about a replacement: what a support person sees, and the verdict."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from econcierge.coverage.types import Verdict
from econcierge.coverage.verdicts import (
    ProgrammeDelivery,
    ReplacementSeen,
    ShelfStock,
    Surroundings,
    verdict_of_replacement,
)

ON = date(2026, 1, 10)
FIRST = ProgrammeDelivery("D1", "106R03512", 1, date(2025, 7, 1), serials=frozenset({"S1"}))
SECOND = ProgrammeDelivery("D2", "106R03512", 2, date(2025, 9, 1))
AROUND = Surroundings(
    enrolled_on=date(2025, 6, 10),
    fitting_parts=frozenset({"106R03512", "106R03500"}),
    barred_parts=frozenset({"106R03532"}),
    deliveries=(SECOND, FIRST),
)
USED_UP = (dataclasses.replace(FIRST, used=1), dataclasses.replace(SECOND, used=2))
NO_SERIALS = (SECOND, dataclasses.replace(FIRST, serials=frozenset()))
NOTHING_ON_SHELF: tuple[ShelfStock, ...] = ()
ON_SHELF = (ShelfStock("106R03500", 1),)
K, U, X, E = Verdict.CONSISTENT, Verdict.UNKNOWN, Verdict.CONTRADICTED, Verdict.EXCUSED

CASES: list[tuple[str, dict[str, Any], dict[str, Any], Verdict, str, str | None]] = [
    ("a serial that was delivered", {"serial": "S1"}, {}, K, "delivered_serial", "D1"),
    ("the same serial and part, written differently", {"serial": "s-1 ", "part_number": "106r 03512"}, {},
     K, "delivered_serial", "D1"),
    ("a part written with a blank", {"part_number": "106r03512 "}, {}, K, "delivered_part", "D1"),
    ("a part that was delivered, first in first used",
     {"part_number": "106R03512"}, {}, K, "delivered_part", "D1"),
    ("the first is used, so the second", {"part_number": "106R03512"},
     {"deliveries": (dataclasses.replace(FIRST, used=1), SECOND)}, K, "delivered_part", "D2"),
    ("the device tells neither", {}, {}, K, "unused_fitting_delivery", "D1"),
    ("the device tells neither, all is used", {}, {"deliveries": USED_UP}, U, "device_says_too_little", None),
    ("what is shipped later proves nothing", {}, {"deliveries": (dataclasses.replace(
        FIRST, shipped_on=date(2026, 1, 11)),)}, U, "device_says_too_little", None),
    ("a serial nobody can compare", {"serial": "Z9"}, {"deliveries": NO_SERIALS},
     K, "unused_fitting_delivery", "D1"),
    ("a serial that was not among those delivered", {"serial": "Z9"}, {}, U, "nothing_to_compare_with", None),
    ("a serial used up elsewhere", {"serial": "S1"},
     {"deliveries": (dataclasses.replace(FIRST, used=1, used_serials=frozenset({"S1"})),)},
     U, "nothing_to_compare_with", None),
    ("a serial of another customer", {"serial": "X7"}, {"other_customers_serials": frozenset({"X7"})},
     X, "serial_of_another_customer", None),
    ("a contract number", {"part_number": "106R03532"}, {}, X, "contract_or_foreign_part", None),
    ("a part that is not of this slot", {"part_number": "CF226X"}, {}, X, "part_not_of_this_slot", None),
    ("a part that was cut short", {"part_number": "106R03"}, {}, U, "part_cut_short", None),
    ("a slot that the catalogue does not know", {"part_number": "CF226X"}, {"fitting_parts": frozenset()},
     U, "slot_not_in_catalogue", None),
    ("genuine, never delivered, nothing was on the shelf", {"part_number": "106R03500"},
     {"declared_stock": NOTHING_ON_SHELF}, X, "never_delivered", None),
    ("genuine, never delivered, made after enrolment",
     {"part_number": "106R03500", "made_on": date(2025, 8, 1)}, {}, X, "never_delivered", None),
    ("genuine, never delivered, nobody asked about the shelf", {"part_number": "106R03500"}, {},
     U, "may_be_from_before_enrolment", None),
    ("declared at enrolment", {"part_number": "106R03500"}, {"declared_stock": ON_SHELF},
     K, "declared_stock", None),
    ("declared at enrolment, and used since",
     {"part_number": "106R03500"}, {"declared_stock": (ShelfStock("106R03500", 1, used=1),)},
     X, "never_delivered", None),
    ("declared at enrolment, and used since by a printer that told no part",
     {"part_number": "106R03500"}, {"declared_stock": (ShelfStock("106R03500", 1, used=1, guessed=1),)},
     U, "declared_part_used_up", None),
    ("as one that lay in the box of another printer", {"part_number": "106R03500"},
     {"declared_stock": NOTHING_ON_SHELF, "own_parts": frozenset({"106R03500"})}, U, "may_have_moved", None),
    ("a part told as the serial, as elsewhere", {"serial": "106R03500"},
     {"other_customers_serials": frozenset({"106R03500"})}, U, "nothing_to_compare_with", None),
    ("another part was declared",
     {"part_number": "106R03500"}, {"declared_stock": (ShelfStock("106R03512", 1),)}, X, "never_delivered", None),
    ("made on the day of enrolment, it may have been on the shelf",
     {"part_number": "106R03500", "made_on": date(2025, 6, 10)}, {}, U, "may_be_from_before_enrolment", None),
    ("shipped on the day it was seen", {"serial": "S1", "part_number": "106R03512"},
     {"deliveries": (dataclasses.replace(FIRST, shipped_on=ON),)}, K, "delivered_serial", "D1"),
    ("shipped on the day it was seen, no serial", {},
     {"deliveries": (dataclasses.replace(FIRST, shipped_on=ON),)}, K, "unused_fitting_delivery", "D1"),
    ("a delivered part more often than delivered", {"part_number": "106R03512"}, {"deliveries": USED_UP},
     U, "delivered_part_used_up", None),
    ("the cartridge in the box", {"part_number": "CF226X", "is_first_in_slot": True}, {}, K, "in_the_box", None),
    ("a person accepted an explanation", {"part_number": "CF226X"}, {"excuse": "warranty_replacement"},
     E, "warranty_replacement", None),
]  # fmt: skip


@pytest.mark.parametrize(("says", "told", "known", "verdict", "evidence", "delivery"), CASES, ids=[c[0] for c in CASES])
def test_verdicts(
    says: str, told: dict[str, Any], known: dict[str, Any], verdict: Verdict, evidence: str, delivery: str | None
) -> None:
    seen = ReplacementSeen(seen_on=ON, slot="black", **told)
    answer = verdict_of_replacement(seen=seen, around=dataclasses.replace(AROUND, **known))
    assert answer is not None
    assert (answer.verdict, answer.evidence, answer.delivery) == (verdict, evidence, delivery)


def test_a_cartridge_that_came_back_or_moved_within_the_customer_is_no_replacement() -> None:
    seen = ReplacementSeen(seen_on=ON, slot="black", serial="S1")
    around = dataclasses.replace(AROUND, own_serials=frozenset({"S1"}))
    assert verdict_of_replacement(seen=seen, around=around) is None


def test_declared_stock_says_which_part_is_used() -> None:
    seen = ReplacementSeen(seen_on=ON, slot="black", part_number="106R03500")
    answer = verdict_of_replacement(seen=seen, around=dataclasses.replace(AROUND, declared_stock=ON_SHELF))
    assert answer is not None
    assert answer.shelf_part == "106R03500"
