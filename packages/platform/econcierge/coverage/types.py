"""The words of coverage: facts about one printer, the terms of a day, and the decision (FACES section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from econcierge.core.errors import Invalid


class Status(StrEnum):
    NOT_ELIGIBLE = "not_eligible"
    PENDING = "pending"
    ACTIVE = "active"
    AT_RISK = "at_risk"
    ENDED = "ended"


class Reason(StrEnum):
    """Why; within a decision always in the order of COVERAGE.md."""

    MODEL_NOT_LISTED = "model_not_listed"
    NOT_NETWORKED = "not_networked"
    MANAGED_PRINT = "managed_print"
    NOT_ENROLLED = "not_enrolled"
    ENROLLED_OUTSIDE_WINDOW = "enrolled_outside_window"
    OUTSIDE_SUPPLY = "outside_supply"
    LEFT_PROGRAMME = "left_programme"
    TOO_OLD = "too_old"
    SUPPORT_ENDED = "support_ended"
    INTERRUPTED = "interrupted"
    AWAITING_ORDERS = "awaiting_orders"
    OUTSIDE_SUPPLY_SUSPECTED = "outside_supply_suspected"
    COVERED = "covered"


class NextStep(StrEnum):
    ENROL = "enrol"
    ORDER_TWO = "order_two"
    ORDER_ONE_MORE = "order_one_more"
    EXPLAIN_REPLACEMENT = "explain_replacement"
    KEEP_ORDERING = "keep_ordering"
    NONE = "none"


class LineState(StrEnum):
    """Where an ordered line stands, in the words of orders; which of them count is a term."""

    DRAFT = "draft"
    PLACED = "placed"
    ACCEPTED = "accepted"
    BACK_ORDERED = "back_ordered"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    RETURNED = "returned"


class ExplanationKind(StrEnum):
    EXPLAINED = "explained"
    CONTEST = "contest"  # against a decision; once, with the operator


class ExplanationReason(StrEnum):
    """Where a customer says that a cartridge came from."""

    SHELF = "shelf"
    DEALER_GIFT = "dealer_gift"
    SERVICE_VISIT = "service_visit"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    GAUGE_ERROR = "gauge_error"


class Outcome(StrEnum):
    """What a person with the right to it decides about a contradicted replacement."""

    EXCUSED = "excused"
    OUTSIDE_SUPPLY = "outside_supply"


class Verdict(StrEnum):
    """What a replacement says about the supply that was put in."""

    CONSISTENT = "consistent"
    UNKNOWN = "unknown"
    CONTRADICTED = "contradicted"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line ordered for this printer through the programme; `state` is what it is now."""

    ordered_on: date
    part_number: str
    quantity: int
    eligible: bool
    state: LineState
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """A cartridge seen to change in this printer."""

    seen_on: date
    verdict: Verdict
    slot: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """All that a decision sees. A listing and a window count when they are known; so does an end."""

    model: str
    networked: bool = True
    managed_print: bool = False
    installed_on: date | None = None
    listed_from: date | None = None
    listed_to: date | None = None
    support_ends_on: date | None = None
    warranty_ends_on: date | None = None
    extension_ends_on: date | None = None
    enrolled_on: date | None = None
    left_on: date | None = None
    outside_supply_decided_on: date | None = None
    orders: tuple[OrderLine, ...] = ()
    replacements: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True)
class TermValues:
    """The figures of one version of the terms; `interruption_after_days` None means never interrupted."""

    activation_quantity: int
    maximum_age_years: int
    initial_warranty_years: int
    interruption_after_days: int | None
    qualifying_states: frozenset[LineState]


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """Terms as they stood from `valid_from` (included) to `valid_to` (excluded), with their statements."""

    programme: str
    version: str
    valid_from: date
    valid_to: date | None
    values: TermValues
    sources: Mapping[str, str]  # figure -> statement id


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that the decision rests on: which, when, and its value in words of the case file."""

    fact: str
    on: date | None
    value: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one day. `reasons` is never empty; `ends_on` is set only where coverage has begun."""

    status: Status
    reasons: tuple[Reason, ...]
    qualifying: int
    required: int
    active_from: date | None
    ends_on: date | None
    next_step: NextStep
    terms_version: str
    evidence: tuple[Evidence, ...]


class CoverageError(Invalid):
    """A case or its terms cannot be read: `where` names the key path or the programme."""

    code = "coverage_case"

    def __init__(self, *, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}", fields=(where,))
        self.where = where
        self.reason = reason
