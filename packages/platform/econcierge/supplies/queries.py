"""Reading slots, levels and replacements. Everything takes the scope first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import ModelThreshold
from econcierge.core.errors import NotFound
from econcierge.supplies import rules
from econcierge.supplies import types as t
from econcierge.supplies.lives import cartridges, premature, spares
from econcierge.supplies.models import Cartridge, LevelChange, Report, Slot
from econcierge_printers.model import LevelState

__all__ = ["cartridges", "premature", "spares"]  # kept in `lives`, asked for here like every other read

REPORTS_LOOKED_AT = 200


def slot_views(scope: Scope, *, printer_ids: Iterable[int]) -> dict[int, list[t.SlotView]]:
    """The slots of these printers as pages show them, in the order of their index; one query."""
    views: dict[int, list[t.SlotView]] = {printer_id: [] for printer_id in printer_ids}
    for slot in _slots(scope).filter(printer_id__in=list(views)):
        views[slot.printer_id].append(_view(slot))
    for slots in views.values():
        slots.sort(key=lambda view: index_order(view.index))
    return views


def slots_by_id(scope: Scope, *, slot_ids: Iterable[int]) -> dict[int, t.SlotView]:
    """These slots as pages show them, those that are not seen or gone left out; one query."""
    return {slot.pk: _view(slot) for slot in _slots(scope).filter(pk__in=list(slot_ids))}


def slot_view(scope: Scope, *, slot_id: int) -> t.SlotView:
    """Raises `NotFound`."""
    slot = _slots(scope).filter(pk=slot_id).first()
    if slot is None:
        raise NotFound(_("There is no such supply."))
    return _view(slot)


def history(scope: Scope, *, slot_id: int, since: datetime) -> list[t.LevelPoint]:
    """What a slot said since a moment, changes only, the row that was in force at that moment first."""
    rows = accounts.limit(scope, LevelChange.objects.filter(slot_id=slot_id))
    before = rows.filter(at__lt=since).order_by("-at")[:1]
    return [_point(row) for row in (*before, *rows.filter(at__gte=since).order_by("at"))]


def replacements(scope: Scope, *, printer_id: int) -> list[t.ReplacementSeen]:
    """The cartridges that were seen to come into a printer, the latest first; those found at first not counted."""
    rows = accounts.limit(scope, Cartridge.objects.filter(slot__printer_id=printer_id))
    came = rows.exclude(kind=t.CartridgeKind.FIRST.value).select_related("slot").order_by("-installed_at", "-id")
    before = Cartridge.objects.filter(slot_id=OuterRef("slot_id"), sequence=OuterRef("sequence") - 1)
    return [_replacement(row) for row in came.annotate(left_percent=Subquery(before.values("end_percent")[:1]))]


def refused_readings(
    scope: Scope, *, assistant_ids: Iterable[int], since: datetime
) -> dict[int, list[t.RefusedReading]]:
    """By computer, what was delivered since a moment and not used, the latest first; one query.

    The latest `REPORTS_LOOKED_AT` reports with such readings are looked at, of all these computers together.
    """
    found = Report.objects.filter(assistant_id__in=list(assistant_ids), received_at__gte=since).exclude(refused=[])
    rows = accounts.limit(scope, found).order_by("-received_at", "-id")[:REPORTS_LOOKED_AT]
    latest: dict[tuple[int, str, str], t.RefusedReading] = {}
    for assistant_id, at, refused in rows.values_list("assistant_id", "received_at", "refused"):
        for one in refused:
            key = (assistant_id, str(one.get("target", "")), str(one.get("reason", "")))
            known = latest.get(key)
            latest[key] = replace(known, times=known.times + 1) if known else t.RefusedReading(*key, at=at, times=1)
    by_assistant: dict[int, list[t.RefusedReading]] = {}
    for seen in latest.values():
        by_assistant.setdefault(seen.assistant_id, []).append(seen)
    return by_assistant


def index_order(index: str) -> tuple[tuple[int, str], ...]:
    """Indices sort by their numbers: 1.2 before 1.10."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in index.split("."))


def _slots(scope: Scope) -> QuerySet[Slot]:
    """Present slots with cartridge, mark and open episodes in one statement."""
    own_mark = ModelThreshold.objects.filter(
        model_id=OuterRef("printer__model_id"), supply_kind=OuterRef("kind")
    ).values("low_percent")[:1]
    episodes = Slot.objects.filter(pk=OuterRef("pk"), episodes__closed_at__isnull=True).filter(
        episodes__cartridge_id=F("cartridge_id")
    )
    # "almost_empty" sorts before "low", so the first is the further one.
    further = episodes.order_by("episodes__threshold").values("episodes__threshold")[:1]
    found = accounts.limit(scope, Slot.objects.filter(gone_at__isnull=True)).select_related("cartridge")
    return found.annotate(
        low_percent=Coalesce(Subquery(own_mark), int(rules.PROGRAMME_LOW_PERCENT)),
        episode=Coalesce(Subquery(further), Value("")),
    )


def _view(slot: Slot) -> t.SlotView:
    cartridge, percent = slot.cartridge, _number(slot.percent)
    return t.SlotView(
        slot_id=slot.pk,
        printer_id=slot.printer_id,
        index=slot.index,
        kind=slot.kind,
        colour=slot.colour,
        supply_class=slot.supply_class,
        description=slot.description,
        state=slot.state,
        percent=percent if slot.state == LevelState.MEASURED else None,
        last_percent=percent,
        step=rules.gauge_step(percents=slot.levels_seen),
        measured_at=slot.measured_at,
        read_at=slot.read_at,
        changed_at=slot.changed_at,
        part_number=cartridge.part_number if cartridge else "",
        cartridge_serial=cartridge.serial if cartridge else "",
        installed_at=cartridge.installed_at if cartridge else None,
        episode=slot.episode,
        low_percent=float(slot.low_percent),
        panel=slot.panel,
        panel_disagrees=slot.panel_disagrees,
    )


def _point(row: LevelChange) -> t.LevelPoint:
    return t.LevelPoint(row.at, row.state, _number(row.percent), row.pages_total, row.cartridge_id)


def _replacement(row: Cartridge) -> t.ReplacementSeen:
    return t.ReplacementSeen(
        at=row.installed_at,
        slot_id=row.slot_id,
        kind=row.slot.kind,
        colour=row.slot.colour,
        came=t.CartridgeKind(row.kind),
        evidence=t.CartridgeEvidence(row.evidence),
        part_number=row.part_number,
        serial=row.serial,
        end_percent=_number(row.left_percent),
        start_percent=_number(row.start_percent),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
