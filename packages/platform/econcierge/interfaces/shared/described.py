"""A printer in words, and the ones that match words: where it is, what it is, what is worth showing of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from econcierge.coverage import models as coverage_models
from econcierge.coverage.types import Reason
from econcierge.fleet.models import Printer
from econcierge.interfaces.shared import wording
from econcierge.supplies.types import SlotView

SEARCHED = ("label", "place", "hostname", "model_name", "serial", "site__name", "model__name")


def matching(printers: QuerySet[Printer], query: str) -> QuerySet[Printer]:
    """Every word has to stand somewhere in what people or the device say of a printer."""
    for word in query.split()[:6]:
        anywhere = Q()
        for field in SEARCHED:
            anywhere |= Q(**{f"{field}__icontains": word})
        printers = printers.filter(anywhere)
    return printers


def worth_showing(slots: Iterable[SlotView]) -> list[SlotView]:
    """Rows that are nothing are not shown as something (P09): a supply without kind, level and past is left out."""
    return [slot for slot in slots if not (slot.kind == "other" and slot.percent is None and slot.last_percent is None)]


def where(printer: Printer) -> str:
    return ", ".join(part for part in (printer.place, printer.site.name) if part)


def model(printer: Printer) -> str:
    return f"{printer.model.manufacturer} {printer.model.name}" if printer.model else printer.model_name


def coverage_in_words(decision: coverage_models.Decision | None) -> str:
    """A printer's coverage in two or three words; "" while nothing was decided."""
    if decision is None:
        return ""
    is_enrolled = Reason.NOT_ENROLLED not in decision.reasons
    return wording.coverage_status(
        decision.status, qualifying=decision.qualifying, required=decision.required, is_enrolled=is_enrolled
    )
