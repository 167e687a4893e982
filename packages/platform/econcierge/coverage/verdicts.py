"""What a replacement says about the supply put in: COVERAGE.md, "Evidence about a replacement" (R29, R30).

Doubt is never proof: only what the device itself says can contradict, and everything that cannot be compared
is unknown. Deliveries are used up first in, first used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from econcierge.coverage.types import Verdict


@dataclass(frozen=True, slots=True)
class ProgrammeDelivery:
    """Supplies of one part sent to this customer; `used` of `quantity` are matched with earlier replacements.

    `shipped_on` counts, not the carrier's last scan, which is often late or missing.
    """

    reference: str
    part_number: str
    quantity: int
    shipped_on: date
    serials: frozenset[str] = frozenset()
    used: int = 0
    used_serials: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShelfStock:
    """Supplies that the customer declared at enrolment; `guessed` of the `used` are where no device told a part."""

    part_number: str
    quantity: int
    used: int = 0
    guessed: int = 0


@dataclass(frozen=True, slots=True)
class ReplacementSeen:
    """A cartridge that came into a slot, as the device tells it; `made_on` where its serial gives the day."""

    seen_on: date
    slot: str
    serial: str | None = None
    part_number: str | None = None
    is_first_in_slot: bool = False
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a replacement.

    `fitting_parts` are the catalogue's numbers for this slot (empty: the slot is not in the catalogue);
    `barred_parts` are contract and foreign numbers; `own_serials` were seen in this customer's printers
    before, `own_parts` in another one, from its box or with no serial told there or here; `declared_stock` is
    None when nobody was asked for it.
    """

    enrolled_on: date
    fitting_parts: frozenset[str]
    barred_parts: frozenset[str] = frozenset()
    deliveries: tuple[ProgrammeDelivery, ...] = ()
    declared_stock: tuple[ShelfStock, ...] | None = None
    own_serials: frozenset[str] = frozenset()
    own_parts: frozenset[str] = frozenset()
    other_customers_serials: frozenset[str] = frozenset()
    excuse: str | None = None


@dataclass(frozen=True, slots=True)
class ReplacementVerdict:
    """The verdict, the code of its evidence, and the delivery (or shelf part) that it uses up."""

    verdict: Verdict
    evidence: str
    delivery: str | None = None
    shelf_part: str | None = None


def verdict_of_replacement(*, seen: ReplacementSeen, around: Surroundings) -> ReplacementVerdict | None:
    """The verdict on one replacement; None where it is none: it came back, or moved within a customer."""
    if around.excuse is not None:
        return ReplacementVerdict(Verdict.EXCUSED, around.excuse)
    if seen.is_first_in_slot:
        return ReplacementVerdict(Verdict.CONSISTENT, "in_the_box")
    if _key(seen.serial) & _keys(around.own_serials):
        return None
    told = _by_serial(seen=seen, around=around) or _by_part(seen=seen, around=around)
    if told is not None:
        return told
    if _tells_something_comparable(seen=seen, around=around):
        return ReplacementVerdict(Verdict.UNKNOWN, "nothing_to_compare_with")
    return _by_stock(
        seen=seen, around=around, parts=around.fitting_parts, evidence="unused_fitting_delivery"
    ) or ReplacementVerdict(Verdict.UNKNOWN, "device_says_too_little")


def _by_serial(*, seen: ReplacementSeen, around: Surroundings) -> ReplacementVerdict | None:
    serial = _key(seen.serial)
    if serial & _keys(around.fitting_parts | around.barred_parts):
        return None  # some devices tell the part where the serial belongs, and so do those of others
    for delivery in around.deliveries:
        unused = _keys(delivery.serials) - _keys(delivery.used_serials)
        if serial & unused and delivery.shipped_on <= seen.seen_on:
            return ReplacementVerdict(Verdict.CONSISTENT, "delivered_serial", delivery=delivery.reference)
    if serial & _keys(around.other_customers_serials):
        return ReplacementVerdict(Verdict.CONTRADICTED, "serial_of_another_customer")
    return None


def _by_part(*, seen: ReplacementSeen, around: Surroundings) -> ReplacementVerdict | None:
    part = "".join((seen.part_number or "").upper().split())
    if not part:
        return None
    stock = _by_stock(seen=seen, around=around, parts=frozenset({part}), evidence="delivered_part")
    if stock is not None:
        return stock
    if any(delivery.part_number == part for delivery in around.deliveries):
        return ReplacementVerdict(Verdict.UNKNOWN, "delivered_part_used_up")
    if part in around.barred_parts:
        return ReplacementVerdict(Verdict.CONTRADICTED, "contract_or_foreign_part")
    if not around.fitting_parts:
        return ReplacementVerdict(Verdict.UNKNOWN, "slot_not_in_catalogue")
    if part not in around.fitting_parts and any(one.startswith(part) for one in around.fitting_parts):
        return ReplacementVerdict(Verdict.UNKNOWN, "part_cut_short")
    if part not in around.fitting_parts:
        return ReplacementVerdict(Verdict.CONTRADICTED, "part_not_of_this_slot")
    if seen.made_on is None and part in around.own_parts:
        return ReplacementVerdict(Verdict.UNKNOWN, "may_have_moved")
    if seen.made_on is None and _may_still_be_on_the_shelf(part=part, around=around):
        return ReplacementVerdict(Verdict.UNKNOWN, "declared_part_used_up")
    if _cannot_be_from_before(seen=seen, around=around):
        return ReplacementVerdict(Verdict.CONTRADICTED, "never_delivered")
    return ReplacementVerdict(Verdict.UNKNOWN, "may_be_from_before_enrolment")


def _by_stock(
    *, seen: ReplacementSeen, around: Surroundings, parts: frozenset[str], evidence: str
) -> ReplacementVerdict | None:
    """Consistent with the oldest unused delivery of one of the parts, or else with declared stock."""
    unused = [
        d for d in around.deliveries
        if d.part_number in parts and d.used < d.quantity and d.shipped_on <= seen.seen_on
    ]  # fmt: skip
    if unused:
        oldest = min(unused, key=lambda d: (d.shipped_on, d.reference))
        return ReplacementVerdict(Verdict.CONSISTENT, evidence, delivery=oldest.reference)
    for stock in around.declared_stock or ():
        if stock.part_number in parts and stock.used < stock.quantity:
            return ReplacementVerdict(Verdict.CONSISTENT, "declared_stock", shelf_part=stock.part_number)
    return None


def _cannot_be_from_before(*, seen: ReplacementSeen, around: Surroundings) -> bool:
    """Made after enrolment, or stock was declared at enrolment and holds none of it (any more)."""
    if seen.made_on is not None and seen.made_on > around.enrolled_on:
        return True
    return around.declared_stock is not None


def _may_still_be_on_the_shelf(*, part: str, around: Surroundings) -> bool:
    """Declared, and only by guess used up: what a device did not tell is no proof against another one."""
    return any(
        stock.part_number == part and stock.used - stock.guessed < stock.quantity
        for stock in around.declared_stock or ()
    )  # fmt: skip


def _tells_something_comparable(*, seen: ReplacementSeen, around: Surroundings) -> bool:
    """A serial can be compared only where the distributor told the serials that it sent."""
    return bool(_key(seen.serial)) and any(delivery.serials for delivery in around.deliveries)


def _keys(serials: Iterable[str]) -> frozenset[str]:
    """Serials as they compare: devices and distributors write the same one with other signs and cases."""
    return frozenset().union(*(_key(serial) for serial in serials))


def _key(serial: str | None) -> frozenset[str]:
    key = "".join(c for c in (serial or "").upper() if c.isalnum())
    return frozenset({key}) if key else frozenset()
