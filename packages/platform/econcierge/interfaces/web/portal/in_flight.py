"""Supplies that were ordered and have not come yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.alerts.types import EpisodeView
from econcierge.interfaces.shared import wording
from econcierge.orders.models import OrderLine
from econcierge.orders.types import LineState
from econcierge.supplies.types import SlotView

OPEN = (
    LineState.PLACED,
    LineState.ACCEPTED,
    LineState.BACK_ORDERED,
    LineState.PARTIALLY_SHIPPED,
    LineState.SHIPPED,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of an order for a printer."""

    printer_id: int
    kind: str
    colour: str
    name: str
    printer: str
    order_id: int
    order_number: str
    state: str
    expected_on: date | None


def coming(scope: Scope, *, printer_ids: Iterable[int]) -> list[Coming]:
    lines = accounts.limit(scope, OrderLine.objects.filter(printer_id__in=list(printer_ids), state__in=OPEN))
    return [
        Coming(
            printer_id=line.printer_id,
            kind=line.part.kind,
            colour=line.part.colour,
            name=wording.supply(line.part.kind, line.part.colour),
            printer=line.printer.name,
            order_id=line.order_id,
            order_number=line.order.number,
            state=line.state,
            expected_on=line.order.expected_on,
        )
        for line in lines.select_related("part", "order", "printer").order_by("order__expected_on", "id")
    ]


def places(found: Iterable[Coming]) -> set[tuple[int, str, str]]:
    """Where these go: printer, kind and colour."""
    return {(one.printer_id, one.kind, one.colour) for one in found}


def covers(found: Iterable[Coming], slot: SlotView | EpisodeView) -> bool:
    """Whether one of these goes into that slot: same printer, kind and colour."""
    return (slot.printer_id, slot.kind, slot.colour) in places(found)
