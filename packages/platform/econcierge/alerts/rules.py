"""When a supply is low or almost empty, and who is told: once each in a cartridge's life (R13, R14).

The device's own alert comes first, then the level against the model's marks, then the programme's. A mark is
"percent left, at or below"; a customer may raise it (be told earlier), never lower it.
"""

from __future__ import annotations

from collections.abc import Iterable

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
LOW_CONDITION, EMPTY_CONDITION = "low_toner", "no_toner"

TOLD_UNLESS_REFUSED = frozenset({Role.CUSTOMER_ADMIN, Role.CUSTOMER_BUYER})
TOLD_WHEN_WANTED = frozenset({Role.CUSTOMER_VIEWER})


def thresholds_for(
    *, model: t.ThresholdPair | None, programme: t.ThresholdPair = PROGRAMME_MARKS,
    customer: t.ThresholdPair | None = None,
) -> t.Thresholds:  # fmt: skip
    """The marks of a slot: the model's, else the programme's; a customer's only where it is earlier."""
    base, because = (programme, t.Because.PROGRAMME) if model is None else (model, t.Because.MODEL)
    wish = customer or base
    return t.Thresholds(
        low=_tightened(base.low_percent, because, wish.low_percent),
        almost_empty=_tightened(base.almost_empty_percent, because, wish.almost_empty_percent),
    )


def device_says(
    *, alerts: Iterable[DeviceAlert], conditions: Iterable[str], supply_index: str, is_only_toner: bool
) -> t.Threshold | None:
    """What the device's alerts say of one slot.

    The printer-wide toner bits (RFC 2790) say nothing of which slot, so they count only for the only toner.
    """
    codes = {alert.code for alert in alerts if alert.supply_index == supply_index}
    words = set(conditions) if is_only_toner else set()
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
        _opened(threshold, level=level, thresholds=thresholds, is_told=threshold is reached)
        for threshold in _marks_up_to(reached)
        if threshold not in had
    )
    closed = tuple(
        threshold for threshold, episode in had.items()
        if episode.is_open and _has_recovered(threshold, level=level, thresholds=thresholds)
    )  # fmt: skip
    return t.EpisodeChanges(opened, closed, _disagrees(level=level, thresholds=thresholds))


def closed_by_replacement(*, known: Iterable[t.KnownEpisode]) -> tuple[t.Threshold, ...]:
    """A new cartridge closes whatever was still open for the one before."""
    return tuple(episode.threshold for episode in known if episode.is_open)


def who_is_told(*, people: Iterable[t.Person], site_id: int) -> tuple[t.Recipient, ...]:
    """Who gets a supply's notice: buyers and administrators of the site unless they refused, viewers who asked.

    One notice an address, each in the reader's own language, in the order given.
    """
    told: dict[str, t.Recipient] = {}
    for person in people:
        if _wants(person) and (person.site_ids is None or site_id in person.site_ids):
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
    by_level = _reached_by_level(level=level, thresholds=thresholds)
    if t.Threshold.ALMOST_EMPTY in (by_level, level.device_says):
        return t.Threshold.ALMOST_EMPTY
    return by_level or level.device_says


def _reached_by_level(*, level: t.SlotLevel, thresholds: t.Thresholds) -> t.Threshold | None:
    percent = _usable_percent(level)
    if percent is None:
        return None
    if percent <= thresholds.almost_empty.percent:
        return t.Threshold.ALMOST_EMPTY
    return t.Threshold.LOW if percent <= thresholds.low.percent else None


def _marks_up_to(reached: t.Threshold | None) -> tuple[t.Threshold, ...]:
    if reached is None:
        return ()
    return (t.Threshold.LOW,) if reached is t.Threshold.LOW else (t.Threshold.LOW, t.Threshold.ALMOST_EMPTY)


def _opened(threshold: t.Threshold, *, level: t.SlotLevel, thresholds: t.Thresholds, is_told: bool) -> t.Opened:
    because = t.Because.DEVICE if level.device_says is threshold else thresholds.mark(threshold).because
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
