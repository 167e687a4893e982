"""When a supply is low or almost empty, and who is told: once each in a cartridge's life (R13, R14).

The device's own alert comes first, then the level against the model's marks, then the programme's. A mark is
"percent left, at or below"; a customer may raise it (be told earlier), never lower it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from econcierge.accounts.types import Role
from econcierge.alerts import types as t
from econcierge.supplies import rules as supplies
from econcierge_printers.model import DeviceAlert, LevelState, SupplyClass, SupplyKind

PROGRAMME_MARKS = t.ThresholdPair(
    low_percent=supplies.PROGRAMME_LOW_PERCENT, almost_empty_percent=supplies.ALMOST_EMPTY_PERCENT
)
HYSTERESIS_POINTS = 5.0

# prtAlertCode (RFC 3805, IANA-PRINTER-MIB). "Almost empty" and "almost full" in the MIB's words come days
# before the end, so they are our "low"; "empty", "full" and "life over" are our "almost empty", the second notice.
LOW_CODES = frozenset({1104, 1105, 1106, 1107, 1108, 1111, 1113})
ALMOST_EMPTY_CODES = frozenset({1101, 1102, 1103, 1109, 1110, 1112, 1114})
# What a code speaks of, for alerts that do not say which supply they mean.
KINDS_OF_CODES = {
    SupplyKind.TONER: frozenset({1101, 1104}),
    SupplyKind.INK: frozenset({1102, 1105}),
    SupplyKind.WASTE_CONTAINER: frozenset({1107, 1108, 1109, 1110}),
    SupplyKind.DRUM: frozenset({1111, 1112}),
    SupplyKind.IMAGING_UNIT: frozenset({1111, 1112}),
    SupplyKind.DEVELOPER: frozenset({1113, 1114}),
}
LOW_CONDITION, EMPTY_CONDITION = "low_toner", "no_toner"
# A gauge is noisy that went back up a little twice; a fall is odd that is far deeper than any before it.
NOISY_RISES = 2
ODD_FALL_POINTS, ODD_FALL_TIMES, ODD_AFTER_LEVELS = 20.0, 3.0, 3

TOLD_UNLESS_REFUSED = frozenset({Role.CUSTOMER_ADMIN, Role.CUSTOMER_BUYER})
TOLD_WHEN_WANTED = frozenset({Role.CUSTOMER_VIEWER})


def thresholds_for(
    *, model: t.ThresholdPair | None, programme: t.ThresholdPair = PROGRAMME_MARKS,
    customer: t.ThresholdPair | None = None, early_points: float | None = None,
) -> t.Thresholds:  # fmt: skip
    """The marks of a slot: the model's, else the programme's; a customer's only where it is earlier."""
    base, because = (programme, t.Because.PROGRAMME) if model is None else (model, t.Because.MODEL)
    wish = customer or base
    return t.Thresholds(
        low=_tightened(base.low_percent, because, wish.low_percent),
        almost_empty=_tightened(base.almost_empty_percent, because, wish.almost_empty_percent),
        early_points=early_points,
    )


def wish_for(
    *, marks: Iterable[t.CustomerMark], site_id: int, printer_id: int, kind: str, base: t.ThresholdPair
) -> t.ThresholdPair:
    """What a customer asked for here: the mark that names the place best wins, for each of the two by itself.

    A printer names it better than a site, a site better than a kind of supply alone; `base` where nothing was asked.
    """
    here = [mark for mark in marks if _is_about(mark, site_id=site_id, printer_id=printer_id, kind=kind)]
    here.sort(key=lambda mark: (mark.printer_id is not None, mark.site_id is not None, bool(mark.kind)))
    low, almost_empty = base.low_percent, base.almost_empty_percent
    for mark in here:
        low = low if mark.low_percent is None else mark.low_percent
        almost_empty = almost_empty if mark.almost_empty_percent is None else mark.almost_empty_percent
    return t.ThresholdPair(low, almost_empty)


def thresholds_at(
    *, model: t.ThresholdPair | None, wishes: t.Wishes, site_id: int, printer_id: int, kind: str
) -> t.Thresholds:
    """The marks of one place: model, else programme, and what its customer wants earlier there."""
    base = model or PROGRAMME_MARKS
    wish = wish_for(marks=wishes.marks, site_id=site_id, printer_id=printer_id, kind=kind, base=base)
    return thresholds_for(model=model, customer=wish, early_points=wishes.early_points)


def _is_about(mark: t.CustomerMark, *, site_id: int, printer_id: int, kind: str) -> bool:
    return mark.site_id in (None, site_id) and mark.printer_id in (None, printer_id) and mark.kind in ("", kind)


def has_to_be_confirmed(*, before: Sequence[float], mark_percent: float, percent: float) -> bool:
    """Whether a level at a mark waits for a second reading: where the gauge is noisy, or the fall is odd.

    `before`: the percentages measured in this cartridge until then, the oldest first. A reading before that stood
    at the mark already has confirmed it.
    """
    if not before or before[-1] <= mark_percent:
        return False
    moves = [after - one for one, after in pairwise(before)]
    rises = [move for move in moves if 0 < move < ODD_FALL_POINTS]
    deepest = max((-move for move in moves), default=0.0)
    fall = before[-1] - percent
    is_odd = len(before) >= ODD_AFTER_LEVELS and fall >= ODD_FALL_POINTS and fall >= ODD_FALL_TIMES * max(deepest, 1.0)
    return is_odd or len(rises) >= NOISY_RISES


def telling(*, threshold: t.Threshold, relief: t.Relief | None) -> t.Telling:
    """Whether people hear of an episode now (P31).

    Low with a delivery that is in time is no news. Almost empty is told, with what is coming, as somebody has to put
    it in; not where a person has said that it is taken care of.
    """
    if relief is None or (threshold is not t.Threshold.LOW and not relief.is_declared):
        return t.Telling.TELL
    return t.Telling.WAIT


def device_says(
    *,
    alerts: Iterable[DeviceAlert],
    conditions: Iterable[str],
    supply_index: str,
    kind: SupplyKind,
    is_only_of_kind: bool,
) -> t.Threshold | None:
    """What the device's alerts say of one slot.

    Alerts that name no supply, and the printer-wide toner bits (RFC 2790), say nothing of which slot: they count
    only for the only one of the kind that they speak of.
    """
    codes = {alert.code for alert in alerts if alert.supply_index == supply_index}
    if is_only_of_kind:
        unnamed = {alert.code for alert in alerts if alert.supply_index is None}
        codes |= unnamed & KINDS_OF_CODES.get(kind, frozenset())
    words = set(conditions) if is_only_of_kind and kind is SupplyKind.TONER else set()
    if codes & ALMOST_EMPTY_CODES or EMPTY_CONDITION in words:
        return t.Threshold.ALMOST_EMPTY
    if codes & LOW_CODES or LOW_CONDITION in words:
        return t.Threshold.LOW
    return None


def episode_changes(
    *, level: t.SlotLevel, thresholds: t.Thresholds, known: Iterable[t.KnownEpisode]
) -> t.EpisodeChanges:
    """What a slot's present level opens and closes for its present cartridge.

    A level straight under the second mark opens both, and only the second is told. A closed episode never
    opens again in the same cartridge, whatever the gauge does.
    """
    had = {episode.threshold: episode for episode in known}
    reached = _reached(level=level, thresholds=thresholds)
    opened = tuple(
        _opened(threshold, level=level, thresholds=thresholds, is_told=threshold in (reached, t.Threshold.EARLY))
        for threshold in (*_early(reached, level=level, thresholds=thresholds), *_marks_up_to(reached))
        if threshold not in had
    )
    closed = tuple(
        threshold for threshold, episode in had.items()
        if episode.is_open and _has_recovered(threshold, level=level, thresholds=thresholds)
    )  # fmt: skip
    return t.EpisodeChanges(opened, closed, _disagrees(level=level, thresholds=thresholds))


def who_is_told(*, people: Iterable[t.Person], site_id: int) -> tuple[t.Recipient, ...]:
    """Who gets a supply's notice: buyers and administrators of the site unless they refused, viewers who asked.

    One notice an address, each in the reader's own language, in the order given.
    """
    told: dict[str, t.Recipient] = {}
    for person in people:
        if _wants(person) and site_id not in person.muted_site_ids:
            address = person.address.casefold()
            told.setdefault(address, t.Recipient(person.user_id, person.address, person.language))
    return tuple(told.values())


def _wants(person: t.Person) -> bool:
    if not person.is_active or not person.address:
        return False
    if person.role in TOLD_WHEN_WANTED:
        return person.wanted is True
    return person.role in TOLD_UNLESS_REFUSED and person.wanted is not False


def _tightened(percent: float, because: t.Because, wish: float) -> t.Mark:
    return t.Mark(wish, t.Because.CUSTOMER) if wish > percent else t.Mark(percent, because)


def _usable_percent(level: t.SlotLevel) -> float | None:
    """A percentage that may be compared: measured only (P02, P03); of a receptacle only where it is space left."""
    if level.state is not LevelState.MEASURED:
        return None
    is_receptacle = level.kind is SupplyKind.WASTE_CONTAINER
    return None if is_receptacle and level.supply_class is not SupplyClass.FILLED else level.percent


def _reached(*, level: t.SlotLevel, thresholds: t.Thresholds) -> t.Threshold | None:
    if _is_overdue(level, thresholds):
        return t.Threshold.ALMOST_EMPTY
    by_level = _reached_by_level(level=level, thresholds=thresholds)
    if t.Threshold.ALMOST_EMPTY in (by_level, level.device_says):
        return t.Threshold.ALMOST_EMPTY
    return by_level or level.device_says


def _is_overdue(level: t.SlotLevel, thresholds: t.Thresholds) -> bool:
    """The printer counts on past the end of the supply's life; where that comes out of the blue, it says so twice."""
    if level.state is not LevelState.OVERDUE:
        return False
    return level.is_repeated or (level.percent is not None and level.percent <= thresholds.low.percent)


def _reached_by_level(*, level: t.SlotLevel, thresholds: t.Thresholds) -> t.Threshold | None:
    percent = _usable_percent(level)
    if percent is None:
        return None
    if percent <= thresholds.almost_empty.percent:
        return t.Threshold.ALMOST_EMPTY
    return t.Threshold.LOW if percent <= thresholds.low.percent else None


def _early(reached: t.Threshold | None, *, level: t.SlotLevel, thresholds: t.Thresholds) -> tuple[t.Threshold, ...]:
    """The dealer's own mark, where the dealer wants one."""
    if thresholds.early_points is None:
        return ()
    percent = _usable_percent(level)
    is_early = percent is not None and percent <= thresholds.mark(t.Threshold.EARLY).percent
    return (t.Threshold.EARLY,) if is_early or reached is not None else ()


def _marks_up_to(reached: t.Threshold | None) -> tuple[t.Threshold, ...]:
    if reached is None:
        return ()
    return (t.Threshold.LOW,) if reached is t.Threshold.LOW else (t.Threshold.LOW, t.Threshold.ALMOST_EMPTY)


def _opened(threshold: t.Threshold, *, level: t.SlotLevel, thresholds: t.Thresholds, is_told: bool) -> t.Opened:
    is_devices = level.device_says is threshold or level.state is LevelState.OVERDUE
    because = t.Because.DEVICE if is_devices else thresholds.mark(threshold).because
    return t.Opened(threshold, because if is_told else t.Because.PASSED, _usable_percent(level), is_told)


def _has_recovered(threshold: t.Threshold, *, level: t.SlotLevel, thresholds: t.Thresholds) -> bool:
    """Clearly above the mark by the gauge and no longer called by the device; small steps back close nothing."""
    percent = _usable_percent(level)
    if percent is None or level.device_says in (threshold, t.Threshold.ALMOST_EMPTY):
        return False
    return percent >= thresholds.mark(threshold).percent + HYSTERESIS_POINTS


def _disagrees(*, level: t.SlotLevel, thresholds: t.Thresholds) -> bool:
    percent = _usable_percent(level)
    is_fine = percent is not None and percent > thresholds.low.percent
    return level.device_says is not None and is_fine
