"""Moving episodes after a batch of readings, in three statements at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from econcierge.alerts import rules
from econcierge.alerts import types as t
from econcierge.alerts.models import Episode


def move(*, customer_id: int, slots: Sequence[t.SlotNow], now: datetime) -> list[t.ToTell]:
    """Opens and closes the episodes of these slots; what people have to hear of.

    What is open for an earlier cartridge of a slot closes. A cartridge that was told of before it was taken out
    and put back is not told of again: two messages in a cartridge's life (R13).
    """
    episodes = _Episodes(customer_id, slots)
    opened: list[Episode] = []
    closed: list[int] = []
    tell: list[t.ToTell] = []
    for slot in slots:
        mine = episodes.of_cartridge[slot.cartridge_id]
        changes = rules.episode_changes(level=slot.level, thresholds=slot.thresholds, known=_known(mine))
        opened += [_opened(customer_id, slot, one, now) for one in changes.opened]
        closed += [e.pk for e in mine if t.Threshold(e.threshold) in changes.closed]
        closed += [e.pk for e in episodes.of_slot[slot.slot_id] if _is_left_over(e, slot)]
        tell += _to_tell(slot, changes, told=_told_before(slot, episodes.of_serial[slot.cartridge_serial]))
    Episode.objects.bulk_create(opened, ignore_conflicts=True)
    if closed:
        Episode.objects.filter(pk__in=closed).update(closed_at=now)
    return tell


class _Episodes:
    """The episodes that matter to some slots, found by cartridge, by slot and by the cartridge's serial; one query."""

    def __init__(self, customer_id: int, slots: Sequence[t.SlotNow]) -> None:
        serials = {slot.cartridge_serial for slot in slots if slot.cartridge_serial}
        matters = (
            Q(slot_id__in=[slot.slot_id for slot in slots], closed_at__isnull=True)
            | Q(cartridge_id__in=[slot.cartridge_id for slot in slots])
            | Q(cartridge__serial__in=serials)
        )
        self.of_cartridge: dict[int, list[Episode]] = defaultdict(list)
        self.of_slot: dict[int, list[Episode]] = defaultdict(list)
        self.of_serial: dict[str, list[Episode]] = defaultdict(list)
        for episode in Episode.objects.filter(matters, customer_id=customer_id).select_related("cartridge"):
            self.of_cartridge[episode.cartridge_id].append(episode)
            self.of_slot[episode.slot_id].append(episode)
            if episode.cartridge.serial:
                self.of_serial[episode.cartridge.serial].append(episode)


def _known(episodes: Sequence[Episode]) -> list[t.KnownEpisode]:
    return [t.KnownEpisode(t.Threshold(e.threshold), is_open=e.closed_at is None) for e in episodes]


def _opened(customer_id: int, slot: t.SlotNow, opened: t.Opened, now: datetime) -> Episode:
    return Episode(
        customer_id=customer_id,
        slot_id=slot.slot_id,
        cartridge_id=slot.cartridge_id,
        threshold=opened.threshold.value,
        percent=None if opened.percent is None else Decimal(str(opened.percent)),
        because=opened.because.value,
        opened_at=now,
        closed_at=None if opened.is_told else now,
    )


def _is_left_over(episode: Episode, slot: t.SlotNow) -> bool:
    return episode.cartridge_id != slot.cartridge_id and episode.closed_at is None


def _told_before(slot: t.SlotNow, same_serial: Sequence[Episode]) -> set[t.Threshold]:
    return {t.Threshold(e.threshold) for e in same_serial if e.cartridge_id != slot.cartridge_id}


def _to_tell(slot: t.SlotNow, changes: t.EpisodeChanges, *, told: set[t.Threshold]) -> list[t.ToTell]:
    return [
        t.ToTell(slot.slot_id, one, slot.thresholds.mark(one.threshold).percent, changes.disagrees)
        for one in changes.opened
        if one.is_told and one.threshold not in told
    ]
