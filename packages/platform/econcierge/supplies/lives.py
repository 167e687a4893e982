"""The life of cartridges, those that left too early, and what lies on the shelf. Everything takes the scope first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.supplies import rules
from econcierge.supplies import types as t
from econcierge.supplies.models import Cartridge, LevelChange, ShelfCount
from econcierge_printers.model import LevelState


def cartridges(
    scope: Scope,
    *,
    slot_ids: Collection[int] | None = None,
    printer_ids: Collection[int] | None = None,
    since: datetime | None = None,
) -> list[t.CartridgeLife]:
    """Every cartridge's stay, by slot in the order in which they came; one query.

    `since` leaves out those that had left by then. Slots that the printer no longer has are told too.
    """
    rows = accounts.limit(scope, Cartridge.objects.all())
    if slot_ids is not None:
        rows = rows.filter(slot_id__in=list(slot_ids))
    if printer_ids is not None:
        rows = rows.filter(slot__printer_id__in=list(printer_ids))
    if since is not None:
        rows = rows.filter(Q(removed_at__isnull=True) | Q(removed_at__gte=since))
    after = Cartridge.objects.filter(slot_id=OuterRef("slot_id"), sequence=OuterRef("sequence") + 1)
    found = rows.annotate(left_because=Subquery(after.values("kind")[:1])).select_related("slot__printer")
    return [_life(row) for row in found.order_by("slot_id", "sequence")]


def premature(
    scope: Scope, *, since: datetime, printer_ids: Collection[int] | None = None, until: datetime | None = None
) -> list[t.CartridgeLife]:
    """Cartridges that were replaced with 20 % or more left, the latest first (P32).

    One that came back later, here or in another printer of this customer, was not wasted.
    """
    lives = [one for one in cartridges(scope, printer_ids=printer_ids, since=since) if rules.is_premature(life=one)]
    lives = [one for one in lives if until is None or (one.left_at is not None and one.left_at < until)]
    back = _came_again(scope, {one.serial for one in lives if one.serial})
    kept = [
        one for one in lives
        if one.left_at is not None and not any(at >= one.left_at for at in back.get((one.customer_id, one.serial), ()))
    ]  # fmt: skip
    return sorted(kept, key=lambda one: (one.left_at or one.came_at, one.cartridge_id), reverse=True)


def emptied_at(scope: Scope, *, cartridge_ids: Collection[int]) -> dict[int, datetime]:
    """By cartridge, when it first said that it is empty and never more again; one query.

    Those that left before they said so are not in it.
    """
    rows = accounts.limit(scope, LevelChange.objects.filter(cartridge_id__in=list(cartridge_ids)))
    more = LevelChange.objects.filter(
        customer_id=OuterRef("customer_id"), slot_id=OuterRef("slot_id"), cartridge_id=OuterRef("cartridge_id"),
        at__gt=OuterRef("at"), percent__gt=0,
    )  # fmt: skip
    empty = rows.filter(Q(percent__lte=0) | Q(state=LevelState.OVERDUE.value)).exclude(Exists(more))
    return dict(empty.order_by().values_list("cartridge_id").annotate(first_at=Min("at")))


def spares(scope: Scope, *, site_ids: Collection[int]) -> list[t.Spare]:
    """What lies on the shelves of these sites, by the latest count of each part; three queries.

    A cartridge that came into one of the site's printers since then was taken from the shelf, where its part is the
    counted one, or where the printer does not say which part it is and the counted one fits the slot.
    """
    counts = _latest_counts(scope, site_ids)
    if not counts:
        return []
    came = _came_since(scope, {row.site_id for row in counts}, min(row.counted_at for row in counts))
    spares = [_spare(row, came) for row in counts]
    return sorted(spares, key=lambda one: (one.site_id, one.kind, one.colour, one.part_number))


def _latest_counts(scope: Scope, site_ids: Iterable[int]) -> list[ShelfCount]:
    rows = accounts.limit(scope, ShelfCount.objects.filter(site_id__in=list(site_ids))).select_related("part")
    return list(rows.order_by("site_id", "part_id", "-id").distinct("site_id", "part_id"))


def _came_since(scope: Scope, site_ids: Collection[int], since: datetime) -> list[Cartridge]:
    rows = accounts.limit(scope, Cartridge.objects.filter(slot__printer__site_id__in=site_ids))
    came = rows.filter(installed_at__gt=since, kind=t.CartridgeKind.REPLACED.value)
    return list(came.select_related("slot__printer"))


def _spare(row: ShelfCount, came: Iterable[Cartridge]) -> t.Spare:
    part = catalogue.facts(row.part)
    used = [
        one for one in came
        if one.slot.printer.site_id == row.site_id and one.installed_at > row.counted_at
        and (
            one.part_number == row.part.part_number
            or (not one.part_number and catalogue_rules.fits_slot(part, kind=one.slot.kind, colour=one.slot.colour))
        )
    ]  # fmt: skip
    return t.Spare(
        customer_id=row.customer_id,
        site_id=row.site_id,
        part_id=row.part_id,
        part_number=row.part.part_number,
        kind=row.part.kind,
        colour=row.part.colour,
        counted=row.quantity,
        used_since=len(used),
        counted_at=row.counted_at,
    )


def _came_again(scope: Scope, serials: Collection[str]) -> dict[tuple[int, str], list[datetime]]:
    found: dict[tuple[int, str], list[datetime]] = {}
    if serials:
        rows = accounts.limit(scope, Cartridge.objects.filter(serial__in=serials))
        for customer_id, serial, at in rows.values_list("customer_id", "serial", "installed_at"):
            found.setdefault((customer_id, serial), []).append(at)
    return found


def _life(row: Cartridge) -> t.CartridgeLife:
    slot, printer = row.slot, row.slot.printer
    known = row.start_pages is not None and row.end_pages is not None
    return t.CartridgeLife(
        cartridge_id=row.pk,
        slot_id=row.slot_id,
        printer_id=slot.printer_id,
        site_id=printer.site_id,
        customer_id=row.customer_id,
        supply_kind=slot.kind,
        colour=slot.colour,
        supply_class=slot.supply_class,
        sequence=row.sequence,
        kind=t.CartridgeKind(row.kind),
        evidence=t.CartridgeEvidence(row.evidence),
        confidence=row.confidence,
        part_number=row.part_number,
        serial=row.serial,
        came_at=row.installed_at,
        left_at=row.removed_at,
        start_percent=_number(row.start_percent),
        percent_when_left=_number(row.end_percent),
        state_when_left=row.end_state,
        left_because=t.CartridgeKind(row.left_because) if row.left_because else None,
        pages=row.end_pages - row.start_pages if known else None,
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
