"""Reading episodes and the marks that apply."""

from __future__ import annotations

from collections.abc import Iterable

from econcierge.accounts import queries as accounts
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Role, Scope
from econcierge.alerts import types as t
from econcierge.alerts.models import Episode
from econcierge.catalogue.models import ModelThreshold
from econcierge.notifications.models import Preference
from econcierge.notifications.types import Kind


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
    further: dict[int, Episode] = {}
    for episode in found.select_related("slot__printer").order_by("opened_at", "id"):
        known = further.get(episode.slot_id)
        if known is None or episode.threshold == t.Threshold.ALMOST_EMPTY:
            further[episode.slot_id] = episode
    return [_view(episode) for episode in further.values()]


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


def _view(episode: Episode) -> t.EpisodeView:
    slot, printer = episode.slot, episode.slot.printer
    return t.EpisodeView(
        episode_id=episode.pk,
        customer_id=episode.customer_id,
        site_id=printer.site_id,
        printer_id=printer.pk,
        printer=printer.name,
        place=printer.place,
        slot_id=slot.pk,
        kind=slot.kind,
        colour=slot.colour,
        threshold=t.Threshold(episode.threshold),
        because=t.Because(episode.because),
        percent=None if episode.percent is None else float(episode.percent),
        opened_at=episode.opened_at,
    )
