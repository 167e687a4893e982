"""Gathers what coverage decides on from fleet, orders, deliveries, replacements and dates, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from econcierge.core import clock
from econcierge.coverage import models as coverage
from econcierge.coverage import types as t
from econcierge.fleet.models import Printer
from econcierge.orders.models import OrderLine

# Coverage counts lines by the words of its terms; orders know finer ones.
_AS_TERMS_SAY = {"back_ordered": t.LineState.ACCEPTED, "partially_shipped": t.LineState.SHIPPED}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What each printer's decision sees."""

    printer: Printer
    enrolment: coverage.Enrolment | None
    facts: t.CoverageFacts


def gather(*, printer_ids: Collection[int]) -> list[Gathered]:
    """Facts by printer, in a fixed number of queries; under a scope that sees them."""
    printers = Printer.objects.filter(pk__in=printer_ids).select_related("model", "enrolment").order_by("id")
    lines = _lines(printer_ids)
    replacements = _replacements(printer_ids)
    return [
        Gathered(
            printer=printer,
            enrolment=getattr(printer, "enrolment", None),
            facts=_facts(printer, tuple(lines[printer.pk]), tuple(replacements[printer.pk])),
        )
        for printer in printers
    ]


def _facts(printer: Printer, lines: tuple[t.OrderLine, ...], seen: tuple[t.Replacement, ...]) -> t.CoverageFacts:
    enrolment = getattr(printer, "enrolment", None)
    model = printer.model
    return t.CoverageFacts(
        model=model.name if model else printer.model_name,
        networked=printer.networked,
        managed_print=printer.managed_print,
        installed_on=printer.installed_on,
        # A model that is not in the catalogue, or never was on the list, is not listed on any day.
        listed_from=model.listed_from if model and model.listed_from else date.max,
        listed_to=model.listed_to if model else None,
        support_ends_on=model.support_ends_on if model else None,
        warranty_ends_on=printer.warranty_ends_on,
        extension_ends_on=printer.extension_ends_on,
        enrolled_on=enrolment.enrolled_on if enrolment else None,
        left_on=enrolment.left_on if enrolment else None,
        outside_supply_decided_on=enrolment.outside_supply_decided_on if enrolment else None,
        orders=lines,
        replacements=seen,
    )


def _lines(printer_ids: Collection[int]) -> dict[int, list[t.OrderLine]]:
    found: dict[int, list[t.OrderLine]] = defaultdict(list)
    rows = OrderLine.objects.filter(printer_id__in=printer_ids).select_related("order", "part")
    for row in rows.order_by("order__placed_at", "id"):
        found[row.printer_id].append(
            t.OrderLine(
                ordered_on=clock.day_of(row.order.placed_at),
                part_number=row.part.part_number,
                quantity=row.quantity,
                eligible=row.eligible,
                state=_AS_TERMS_SAY.get(row.state) or t.LineState(row.state),
                delivered_on=row.delivered_on,
            )
        )
    return found


def _replacements(printer_ids: Collection[int]) -> dict[int, list[t.Replacement]]:
    """The verdict in force on each cartridge that came."""
    found: dict[int, list[t.Replacement]] = defaultdict(list)
    latest = (
        coverage.ReplacementVerdict.objects.filter(cartridge__slot__printer_id__in=printer_ids)
        .select_related("cartridge__slot")
        .order_by("cartridge_id", "-id")
        .distinct("cartridge_id")
    )
    for row in latest:
        cartridge = row.cartridge
        found[cartridge.slot.printer_id].append(
            t.Replacement(
                seen_on=clock.day_of(cartridge.installed_at),
                verdict=t.Verdict(row.verdict),
                slot=cartridge.slot.index,
                serial=cartridge.serial or None,
            )
        )
    return {printer_id: sorted(rows, key=lambda seen: seen.seen_on) for printer_id, rows in found.items()} | {
        printer_id: [] for printer_id in printer_ids if printer_id not in found
    }
