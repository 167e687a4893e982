"""Judges cartridges that came: what the device says against what the programme delivered (R29, R30)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q

from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules
from econcierge.catalogue.models import Part
from econcierge.core import clock
from econcierge.coverage import models as coverage
from econcierge.coverage import operations
from econcierge.coverage import types as t
from econcierge.coverage.verdicts import (
    ProgrammeDelivery,
    ReplacementSeen,
    ShelfStock,
    Surroundings,
    verdict_of_replacement,
)
from econcierge.fulfilment.models import ShipmentLine
from econcierge.supplies.models import Cartridge, ShelfCount

DECLARED_WITHIN = timedelta(days=31)  # of enrolment; what is counted later was not declared at enrolment
_REGIONS_SOLD_HERE = {"NA", "WW"}


def judge(*, printer_ids: Collection[int], now: datetime) -> None:
    """A verdict for each cartridge of enrolled printers that has none yet, oldest first (first in, first used).

    Runs under a scope that sees every customer: a serial seen elsewhere is evidence.
    """
    waiting = (
        Cartridge.objects.filter(slot__printer_id__in=printer_ids, verdicts__isnull=True)
        .filter(slot__printer__enrolment__isnull=False, slot__supply_class="consumed")
        .select_related("slot__printer__model", "slot__printer__enrolment")
        .order_by("installed_at", "id")
    )
    for cartridge in waiting:
        around = _surroundings(cartridge)
        found = verdict_of_replacement(seen=_seen(cartridge, around.enrolled_on), around=around)
        if found is None:
            verdict, evidence = t.Verdict.CONSISTENT, {"code": "came_back"}
        else:
            verdict = found.verdict
            evidence = {"code": found.evidence, "delivery": found.delivery, "shelf_part": found.shelf_part}
        operations.keep_verdict(cartridge=cartridge, verdict=verdict, evidence=evidence, now=now)


def _seen(cartridge: Cartridge, enrolled_on: object) -> ReplacementSeen:
    return ReplacementSeen(
        seen_on=clock.day_of(cartridge.installed_at),
        slot=cartridge.slot.index,
        serial=cartridge.serial or None,
        part_number=cartridge.part_number or None,
        is_first_in_slot=cartridge.sequence == 1 or clock.day_of(cartridge.installed_at) < enrolled_on,
    )


def _surroundings(cartridge: Cartridge) -> Surroundings:
    customer_id = cartridge.customer_id
    fitting, barred = _parts(cartridge)
    same_serial = Cartridge.objects.none()
    if cartridge.serial:
        same_serial = Cartridge.objects.filter(serial=cartridge.serial).exclude(pk=cartridge.pk)
    own = same_serial.filter(customer_id=customer_id, installed_at__lte=cartridge.installed_at)
    return Surroundings(
        enrolled_on=cartridge.slot.printer.enrolment.enrolled_on,
        fitting_parts=fitting,
        barred_parts=barred,
        deliveries=_deliveries(customer_id),
        declared_stock=_declared(cartridge, fitting),
        own_serials=frozenset(own.values_list("serial", flat=True)),
        own_parts=_own_parts(cartridge),
        other_customers_serials=frozenset(
            same_serial.exclude(customer_id=customer_id).values_list("serial", flat=True)
        ),
    )


def _own_parts(cartridge: Cartridge) -> frozenset[str]:
    """Parts that were in another printer of this customer: from the box, or with no serial to tell them apart by."""
    elsewhere = Cartridge.objects.filter(customer_id=cartridge.customer_id, installed_at__lte=cartridge.installed_at)
    elsewhere = elsewhere.exclude(slot__printer_id=cartridge.slot.printer_id)
    if cartridge.serial:
        elsewhere = elsewhere.filter(Q(serial="") | Q(sequence=1))
    return frozenset(elsewhere.exclude(part_number="").values_list("part_number", flat=True))


def _parts(cartridge: Cartridge) -> tuple[frozenset[str], frozenset[str]]:
    """The catalogue's numbers for this slot: those sold here, and the contract and foreign ones."""
    slot, model = cartridge.slot, cartridge.slot.printer.model
    if model is None:
        return frozenset(), frozenset()
    fitting = Part.objects.filter(fits__model=model)
    parts = [part for part in fitting if rules.fits_slot(catalogue.facts(part), kind=slot.kind, colour=slot.colour)]
    barred = {
        part.part_number
        for part in parts
        if part.sold == "contract" or (part.regions and not _REGIONS_SOLD_HERE & set(part.regions))
    }
    return frozenset(part.part_number for part in parts) - barred, frozenset(barred)


def _declared(cartridge: Cartridge, fitting: frozenset[str]) -> tuple[ShelfStock, ...] | None:
    """What was counted of this slot's parts when the printer was enrolled, and how much of it was used up.

    None where nobody counted any of them: a part that was not asked for is no evidence against anybody.
    """
    printer = cartridge.slot.printer
    until: date = printer.enrolment.enrolled_on + DECLARED_WITHIN
    rows = ShelfCount.objects.filter(
        customer_id=cartridge.customer_id, site_id=printer.site_id, part__part_number__in=fitting
    ).select_related("part")
    counts = {
        row.part.part_number: row.quantity
        for row in rows.order_by("id")
        if clock.day_of(row.counted_at) <= until and row.counted_at <= cartridge.installed_at
    }
    said = (cartridge.part_number or "").upper()
    if not counts or (said and said not in counts):
        return None
    used = coverage.ReplacementVerdict.objects.filter(
        customer_id=cartridge.customer_id, evidence__shelf_part__in=list(counts)
    )
    taken = list(used.values_list("evidence__shelf_part", flat=True))
    guessed = list(used.filter(cartridge__part_number="").values_list("evidence__shelf_part", flat=True))
    return tuple(
        ShelfStock(part, quantity, used=taken.count(part), guessed=guessed.count(part))
        for part, quantity in sorted(counts.items())
    )


def _deliveries(customer_id: int) -> tuple[ProgrammeDelivery, ...]:
    """What the programme sent to this customer, and how much of it earlier verdicts have used up."""
    used: dict[str, list[str]] = {}
    earlier = coverage.ReplacementVerdict.objects.filter(customer_id=customer_id, evidence__delivery__isnull=False)
    for row in earlier.select_related("cartridge"):
        if row.evidence["delivery"] is not None:
            used.setdefault(row.evidence["delivery"], []).append(row.cartridge.serial)
    lines = ShipmentLine.objects.filter(customer_id=customer_id).select_related("shipment", "order_line__part")
    return tuple(
        ProgrammeDelivery(
            reference=f"shipment-line-{line.pk}",
            part_number=line.order_line.part.part_number,
            quantity=line.quantity,
            shipped_on=clock.day_of(line.shipment.shipped_at),
            serials=frozenset(line.serials),
            used=len(used.get(f"shipment-line-{line.pk}", ())),
            used_serials=frozenset(used.get(f"shipment-line-{line.pk}", ())),
        )
        for line in lines.order_by("shipment__shipped_at", "id")
    )
