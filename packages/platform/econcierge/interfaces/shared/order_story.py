"""An order as a line of what happened and what is next, in words (R24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from econcierge.core import clock
from econcierge.interfaces.shared import moments, wording
from econcierge.orders import queries as orders
from econcierge.orders.models import Order
from econcierge.orders.types import OrderState, TimelineStep

WRONG = frozenset({OrderState.BACK_ORDERED, OrderState.CANCELLED, OrderState.REFUSED})


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the line; `is_next`: not yet."""

    when: str
    at: datetime | None
    what: str
    details: tuple[str, ...]
    tracking_url: str
    tracking: str
    is_next: bool
    is_wrong: bool


def steps(found: Order, *, now: datetime) -> list[Step]:
    return [_step(step, now=now) for step in orders.timeline(found)]


def promise(found: Order, *, now: datetime) -> str:
    """The 24-hour promise while it is one (R22)."""
    if OrderState(found.state) not in orders.NOT_SHIPPED:
        return ""
    when = moments.moment(found.ships_by_at, now=now)
    if now > found.ships_by_at:
        return _("It should have shipped by %(when)s. Your dealer has been told.") % {"when": when}
    return _("Ships by %(when)s.") % {"when": when}


def _step(step: TimelineStep, *, now: datetime) -> Step:
    return Step(
        when=_when(step, now=now),
        at=step.at,
        what=wording.sentence(wording.word("order", step.state)),
        details=tuple(_details(step)),
        tracking_url=str(step.details.get("tracking_url", "")),
        tracking=" ".join(str(step.details.get(name, "")) for name in ("carrier", "tracking_number")).strip(),
        is_next=step.at is None,
        is_wrong=step.at is not None and step.state in WRONG,
    )


def _when(step: TimelineStep, *, now: datetime) -> str:
    if step.at is not None:
        return moments.moment(step.at, now=now)
    promised = step.promised_at
    if isinstance(promised, datetime):
        return _("by %(when)s") % {"when": moments.moment(promised, now=now)}
    if isinstance(promised, date):
        return moments.around(promised, on=clock.day_of(now))
    return ""


def _details(step: TimelineStep) -> list[str]:
    """The lines that a step is about: "2 × black toner 106R03480"."""
    return [
        f"{line.get('quantity', 1)} × {wording.supply(line.get('kind', ''), line.get('colour', ''))} "
        f"{line.get('part_number', '')}"
        for line in step.details.get("lines", [])
    ]
