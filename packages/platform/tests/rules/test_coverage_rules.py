"""COVERAGE.md sentence by sentence. A row is: what a support person would say, what differs from a printer
that is covered, and the answer. Add a line when a customer's case was surprising."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.coverage import rules, termsfile
from econcierge.coverage.types import (
    CoverageError,
    CoverageFacts,
    Decision,
    LineState,
    NextStep,
    OrderLine,
    Reason,
    Replacement,
    Status,
    TermsVersion,
    Verdict,
)

R, S, N = Reason, Status, NextStep
ON = date(2026, 11, 23)
TERMS = rules.terms_on(versions=termsfile.built_in_terms(programme="standard-ca"), programme="standard-ca", on=ON)


def d(text: str) -> date:
    return date.fromisoformat(text)


def line(on: str, quantity: int = 1, state: str = "delivered", *, eligible: bool = True) -> OrderLine:
    return OrderLine(d(on), "106R03512", quantity, eligible, LineState(state))


def seen(on: str, verdict: str) -> Replacement:
    return Replacement(d(on), Verdict(verdict), "black", "A1")


COVERED = CoverageFacts(
    model="VersaLink C405",
    installed_on=d("2025-03-01"),
    listed_from=d("2020-01-01"),
    warranty_ends_on=d("2026-03-01"),
    enrolled_on=d("2025-06-10"),
    orders=(line("2025-07-01"), line("2025-09-01")),
)


def decided(on: date = ON, terms: TermsVersion = TERMS, **changes: Any) -> Decision:
    return rules.decide(dataclasses.replace(COVERED, **changes), terms, on)


def interrupting(days: int) -> TermsVersion:
    return dataclasses.replace(TERMS, values=dataclasses.replace(TERMS.values, interruption_after_days=days))


def test_two_supplies_ordered_in_the_window_are_covered() -> None:
    decision = decided()
    assert (decision.status, decision.reasons, decision.next_step) == (S.ACTIVE, (R.COVERED,), N.KEEP_ORDERING)
    assert (decision.qualifying, decision.required) == (2, 2)
    assert (decision.active_from, decision.ends_on) == (d("2025-09-01"), d("2030-03-01"))
    assert decision.terms_version == "standard-ca-1"


QUALIFYING = [
    ("nothing ordered", (), 0, None),
    ("one of two", (line("2025-07-01"),), 1, None),
    ("one order of two supplies is two", (line("2025-07-01", 2),), 2, "2025-07-01"),
    ("an order on the day of enrolment counts", (line("2025-06-10", 2),), 2, "2025-06-10"),
    ("an order before enrolment does not", (line("2025-06-09", 2),), 0, None),
    ("an order on the day itself counts", (line("2026-11-23", 2),), 2, "2026-11-23"),
    ("an order of tomorrow does not", (line("2026-11-24", 2),), 0, None),
    ("paper or staples that are not eligible do not", (line("2025-07-01", 2, eligible=False),), 0, None),
    ("placed counts", (line("2025-07-01", 2, "placed"),), 2, "2025-07-01"),
    ("accepted counts", (line("2025-07-01", 2, "accepted"),), 2, "2025-07-01"),
    ("shipped counts", (line("2025-07-01", 2, "shipped"),), 2, "2025-07-01"),
    ("a basket does not", (line("2025-07-01", 2, "draft"),), 0, None),
    ("cancelled does not", (line("2025-07-01", 2, "cancelled"),), 0, None),
    ("refused does not", (line("2025-07-01", 2, "refused"),), 0, None),
    ("returned does not, also afterwards", (line("2025-07-01"), line("2025-09-01", 1, "returned")), 1, None),
    ("the day the sum reaches two, in order of dates", (line("2025-09-01"), line("2025-07-01")), 2, "2025-09-01"),
    ("a third order moves nothing", (line("2025-07-01", 2), line("2025-10-01")), 3, "2025-07-01"),
]  # fmt: skip


@pytest.mark.parametrize(("says", "orders", "count", "active_from"), QUALIFYING, ids=[row[0] for row in QUALIFYING])
def test_qualifying_orders(says: str, orders: Any, count: int, active_from: str | None) -> None:
    decision = decided(orders=orders)
    assert decision.qualifying == count
    assert decision.active_from == (d(active_from) if active_from else None)
    assert decision.status is (S.ACTIVE if active_from else S.PENDING)


NOT_ELIGIBLE = [
    ("not on the list on the day of enrolment", {"listed_from": d("2025-06-11")}, [R.MODEL_NOT_LISTED]),
    ("struck off on the day of enrolment", {"listed_to": d("2025-06-10")}, [R.MODEL_NOT_LISTED]),
    ("never on the list", {"listed_from": None}, [R.MODEL_NOT_LISTED]),
    ("not on the network", {"networked": False}, [R.NOT_NETWORKED]),
    ("managed print", {"managed_print": True}, [R.MANAGED_PRINT]),
    ("not enrolled", {"enrolled_on": None}, [R.NOT_ENROLLED]),
    ("enrolled tomorrow is not enrolled today", {"enrolled_on": d("2026-11-24")}, [R.NOT_ENROLLED]),
    ("enrolled on the day the warranty ends", {"enrolled_on": d("2026-03-01")}, [R.ENROLLED_OUTSIDE_WINDOW]),
    ("no warranty given: one year from installation",
     {"warranty_ends_on": None, "enrolled_on": d("2026-03-01")}, [R.ENROLLED_OUTSIDE_WINDOW]),
    ("no warranty and no installation known: no window is shown",
     {"warranty_ends_on": None, "installed_on": None}, [R.ENROLLED_OUTSIDE_WINDOW]),
    ("enrolled on the day the extension ends",
     {"enrolled_on": d("2026-09-01"), "extension_ends_on": d("2026-09-01")}, [R.ENROLLED_OUTSIDE_WINDOW]),
    ("all that fails is said, in order",
     {"listed_from": None, "networked": False, "managed_print": True, "enrolled_on": d("2026-09-01")},
     [R.MODEL_NOT_LISTED, R.NOT_NETWORKED, R.MANAGED_PRINT, R.ENROLLED_OUTSIDE_WINDOW]),
    ("structure comes before ends",
     {"networked": False, "outside_supply_decided_on": d("2026-01-01"), "left_on": d("2026-01-01")},
     [R.NOT_NETWORKED]),
]  # fmt: skip


@pytest.mark.parametrize(("says", "changes", "reasons"), NOT_ELIGIBLE, ids=[row[0] for row in NOT_ELIGIBLE])
def test_structure(says: str, changes: dict[str, Any], reasons: list[Reason]) -> None:
    decision = decided(**changes)
    assert (decision.status, list(decision.reasons)) == (S.NOT_ELIGIBLE, reasons)
    assert decision.ends_on is None


STILL_COVERED = [
    ("struck off after enrolment", {"listed_to": d("2025-06-11")}),
    ("enrolled on the last day of the warranty", {"warranty_ends_on": d("2025-06-11")}),
    ("enrolled in a purchased extension",
     {"warranty_ends_on": d("2025-05-01"), "extension_ends_on": d("2025-06-11")}),
    ("no warranty given: within a year of installation", {"warranty_ends_on": None}),
    ("decided tomorrow", {"outside_supply_decided_on": d("2026-11-24")}),
    ("leaving tomorrow", {"left_on": d("2026-11-24")}),
    ("support ends tomorrow", {"support_ends_on": d("2026-11-24")}),
    ("age unknown", {"installed_on": None}),
    ("an unknown replacement changes nothing", {"replacements": (seen("2026-01-01", "unknown"),)}),
    ("an explained replacement changes nothing", {"replacements": (seen("2026-01-01", "excused"),)}),
    ("a contradicted one before enrolment", {"replacements": (seen("2025-06-09", "contradicted"),)}),
    ("a contradicted one seen tomorrow", {"replacements": (seen("2026-11-24", "contradicted"),)}),
    ("no order for a year, as the terms set no number of days",
     {"replacements": (seen("2026-10-01", "unknown"),)}),
]  # fmt: skip


@pytest.mark.parametrize(("says", "changes"), STILL_COVERED, ids=[row[0] for row in STILL_COVERED])
def test_what_does_not_end_coverage(says: str, changes: dict[str, Any]) -> None:
    decision = decided(**changes)
    assert (decision.status, decision.reasons) == (S.ACTIVE, (R.COVERED,))


LATE_ORDERS = (line("2025-07-01"), line("2026-06-01"))
ENDS = [
    ("outside supply decided today", {"outside_supply_decided_on": ON}, S.ENDED, [R.OUTSIDE_SUPPLY]),
    ("outside supply stays final, whatever is ordered later",
     {"outside_supply_decided_on": d("2025-10-01"), "orders": (line("2025-07-01", 2), line("2026-01-01", 9))},
     S.ENDED, [R.OUTSIDE_SUPPLY]),
    ("outside supply before the second order ends it too",
     {"outside_supply_decided_on": d("2025-08-01"), "orders": ()}, S.ENDED, [R.OUTSIDE_SUPPLY]),
    ("left today", {"left_on": ON}, S.ENDED, [R.LEFT_PROGRAMME]),
    ("left before it was ever active", {"left_on": ON, "orders": ()}, S.ENDED, [R.LEFT_PROGRAMME]),
    ("five years old today", {"installed_on": d("2021-11-23")}, S.ENDED, [R.TOO_OLD]),
    ("support ends today", {"support_ends_on": ON}, S.ENDED, [R.SUPPORT_ENDED]),
    ("too old before two were ordered", {"installed_on": d("2021-11-23"), "orders": (line("2025-07-01"),)},
     S.NOT_ELIGIBLE, [R.TOO_OLD]),
    ("the second order came after support had ended: never active",
     {"support_ends_on": d("2026-01-01"), "orders": LATE_ORDERS}, S.NOT_ELIGIBLE, [R.SUPPORT_ENDED]),
    ("everything at once, in order",
     {"outside_supply_decided_on": ON, "left_on": ON, "installed_on": d("2021-11-23"), "support_ends_on": ON},
     S.ENDED, [R.OUTSIDE_SUPPLY, R.LEFT_PROGRAMME, R.TOO_OLD, R.SUPPORT_ENDED]),
]  # fmt: skip


@pytest.mark.parametrize(("says", "changes", "status", "reasons"), ENDS, ids=[row[0] for row in ENDS])
def test_ends(says: str, changes: dict[str, Any], status: Status, reasons: list[Reason]) -> None:
    decision = decided(**changes)
    assert (decision.status, list(decision.reasons), decision.next_step) == (status, reasons, N.NONE)


def test_the_second_order_on_the_day_support_ends_comes_too_late() -> None:
    assert decided(support_ends_on=d("2025-09-01")).status is S.NOT_ELIGIBLE
    assert decided(support_ends_on=d("2025-09-02")).status is S.ENDED


def test_the_day_of_enrolment_is_enrolled() -> None:
    assert decided(on=d("2025-06-09")).reasons == (R.NOT_ENROLLED,)
    assert decided(on=d("2025-06-10")).reasons == (R.AWAITING_ORDERS,)


def test_the_day_before_the_fifth_anniversary_is_the_last_one() -> None:
    assert decided(on=d("2030-02-28")).status is S.ACTIVE
    assert decided(on=d("2030-03-01")).reasons == (R.TOO_OLD,)


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [("2024-02-29", 5, "2029-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2023-02-28", 1, "2024-02-28"),
     ("9998-01-01", 5, "9999-12-31")],
)  # fmt: skip
def test_anniversaries(day: str, years: int, later: str) -> None:
    assert rules.anniversary(d(day), years) == d(later)


def test_ends_on_is_the_earlier_of_age_and_support() -> None:
    assert decided(support_ends_on=d("2028-01-01")).ends_on == d("2028-01-01")
    assert decided(support_ends_on=d("2031-01-01")).ends_on == d("2030-03-01")
    assert decided(orders=()).ends_on is None


def test_contradicted_is_at_risk_and_still_knows_its_end() -> None:
    decision = decided(replacements=(seen("2025-06-10", "contradicted"),))
    assert (decision.status, decision.reasons) == (S.AT_RISK, (R.OUTSIDE_SUPPLY_SUSPECTED,))
    assert (decision.next_step, decision.ends_on) == (N.EXPLAIN_REPLACEMENT, d("2030-03-01"))
    assert "replacement_contradicted" in {evidence.fact for evidence in decision.evidence}


def test_contradicted_today_is_at_risk_today() -> None:
    assert decided(replacements=(seen("2026-11-23", "contradicted"),)).status is S.AT_RISK


def test_pending_comes_before_at_risk() -> None:
    decision = decided(orders=(line("2025-07-01"),), replacements=(seen("2025-08-01", "contradicted"),))
    assert (decision.status, decision.reasons) == (S.PENDING, (R.AWAITING_ORDERS,))


NEXT = [
    ("nothing ordered", {"orders": ()}, ON, N.ORDER_TWO),
    ("one ordered", {"orders": (line("2025-07-01"),)}, ON, N.ORDER_ONE_MORE),
    ("not enrolled, in the warranty", {"enrolled_on": None}, d("2026-02-28"), N.ENROL),
    ("not enrolled, on the day the warranty ends", {"enrolled_on": None}, d("2026-03-01"), N.NONE),
    ("not enrolled, in an extension", {"enrolled_on": None, "extension_ends_on": d("2027-01-01")}, ON, N.ENROL),
    ("enrolled outside the window: nothing helps", {"enrolled_on": d("2026-05-01")}, ON, N.NONE),
    ("managed print", {"managed_print": True}, ON, N.NONE),
]  # fmt: skip


@pytest.mark.parametrize(("says", "changes", "on", "step"), NEXT, ids=[row[0] for row in NEXT])
def test_next_step(says: str, changes: dict[str, Any], on: date, step: NextStep) -> None:
    assert decided(on=on, **changes).next_step is step


INTERRUPTED = [
    ("enough days and a doubtful replacement", "2026-02-28", (seen("2026-01-01", "unknown"),), True),
    ("a day too few", "2026-02-27", (seen("2026-01-01", "unknown"),), False),
    ("a contradicted one too", "2026-02-28", (seen("2026-01-01", "contradicted"),), True),
    ("nothing seen: it was idle", "2026-02-28", (), False),
    ("a programme cartridge seen", "2026-02-28", (seen("2026-01-01", "consistent"),), False),
    ("the doubt was on the day of the last order", "2026-02-28", (seen("2025-09-01", "unknown"),), True),
    ("the doubt is of today", "2026-02-28", (seen("2026-02-28", "unknown"),), True),
    ("the doubt is of tomorrow", "2026-02-28", (seen("2026-03-01", "unknown"),), False),
    ("the doubt was before the last order", "2026-02-28", (seen("2025-08-31", "unknown"),), False),
]


@pytest.mark.parametrize(("says", "on", "replacements", "is_interrupted"), INTERRUPTED, ids=[r[0] for r in INTERRUPTED])
def test_interruption_where_terms_set_days(says: str, on: str, replacements: Any, is_interrupted: bool) -> None:
    decision = decided(on=d(on), terms=interrupting(180), replacements=replacements)
    assert (decision.reasons == (R.INTERRUPTED,)) is is_interrupted
    assert (decision.status is S.ENDED) is is_interrupted


def test_ordering_again_ends_an_interruption_and_nothing_is_interrupted_that_never_was_active() -> None:
    doubt = (seen("2026-01-01", "unknown"),)
    again = (*COVERED.orders, line("2026-10-01"))
    assert decided(terms=interrupting(180), replacements=doubt, orders=again).status is S.ACTIVE
    once = decided(terms=interrupting(180), replacements=doubt, orders=(line("2025-07-01"),))
    assert once.status is S.PENDING


def test_not_enrolled_asks_the_list_of_today() -> None:
    assert decided(enrolled_on=None, listed_to=ON).reasons == (R.MODEL_NOT_LISTED, R.NOT_ENROLLED)
    assert decided(enrolled_on=None, listed_to=ON + timedelta(days=1)).reasons == (R.NOT_ENROLLED,)


def test_terms_are_chosen_by_date() -> None:
    first = dataclasses.replace(TERMS, version="1", valid_from=d("2020-01-01"), valid_to=d("2026-01-01"))
    second = dataclasses.replace(TERMS, version="2", valid_from=d("2026-01-01"))
    chosen = [
        rules.terms_on(versions=(first, second), programme="standard-ca", on=d(day)).version
        for day in ("2020-01-01", "2025-12-31", "2026-01-01")
    ]
    assert chosen == ["1", "1", "2"]
    with pytest.raises(CoverageError, match="2019-12-31"):
        rules.terms_on(versions=(first, second), programme="standard-ca", on=d("2019-12-31"))


DAYS = st.dates(min_value=d("2020-01-01"), max_value=d("2032-12-31"))
MAYBE = st.none() | DAYS | st.sampled_from([date.min, date.max, d("2024-02-29")])
LINES = st.builds(
    OrderLine, ordered_on=DAYS, part_number=st.just("106R03512"), quantity=st.integers(-1, 4),
    eligible=st.booleans(), state=st.sampled_from(LineState),
)  # fmt: skip
SEEN = st.builds(Replacement, seen_on=DAYS, verdict=st.sampled_from(Verdict))
FACTS = st.builds(
    CoverageFacts, model=st.text(max_size=5), networked=st.booleans(), managed_print=st.booleans(),
    installed_on=MAYBE, listed_from=MAYBE, listed_to=MAYBE, support_ends_on=MAYBE, warranty_ends_on=MAYBE,
    extension_ends_on=MAYBE, enrolled_on=MAYBE, left_on=MAYBE, outside_supply_decided_on=MAYBE,
    orders=st.lists(LINES, max_size=4).map(tuple), replacements=st.lists(SEEN, max_size=3).map(tuple),
)  # fmt: skip
ANY_TERMS = st.sampled_from([TERMS, interrupting(1), interrupting(400)])
ORDER_OF_REASONS = list(Reason)


@given(facts=FACTS, terms=ANY_TERMS, on=DAYS | st.sampled_from([date.min, date.max]))
def test_every_case_is_decided_the_same_twice_with_a_reason_in_order(
    facts: CoverageFacts, terms: TermsVersion, on: date
) -> None:
    decision = rules.decide(facts, terms, on)
    assert decision == rules.decide(facts, terms, on)
    assert decision.reasons
    assert list(decision.reasons) == sorted(set(decision.reasons), key=ORDER_OF_REASONS.index)
    assert (decision.status is S.ACTIVE) == (decision.reasons == (R.COVERED,))


@given(facts=FACTS, on=DAYS, day=DAYS)
def test_an_unknown_replacement_changes_nothing_by_itself(facts: CoverageFacts, on: date, day: date) -> None:
    more = dataclasses.replace(facts, replacements=(*facts.replacements, Replacement(day, Verdict.UNKNOWN)))
    assert rules.decide(more, TERMS, on) == rules.decide(facts, TERMS, on)


@given(facts=FACTS, on=DAYS, later=st.integers(1, 900), extra=LINES, seen_later=SEEN)
def test_what_comes_later_changes_no_earlier_day(
    facts: CoverageFacts, on: date, later: int, extra: OrderLine, seen_later: Replacement
) -> None:
    after = on + timedelta(days=later)
    more = dataclasses.replace(
        facts,
        orders=(*facts.orders, dataclasses.replace(extra, ordered_on=after)),
        replacements=(*facts.replacements, dataclasses.replace(seen_later, seen_on=after)),
    )
    assert rules.decide(more, TERMS, on) == rules.decide(facts, TERMS, on)


@given(facts=FACTS, on=DAYS, extra=LINES)
def test_one_more_order_never_costs_coverage(facts: CoverageFacts, on: date, extra: OrderLine) -> None:
    more = dataclasses.replace(facts, orders=(*facts.orders, extra))
    if rules.decide(facts, TERMS, on).status in (S.ACTIVE, S.AT_RISK):
        assert rules.decide(more, TERMS, on).status in (S.ACTIVE, S.AT_RISK)


ENROLLED = st.builds(
    CoverageFacts,
    model=st.just("VersaLink C405"),
    installed_on=st.none() | DAYS,
    listed_from=st.just(d("2019-01-01")),
    support_ends_on=st.none() | DAYS,
    extension_ends_on=st.just(d("2033-01-01")),
    enrolled_on=st.dates(d("2020-01-01"), d("2024-01-01")),
    orders=st.lists(LINES, max_size=5).map(tuple),
    replacements=st.lists(SEEN, max_size=3).map(tuple),
)


@given(facts=ENROLLED, terms=ANY_TERMS, on=DAYS)
def test_ended_by_time_means_that_it_was_covered_on_an_earlier_day(
    facts: CoverageFacts, terms: TermsVersion, on: date
) -> None:
    """The sentence "if coverage was ever active by that day", checked by asking about the days themselves."""
    decision = rules.decide(facts, terms, on)
    days = [line.ordered_on for line in facts.orders if line.ordered_on <= on]
    was_covered = any(rules.decide(facts, terms, day).status in (S.ACTIVE, S.AT_RISK) for day in days)
    if decision.status is S.ENDED:
        assert was_covered
    if decision.status is S.NOT_ELIGIBLE:
        assert not was_covered
