"""Reading episodes and the marks that apply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from econcierge.accounts import queries as accounts
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Role, Scope
from econcierge.alerts import types as t
from econcierge.alerts.models import Episode
from econcierge.catalogue.models import ModelThreshold
from econcierge.fleet import rules as fleet
from econcierge.notifications.models import Preference
from econcierge.notifications.types import Kind

# Plain rows: a big fleet has hundreds of them, and models of printers with all that they last said are slow to make.
_EPISODE_COLUMNS = (
    "id", "customer_id", "slot_id", "slot__kind", "slot__colour", "threshold", "because", "percent", "opened_at",
    "slot__printer_id", "slot__printer__site_id", "slot__printer__model_id", "slot__printer__label",
    "slot__printer__hostname", "slot__printer__model_name", "slot__printer__serial", "slot__printer__place",
)  # fmt: skip


def open_episodes(scope: Scope, *, customer_id: int | None = None) -> list[t.EpisodeView]:
    """What is low or almost empty now, the earliest first, in one query; a slot with both gives the further one."""
    found = accounts.limit(
        scope,
        Episode.objects.filter(
            closed_at__isnull=True, slot__gone_at__isnull=True, slot__printer__retired_at__isnull=True
        ),
    )
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    further: dict[int, dict[str, Any]] = {}
    for row in found.order_by("opened_at", "id").values(*_EPISODE_COLUMNS):
        known = further.get(row["slot_id"])
        if known is None or row["threshold"] == t.Threshold.ALMOST_EMPTY:
            further[row["slot_id"]] = row
    return [_view(row) for row in further.values()]


def model_marks(*, model_ids: Iterable[int]) -> dict[tuple[int, str], t.ThresholdPair]:
    """The manufacturer's marks, by model and kind of supply (R14)."""
    rows = ModelThreshold.objects.filter(model_id__in=set(model_ids))
    return {
        (row.model_id, row.supply_kind): t.ThresholdPair(float(row.low_percent), float(row.almost_empty_percent))
        for row in rows
    }


def people(*, customer_id: int, kinds: Iterable[Kind]) -> dict[Kind, list[t.Person]]:
    """A customer's people with what they chose, for each kind of message; two queries."""
    members = list(Membership.objects.filter(customer_id=customer_id).select_related("user").order_by("id"))
    chosen = Preference.objects.filter(user__in=[m.user_id for m in members])
    wishes = {(p.user_id, p.kind): p.wanted for p in chosen}
    return {kind: [_person(m, wishes.get((m.user_id, kind.value))) for m in members] for kind in kinds}


def _person(member: Membership, wanted: bool | None) -> t.Person:
    user = member.user
    return t.Person(
        user_id=user.pk,
        address=user.email,
        language=user.language,
        role=Role(member.role),
        wanted=wanted,
        is_active=user.is_active,
    )


def _view(row: dict[str, Any]) -> t.EpisodeView:
    return t.EpisodeView(
        episode_id=row["id"],
        customer_id=row["customer_id"],
        site_id=row["slot__printer__site_id"],
        printer_id=row["slot__printer_id"],
        printer=fleet.printer_name(
            label=row["slot__printer__label"],
            hostname=row["slot__printer__hostname"],
            model_name=row["slot__printer__model_name"],
            serial=row["slot__printer__serial"],
            printer_id=row["slot__printer_id"],
        ),
        place=row["slot__printer__place"],
        slot_id=row["slot_id"],
        kind=row["slot__kind"],
        colour=row["slot__colour"],
        threshold=t.Threshold(row["threshold"]),
        because=t.Because(row["because"]),
        percent=None if row["percent"] is None else float(row["percent"]),
        opened_at=row["opened_at"],
        model_id=row["slot__printer__model_id"],
    )
