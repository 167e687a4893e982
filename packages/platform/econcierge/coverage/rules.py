"""What is covered on a day, and why: COVERAGE.md as pure functions over dates.

A decision is a function of the facts, the terms and the day; facts later than the day are not looked at, so
the same facts replay any day of the past. Periods include their first day and exclude their last.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from econcierge.coverage import types as t

STRUCTURE = (
    t.Reason.MODEL_NOT_LISTED,
    t.Reason.NOT_NETWORKED,
    t.Reason.MANAGED_PRINT,
    t.Reason.NOT_ENROLLED,
    t.Reason.ENROLLED_OUTSIDE_WINDOW,
)
FINAL_WHATEVER_WAS_ORDERED = frozenset({t.Reason.OUTSIDE_SUPPLY, t.Reason.LEFT_PROGRAMME})


def terms_on(*, versions: Iterable[t.TermsVersion], programme: str, on: date) -> t.TermsVersion:
    """The version of a programme's terms that is valid on a day; raises `CoverageError` if there is none."""
    for version in versions:
        if version.programme == programme and in_period(on, version.valid_from, version.valid_to):
            return version
    raise t.CoverageError(where=programme, reason=f"no terms of this programme are valid on {on.isoformat()}")


def decide(facts: t.CoverageFacts, terms: t.TermsVersion, on: date) -> t.Decision:
    """The coverage of one printer on a day (R06 to R10, R28 to R33). Never raises, always gives a reason."""
    lines = qualifying_lines(facts=facts, terms=terms, on=on)
    active_from = reached_on(lines=lines, quantity=terms.values.activation_quantity)
    ends = _ends_by(facts=facts, terms=terms, on=on, lines=lines, active_from=active_from)
    structure = _structural_reasons(facts=facts, terms=terms, on=on)
    was_active = not structure and active_from is not None and all(active_from < day for _, day in ends)
    status, reasons = _status(
        facts=facts, on=on, structure=structure, ends=tuple(reason for reason, _ in ends),
        was_active=was_active, reached=active_from is not None,
    )  # fmt: skip
    counted = sum(line.quantity for line in lines)
    missing = terms.values.activation_quantity - counted
    return t.Decision(
        status=status,
        reasons=reasons,
        qualifying=counted,
        required=terms.values.activation_quantity,
        active_from=active_from,
        ends_on=_ends_on(facts=facts, terms=terms) if was_active else None,
        next_step=_next_step(facts=facts, terms=terms, on=on, status=status, missing=missing),
        terms_version=terms.version,
        evidence=_evidence(facts=facts, terms=terms, on=on, lines=lines),
    )


def qualifying_lines(*, facts: t.CoverageFacts, terms: t.TermsVersion, on: date) -> tuple[t.OrderLine, ...]:
    """The lines that count towards activation, oldest first (R28)."""
    enrolled_on = facts.enrolled_on
    if enrolled_on is None:
        return ()
    counting = (
        line for line in facts.orders
        if line.eligible and enrolled_on <= line.ordered_on <= on
        and line.state in terms.values.qualifying_states and line.quantity > 0
    )  # fmt: skip
    return tuple(sorted(counting, key=lambda line: line.ordered_on))


def reached_on(*, lines: tuple[t.OrderLine, ...], quantity: int) -> date | None:
    """The day on which the quantities, oldest line first, reach `quantity`; None while they do not."""
    total = 0
    for line in lines:
        total += line.quantity
        if total >= quantity:
            return line.ordered_on
    return None


def is_enrolled(*, facts: t.CoverageFacts, on: date) -> bool:
    return facts.enrolled_on is not None and facts.enrolled_on <= on


def window_is_open(*, facts: t.CoverageFacts, terms: t.TermsVersion, on: date) -> bool:
    """Whether a printer may be enrolled on a day: in the initial warranty or a purchased extension (R06)."""
    return any(on < end for end in _window_ends(facts=facts, terms=terms))


def in_period(on: date, start: date | None, end: date | None) -> bool:
    """Half-open: the first day is in, the last is out; no first day means no period."""
    return start is not None and start <= on and (end is None or on < end)


def anniversary(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th where the year has none."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    if (day.month, day.day) == (2, 29):
        return date(year, 3, 1) - timedelta(days=1)
    return day.replace(year=year)


def _structural_reasons(*, facts: t.CoverageFacts, terms: t.TermsVersion, on: date) -> tuple[t.Reason, ...]:
    enrolled_on = facts.enrolled_on if is_enrolled(facts=facts, on=on) else None
    failing = {
        t.Reason.MODEL_NOT_LISTED: not in_period(enrolled_on or on, facts.listed_from, facts.listed_to),
        t.Reason.NOT_NETWORKED: not facts.networked,
        t.Reason.MANAGED_PRINT: facts.managed_print,
        t.Reason.NOT_ENROLLED: enrolled_on is None,
        t.Reason.ENROLLED_OUTSIDE_WINDOW: enrolled_on is not None
        and not window_is_open(facts=facts, terms=terms, on=enrolled_on),
    }
    return tuple(reason for reason in STRUCTURE if failing[reason])


def _window_ends(*, facts: t.CoverageFacts, terms: t.TermsVersion) -> tuple[date, ...]:
    warranty = facts.warranty_ends_on
    if warranty is None and facts.installed_on is not None:
        warranty = anniversary(facts.installed_on, terms.values.initial_warranty_years)
    return tuple(day for day in (warranty, facts.extension_ends_on) if day is not None)


def _ends_by(
    *, facts: t.CoverageFacts, terms: t.TermsVersion, on: date,
    lines: tuple[t.OrderLine, ...], active_from: date | None,
) -> tuple[tuple[t.Reason, date], ...]:  # fmt: skip
    """What has ended coverage by a day, each with the first day without it, in the order of the reasons."""
    days = (
        (t.Reason.OUTSIDE_SUPPLY, facts.outside_supply_decided_on),
        (t.Reason.LEFT_PROGRAMME, facts.left_on),
        (t.Reason.TOO_OLD, _too_old_on(facts=facts, terms=terms)),
        (t.Reason.SUPPORT_ENDED, facts.support_ends_on),
    )
    ends = tuple((reason, day) for reason, day in days if day is not None and day <= on)
    interrupted_on = _interrupted_on(facts=facts, terms=terms, on=on, lines=lines)
    was_active_then = (
        interrupted_on is not None and active_from is not None
        and all(day > interrupted_on for _, day in ends)
    )  # fmt: skip
    return (*ends, (t.Reason.INTERRUPTED, interrupted_on)) if was_active_then and interrupted_on else ends


def _too_old_on(*, facts: t.CoverageFacts, terms: t.TermsVersion) -> date | None:
    return anniversary(facts.installed_on, terms.values.maximum_age_years) if facts.installed_on else None


def _interrupted_on(
    *, facts: t.CoverageFacts, terms: t.TermsVersion, on: date, lines: tuple[t.OrderLine, ...]
) -> date | None:
    """The day on which both have come: enough days since the last order, and a doubtful replacement (R29)."""
    days = terms.values.interruption_after_days
    if days is None or not lines:
        return None
    last = lines[-1].ordered_on
    seen = [
        r.seen_on for r in facts.replacements
        if r.verdict in (t.Verdict.UNKNOWN, t.Verdict.CONTRADICTED) and last <= r.seen_on <= on
    ]  # fmt: skip
    if (on - last).days < days or not seen:
        return None
    return max(last + timedelta(days=days), min(seen))


def _status(
    *, facts: t.CoverageFacts, on: date, structure: tuple[t.Reason, ...], ends: tuple[t.Reason, ...],
    was_active: bool, reached: bool,
) -> tuple[t.Status, tuple[t.Reason, ...]]:  # fmt: skip
    if structure:
        return t.Status.NOT_ELIGIBLE, structure
    if ends:
        ended = was_active or bool(FINAL_WHATEVER_WAS_ORDERED.intersection(ends))
        return (t.Status.ENDED if ended else t.Status.NOT_ELIGIBLE), ends
    if not reached:
        return t.Status.PENDING, (t.Reason.AWAITING_ORDERS,)
    if suspected(facts=facts, on=on):
        return t.Status.AT_RISK, (t.Reason.OUTSIDE_SUPPLY_SUSPECTED,)
    return t.Status.ACTIVE, (t.Reason.COVERED,)


def suspected(*, facts: t.CoverageFacts, on: date) -> tuple[t.Replacement, ...]:
    """The replacements since enrolment that still wait for an explanation or a decision (R30)."""
    enrolled_on = facts.enrolled_on
    if enrolled_on is None:
        return ()
    return tuple(
        r for r in facts.replacements
        if r.verdict is t.Verdict.CONTRADICTED and enrolled_on <= r.seen_on <= on
    )  # fmt: skip


def _ends_on(*, facts: t.CoverageFacts, terms: t.TermsVersion) -> date | None:
    days = (_too_old_on(facts=facts, terms=terms), facts.support_ends_on)
    return min((day for day in days if day is not None), default=None)


def _next_step(
    *, facts: t.CoverageFacts, terms: t.TermsVersion, on: date, status: t.Status, missing: int
) -> t.NextStep:
    """What the customer can do. To enrol comes first: the window closes, other obstacles may still go."""
    if not is_enrolled(facts=facts, on=on):
        is_open = window_is_open(facts=facts, terms=terms, on=on)
        return t.NextStep.ENROL if is_open else t.NextStep.NONE
    if status is t.Status.PENDING:
        return t.NextStep.ORDER_ONE_MORE if missing == 1 else t.NextStep.ORDER_TWO
    return {
        t.Status.ACTIVE: t.NextStep.KEEP_ORDERING,
        t.Status.AT_RISK: t.NextStep.EXPLAIN_REPLACEMENT,
    }.get(status, t.NextStep.NONE)


def _evidence(
    *, facts: t.CoverageFacts, terms: t.TermsVersion, on: date, lines: tuple[t.OrderLine, ...]
) -> tuple[t.Evidence, ...]:
    """What a person needs to follow the decision: the days that decide, the lines counted, the doubts."""
    days = (
        ("listed_from", facts.listed_from),
        ("listed_to", facts.listed_to),
        ("enrolled_on", facts.enrolled_on),
        ("enrolment_window_closes_on", max(_window_ends(facts=facts, terms=terms), default=None)),
        ("too_old_on", _too_old_on(facts=facts, terms=terms)),
        ("support_ends_on", facts.support_ends_on),
        ("left_on", facts.left_on),
        ("outside_supply_decided_on", facts.outside_supply_decided_on),
        ("interrupted_on", _interrupted_on(facts=facts, terms=terms, on=on, lines=lines)),
    )
    return (
        *(t.Evidence(fact=name, on=day, value=day.isoformat()) for name, day in days if day is not None),
        *(_order_evidence(line) for line in lines),
        *(_doubt_evidence(replacement) for replacement in suspected(facts=facts, on=on)),
    )


def _order_evidence(line: t.OrderLine) -> t.Evidence:
    return t.Evidence(fact="order_counted", on=line.ordered_on, value=f"{line.quantity} x {line.part_number}")


def _doubt_evidence(seen: t.Replacement) -> t.Evidence:
    value = " ".join(word for word in (seen.slot, seen.serial) if word)
    return t.Evidence(fact="replacement_contradicted", on=seen.seen_on, value=value)
