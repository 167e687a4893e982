"""Reading episodes and the marks that apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from econcierge.accounts import queries as accounts
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Role, Scope
from econcierge.alerts import rules
from econcierge.alerts import types as t
from econcierge.alerts.models import Answer, CustomerMark, DealerWish, Episode
from econcierge.catalogue.models import ModelThreshold
from econcierge.fleet import rules as fleet
from econcierge.fleet.models import Printer
from econcierge.notifications.models import Habit, Preference
from econcierge.notifications.types import Kind
from econcierge.supplies.models import Slot
from econcierge.supplies.types import SlotView

# Plain rows: a big fleet has hundreds of them, and models of printers with all that they last said are slow to make.
_SLOT_COLUMNS = ("id", "kind", "colour", "printer_id")
_PRINTER_COLUMNS = ("id", "site_id", "model_id", "place", "label", "hostname", "model_name", "serial")
Row = dict[str, Any]


def open_episodes(scope: Scope, *, customer_id: int | None = None) -> list[t.EpisodeView]:
    """What is low or almost empty now, the earliest first; a slot with both gives the further one.

    Three queries, as the planner cannot see through row security how many rows a join of the three tables has, and
    takes a hundred times as long.
    """
    found = accounts.limit(scope, Episode.objects.filter(closed_at__isnull=True))
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    further: dict[int, Row] = {}
    for row in found.order_by("opened_at", "id").values():
        known = further.get(row["slot_id"])
        if known is None or row["threshold"] == t.Threshold.ALMOST_EMPTY:
            further[row["slot_id"]] = row
    present = Slot.objects.filter(pk__in=list(further), gone_at__isnull=True).values(*_SLOT_COLUMNS)
    slots = {slot["id"]: slot for slot in present}
    printers = _printers_in_use({slot["printer_id"] for slot in slots.values()})
    return [
        _view(row, slots[slot_id], printers[slots[slot_id]["printer_id"]])
        for slot_id, row in further.items()
        if slot_id in slots and slots[slot_id]["printer_id"] in printers
    ]


def _printers_in_use(ids: Iterable[int]) -> dict[int, Row]:
    found = Printer.objects.filter(pk__in=list(ids), retired_at__isnull=True).values(*_PRINTER_COLUMNS)
    return {printer["id"]: printer for printer in found}


def model_marks(*, model_ids: Iterable[int]) -> dict[tuple[int, str], t.ThresholdPair]:
    """The manufacturer's marks, by model and kind of supply (R14)."""
    rows = ModelThreshold.objects.filter(model_id__in=set(model_ids))
    return {
        (row.model_id, row.supply_kind): t.ThresholdPair(float(row.low_percent), float(row.almost_empty_percent))
        for row in rows
    }


def marks_of(*, slots: Iterable[Slot]) -> dict[int, t.Thresholds]:
    """The marks that apply to these slots (with their printers), by slot; a query a customer and one for all."""
    found = list(slots)
    models = model_marks(model_ids={slot.printer.model_id for slot in found if slot.printer.model_id})
    wanted = {customer_id: wishes(customer_id=customer_id) for customer_id in {slot.customer_id for slot in found}}
    return {
        slot.pk: rules.thresholds_at(
            model=models.get((slot.printer.model_id or 0, slot.kind)),
            wishes=wanted[slot.customer_id],
            site_id=slot.printer.site_id,
            printer_id=slot.printer_id,
            kind=slot.kind,
        )
        for slot in found
    }


def marked(slots: Iterable[SlotView], *, printer: Printer) -> list[SlotView]:
    """A printer's slots with the mark at which people are really told, a customer's own wish included."""
    models = model_marks(model_ids=[printer.model_id] if printer.model_id else [])
    wanted = wishes(customer_id=printer.customer_id)
    return [
        replace(
            slot,
            low_percent=rules.thresholds_at(
                model=models.get((printer.model_id or 0, slot.kind)),
                wishes=wanted,
                site_id=printer.site_id,
                printer_id=printer.pk,
                kind=slot.kind,
            ).low.percent,
        )
        for slot in slots
    ]


_WISHES = """
    SELECT site_id, printer_id, kind, low_percent, almost_empty_percent, NULL
    FROM alerts_customermark WHERE customer_id = %s
    UNION ALL
    SELECT NULL, NULL, '', NULL, NULL, wish.points
    FROM alerts_dealerwish wish JOIN accounts_customer customer USING (dealer_id)
    WHERE customer.id = %s AND wish.wanted
"""


def wishes(*, customer_id: int) -> t.Wishes:
    """What a customer and its dealer want to hear of earlier; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WISHES, [customer_id, customer_id])
        rows = cursor.fetchall()
    marks = tuple(t.CustomerMark(*row[:5]) for row in rows if row[5] is None)
    return t.Wishes(marks, next((float(row[5]) for row in rows if row[5] is not None), None))


def anything_to_look_at(*, now: datetime) -> bool:
    """Whether something held back, or an answer, is due."""
    held = Episode.objects.filter(closed_at__isnull=True, look_again_at__lte=now)
    return held.exists() or Answer.objects.filter(ended_at__isnull=True, until_at__lte=now).exists()


def declared(*, slot_ids: Iterable[int], now: datetime) -> dict[int, datetime]:
    """By slot, until when somebody's word holds that its supply was ordered elsewhere; of the present cartridge."""
    found = Answer.objects.filter(
        episode__slot_id__in=list(slot_ids),
        episode__cartridge_id=F("episode__slot__cartridge_id"),
        action=t.Action.ALREADY_ORDERED.value,
        ended_at__isnull=True,
        until_at__gt=now,
    )
    return dict(found.order_by("until_at").values_list("episode__slot_id", "until_at"))


def customer_marks(scope: Scope) -> list[CustomerMark]:
    """What a customer wants earlier, with its places."""
    found = accounts.limit(scope, CustomerMark.objects.select_related("site", "printer"))
    return list(found.order_by("printer_id", "site_id", "kind"))


def dealer_wish(*, dealer_id: int | None) -> DealerWish | None:
    return DealerWish.objects.filter(dealer_id=dealer_id).first()


def people(*, customer_id: int, kinds: Iterable[Kind]) -> dict[Kind, list[t.Person]]:
    """A customer's people with what they chose, for each kind of message; three queries."""
    members = list(Membership.objects.filter(customer_id=customer_id).select_related("user").order_by("id"))
    rows = Preference.objects.filter(user__in=[m.user_id for m in members])
    chosen = {(row.user_id, row.kind): row.wanted for row in rows}
    habits = Habit.objects.filter(user__in=[m.user_id for m in members]).exclude(muted_site_ids=[])
    muted = {habit.user_id: frozenset(habit.muted_site_ids) for habit in habits}
    return {
        kind: [_person(m, chosen.get((m.user_id, kind.value)), muted.get(m.user_id, frozenset())) for m in members]
        for kind in kinds
    }


def _person(member: Membership, wanted: bool | None, muted_site_ids: frozenset[int]) -> t.Person:
    user = member.user
    return t.Person(
        user_id=user.pk,
        address=user.email,
        language=user.language,
        role=Role(member.role),
        muted_site_ids=muted_site_ids,
        wanted=wanted,
        is_active=user.is_active,
    )


def _view(row: Row, slot: Row, printer: Row) -> t.EpisodeView:
    return t.EpisodeView(
        episode_id=row["id"],
        customer_id=row["customer_id"],
        site_id=printer["site_id"],
        printer_id=printer["id"],
        printer=fleet.printer_name(
            label=printer["label"],
            hostname=printer["hostname"],
            model_name=printer["model_name"],
            serial=printer["serial"],
            printer_id=printer["id"],
        ),
        place=printer["place"],
        slot_id=slot["id"],
        kind=slot["kind"],
        colour=slot["colour"],
        threshold=t.Threshold(row["threshold"]),
        because=t.Because(row["because"]),
        percent=None if row["percent"] is None else float(row["percent"]),
        opened_at=row["opened_at"],
        model_id=printer["model_id"],
    )
