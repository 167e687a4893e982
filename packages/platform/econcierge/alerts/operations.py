"""Moving episodes after a batch of readings, in a few statements whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, ScopeKind
from econcierge.alerts import rules
from econcierge.alerts import types as t
from econcierge.alerts.models import Answer, CustomerMark, DealerWish, Episode
from econcierge.core.errors import NotAllowed, NotFound
from econcierge_printers.model import LevelState

LOOKED_BACK = 30  # levels of a cartridge, to see whether its gauge is noisy
_INSERT = """
    INSERT INTO alerts_episode
        (slot_id, cartridge_id, threshold, percent, because, told_at, closed_at, customer_id, opened_at)
    SELECT given.*, %s, %s
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::numeric[], %s::text[], %s::timestamptz[], %s::timestamptz[])
        AS given
    ON CONFLICT DO NOTHING RETURNING id, cartridge_id, threshold
"""

_WAIT = """
    UPDATE alerts_episode SET told_at = NULL, look_again_at = given.until
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS given (id, until) WHERE alerts_episode.id = given.id
"""
# The latest levels of each cartridge, by the index of a slot's history.
_LATEST_LEVELS = """
    SELECT given.cartridge_id, latest.percent
    FROM unnest(%s::bigint[], %s::bigint[]) AS given (slot_id, cartridge_id)
    CROSS JOIN LATERAL (
        SELECT percent, at FROM supplies_levelchange
        WHERE customer_id = %s AND slot_id = given.slot_id AND cartridge_id = given.cartridge_id
            AND percent IS NOT NULL
        ORDER BY at DESC LIMIT %s
    ) AS latest
    ORDER BY latest.at
"""


def move(*, customer_id: int, slots: Sequence[t.SlotNow], now: datetime) -> list[t.ToTell]:
    """Opens and closes the episodes of these slots; what people have to hear of.

    What is open for an earlier cartridge of a slot closes. A cartridge that was told of before it was taken out
    and put back is not told of again: two messages in a cartridge's life (R13).
    """
    episodes = _Episodes(customer_id, slots)
    moved = [(slot, _changes(slot, episodes)) for slot in slots]
    unsure = _to_be_confirmed(customer_id, moved)
    opened: list[tuple[t.SlotNow, t.Opened, bool]] = []
    closed: list[int] = []
    for slot, changes in moved:
        if slot.slot_id in unsure:
            changes = _changes(_without_gauge(slot), episodes)
        mine = episodes.of_cartridge[slot.cartridge_id]
        opened += [(slot, one, changes.disagrees) for one in changes.opened]
        closed += [e.pk for e in mine if t.Threshold(e.threshold) in changes.closed]
        closed += [e.pk for e in episodes.of_slot[slot.slot_id] if _is_left_over(e, slot)]
    ids = _insert(customer_id, opened, now)
    if closed:
        Episode.objects.filter(pk__in=closed).update(closed_at=now)
    return [
        t.ToTell(slot.slot_id, ids[key], one, slot.thresholds.mark(one.threshold).percent, disagrees)
        for slot, one, disagrees in opened
        if one.is_told
        and (key := (slot.cartridge_id, one.threshold)) in ids
        and one.threshold not in _told_before(slot, episodes.of_serial[slot.cartridge_serial])
    ]


def _changes(slot: t.SlotNow, episodes: _Episodes) -> t.EpisodeChanges:
    known = _known(episodes.of_cartridge[slot.cartridge_id])
    return rules.episode_changes(level=slot.level, thresholds=slot.thresholds, known=known)


def _to_be_confirmed(customer_id: int, moved: Sequence[tuple[t.SlotNow, t.EpisodeChanges]]) -> set[int]:
    """The slots whose gauge alone calls something, and has to say it twice; one query, where anything opens."""
    by_gauge = [
        (slot, one)
        for slot, changes in moved
        for one in changes.opened
        if one.is_told
        and one.percent is not None
        and one.because is not t.Because.DEVICE
        and not slot.level.is_repeated
    ]
    if not by_gauge:
        return set()
    levels = _latest_levels(customer_id, {slot.slot_id: slot.cartridge_id for slot, _one in by_gauge})
    return {
        slot.slot_id
        for slot, one in by_gauge
        if rules.has_to_be_confirmed(
            before=levels[slot.cartridge_id][:-1],
            mark_percent=slot.thresholds.mark(one.threshold).percent,
            percent=one.percent or 0.0,
        )
    }


def _latest_levels(customer_id: int, cartridges: Mapping[int, int]) -> dict[int, list[float]]:
    """By cartridge (`cartridges` names that of each slot), in the order of time: the present one and those before."""
    levels: dict[int, list[float]] = defaultdict(list)
    with connection.cursor() as cursor:
        given = [list(cartridges), list(cartridges.values()), customer_id, LOOKED_BACK + 1]
        cursor.execute(_LATEST_LEVELS, given)
        for cartridge_id, percent in cursor.fetchall():
            levels[cartridge_id].append(float(percent))
    return levels


def _without_gauge(slot: t.SlotNow) -> t.SlotNow:
    """The same as if its gauge had said nothing: what the device itself calls counts all the same."""
    return replace(slot, level=replace(slot.level, state=LevelState.UNKNOWN, percent=None))


def wait(*, until: Mapping[int, datetime]) -> None:
    """Nobody is told of these for now, as what is there already will do; each is looked at again at its moment.

    One statement, however many there are.
    """
    if until:
        with connection.cursor() as cursor:
            cursor.execute(_WAIT, [list(until), list(until.values())])


def told(*, episode_ids: Sequence[int], now: datetime) -> None:
    Episode.objects.filter(pk__in=list(episode_ids)).update(told_at=now, look_again_at=None)


def take_due(*, now: datetime, most: int) -> list[Episode]:
    """Open episodes that were held back until now, claimed by the caller's transaction."""
    due = Episode.objects.filter(closed_at__isnull=True, look_again_at__lte=now)
    found = list(due.select_for_update(of=("self",), skip_locked=True).order_by("look_again_at", "id")[:most])
    Episode.objects.filter(pk__in=[one.pk for one in found]).update(look_again_at=None)
    return found


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


def take_due_answers(*, now: datetime, most: int) -> list[Answer]:
    """Answers whose time is over, ended by the caller's transaction."""
    due = Answer.objects.filter(ended_at__isnull=True, until_at__lte=now)
    claimed = due.select_for_update(of=("self",), skip_locked=True).select_related("episode", "user")
    found = list(claimed.order_by("until_at", "id")[:most])
    Answer.objects.filter(pk__in=[one.pk for one in found]).update(ended_at=now)
    return found


def answer(
    *, episode: Episode, user_id: int, action: t.Action, now: datetime, until: datetime | None,
    quantity: int | None = None,
) -> Answer:  # fmt: skip
    """Keeps what somebody answered; an earlier answer of the same person to the same episode is over."""
    Answer.objects.filter(episode=episode, user_id=user_id, ended_at__isnull=True).update(ended_at=now)
    return Answer.objects.create(
        customer_id=episode.customer_id,
        episode=episode,
        user_id=user_id,
        action=action.value,
        quantity=quantity,
        at=now,
        until_at=until,
    )


def set_mark(
    *,
    actor: Actor,
    site_id: int | None,
    printer_id: int | None,
    kind: str,
    low_percent: int,
    almost_empty_percent: int | None = None,
) -> CustomerMark:
    """A customer wants to hear earlier of this place and kind. Raises `NotAllowed`.

    The place belongs to the actor's customer, or the database refuses.
    """
    if not roles.may(actor.role, Permission.MANAGE_FLEET) or actor.scope.customer_id is None:
        raise NotAllowed(_("Your role does not let you change when people are told."))
    mark, _made = CustomerMark.objects.update_or_create(
        customer_id=actor.scope.customer_id,
        site_id=site_id,
        printer_id=printer_id,
        kind=kind,
        defaults={"low_percent": low_percent, "almost_empty_percent": almost_empty_percent},
    )
    return mark


def forget_mark(*, actor: Actor, mark_id: int) -> None:
    """Raises `NotAllowed`, `NotFound`."""
    if not roles.may(actor.role, Permission.MANAGE_FLEET) or actor.scope.customer_id is None:
        raise NotAllowed(_("Your role does not let you change when people are told."))
    found, _by_table = CustomerMark.objects.filter(pk=mark_id, customer_id=actor.scope.customer_id).delete()
    if not found:
        raise NotFound(_("There is no such wish."))


def set_dealer_wish(*, actor: Actor, wanted: bool, points: int) -> None:
    """Whether a dealer's people hear before its customers, and how much. Raises `NotAllowed`."""
    if not roles.may(actor.role, Permission.MANAGE_PEOPLE) or actor.scope.kind is not ScopeKind.DEALER:
        raise NotAllowed(_("Your role does not let you change when people are told."))
    DealerWish.objects.update_or_create(dealer_id=actor.scope.dealer_id, defaults={"wanted": wanted, "points": points})


def _insert(
    customer_id: int, opened: Sequence[tuple[t.SlotNow, t.Opened, bool]], now: datetime
) -> dict[tuple[int, t.Threshold], int]:
    """Ids of the episodes that this very statement made: another report at the same moment may have made the others."""
    if not opened:
        return {}
    rows = [
        (
            slot.slot_id,
            slot.cartridge_id,
            one.threshold.value,
            None if one.percent is None else Decimal(str(one.percent)),
            one.because.value,
            now if one.is_told else None,
            None if one.is_told and one.threshold is not t.Threshold.EARLY else now,
        )
        for slot, one, _disagrees in opened
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [customer_id, now, *(list(values) for values in zip(*rows, strict=True))])
        return {(cartridge_id, t.Threshold(threshold)): pk for pk, cartridge_id, threshold in cursor.fetchall()}


def _is_left_over(episode: Episode, slot: t.SlotNow) -> bool:
    return episode.cartridge_id != slot.cartridge_id and episode.closed_at is None


def _told_before(slot: t.SlotNow, same_serial: Sequence[Episode]) -> set[t.Threshold]:
    return {t.Threshold(e.threshold) for e in same_serial if e.cartridge_id != slot.cartridge_id}
