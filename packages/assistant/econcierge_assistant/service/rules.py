"""Policy as pure functions: what is news between two readings, when a heartbeat is due, how long to wait.

Only changes are sent, a heartbeat otherwise; both are judged against the last reading that was *kept*, so that
a slow drift is never lost between two visits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from econcierge_printers import model

BACK_OFF_FIRST_S = 1.0
BACK_OFF_CAP_S = 300.0
SILENCE_CAP_S = 3600.0
SILENCE_DOUBLINGS = 4


class News(StrEnum):
    """One kind of difference between the reading that was kept and the one at hand."""

    FIRST = "first"
    IDENTITY = "identity"
    SUPPLIES = "supplies"  # a slot came or went
    LEVEL = "level"
    STATE = "state"
    CARTRIDGE = "cartridge"  # serial or part number of what is in a slot
    ALERT = "alert"
    STATUS = "status"  # stopped or not, or the device's detected conditions
    ACTIVITY = "activity"  # idle, printing, sleeping: passing
    COUNTER = "counter"
    FINE_LEVEL = "fine_level"  # the raw level moved within the same whole percent


class Rank(IntEnum):
    """What a kept reading is worth when the line is dead and the spool fills: the highest goes first."""

    CHANGE = 0
    USE = 1
    ROUTINE = 2


MINOR = frozenset({News.ACTIVITY, News.COUNTER, News.FINE_LEVEL})
PASSING_STATES = frozenset(
    {
        model.PrinterState.IDLE,
        model.PrinterState.PRINTING,
        model.PrinterState.WARMING_UP,
        model.PrinterState.SLEEPING,
    }
)


def news(*, before: model.Reading | None, after: model.Reading) -> frozenset[News]:
    """What `after` says that `before` (the last reading kept of this printer) did not."""
    if before is None:
        return frozenset({News.FIRST})
    found = _supply_news(before, after) | _status_news(before.status, after.status)
    if _told_identity(before.identity) != _told_identity(after.identity):
        found.add(News.IDENTITY)
    if _alert_keys(before) != _alert_keys(after):
        found.add(News.ALERT)
    if before.counters != after.counters:
        found.add(News.COUNTER)
    return frozenset(found)


def rank(found: frozenset[News], *, heartbeat_due: bool) -> Rank | None:
    """What the reading is worth keeping as; None when it says nothing new and no heartbeat is due."""
    if found - MINOR:
        return Rank.CHANGE
    if found:
        return Rank.USE
    return Rank.ROUTINE if heartbeat_due else None


def heartbeat_is_due(*, kept_at: datetime | None, now: datetime, every: timedelta) -> bool:
    """True when nothing was kept for `every`, or when the clock was set back behind what was kept last."""
    return kept_at is None or now - kept_at >= every or now < kept_at


def back_off_s(failures: int, *, jitter: float, cap_s: float = BACK_OFF_CAP_S) -> float:
    """Seconds to wait after that many failures in a row: doubling from one second, capped; `jitter` is 0 to 1.

    Between half and the whole of the step, so that a thousand assistants do not come back in the same second.
    """
    step_s = min(cap_s, BACK_OFF_FIRST_S * 2.0 ** min(max(failures - 1, 0), 30))
    return step_s * (0.5 + 0.5 * jitter)


def next_visit_s(*, interval_s: float, silences: int) -> float:
    """Seconds until a printer is asked again: its interval, doubled for every silence in a row up to sixteen times,
    and at most an hour unless the interval itself is longer (P05)."""
    slowed_s = interval_s * 2.0 ** min(silences, SILENCE_DOUBLINGS)
    return min(slowed_s, max(interval_s, SILENCE_CAP_S))


def _supply_news(before: model.Reading, after: model.Reading) -> set[News]:
    old = {supply.index: supply for supply in before.supplies}
    new = {supply.index: supply for supply in after.supplies}
    found = {News.SUPPLIES} if old.keys() != new.keys() else set()
    for index in old.keys() & new.keys():
        found |= _slot_news(old[index], new[index])
    return found


def _slot_news(old: model.Supply, new: model.Supply) -> set[News]:
    found: set[News] = set()
    if (old.serial, old.part_number) != (new.serial, new.part_number):
        found.add(News.CARTRIDGE)
    if old.state != new.state:
        found.add(News.STATE)
    if _coarse_level(old) != _coarse_level(new):
        found.add(News.LEVEL)
    elif old.raw_level != new.raw_level:
        found.add(News.FINE_LEVEL)
    return found


def _coarse_level(supply: model.Supply) -> tuple[int | None, int | None, int | None]:
    """The whole percent of a measured level, else the raw value: what must never be thinned before it is told."""
    if supply.state is model.LevelState.MEASURED and supply.percent is not None:
        return (int(supply.percent), supply.raw_capacity, None)
    return (None, supply.raw_capacity, supply.raw_level)


def _status_news(old: model.Status, new: model.Status) -> set[News]:
    """The panel's lines are for people and change with every breath: they ride along, they are no news."""
    found: set[News] = set()
    if frozenset(old.conditions) != frozenset(new.conditions):
        found.add(News.STATUS)
    if old.state != new.state:
        passing = old.state in PASSING_STATES and new.state in PASSING_STATES
        found.add(News.ACTIVITY if passing else News.STATUS)
    return found


def _told_identity(identity: model.Identity) -> tuple[str | None, ...]:
    """Without sysDescr and the IEEE 1284 string, where some devices write their uptime or state."""
    return (
        identity.manufacturer,
        identity.model,
        identity.serial,
        identity.hostname,
        identity.mac,
        identity.firmware,
        identity.sys_object_id,
    )


def _alert_keys(reading: model.Reading) -> frozenset[tuple[str, str, str | None, int | None, str]]:
    """Alerts by their code; by their text only where a device gives no code, because texts carry counts."""
    return frozenset(
        (alert.severity, alert.group, alert.supply_index, alert.code, "" if alert.code is not None else alert.text)
        for alert in reading.alerts
    )
