"""How often a printer is asked, and when the network is searched: pure rules over a pace, a moment and what was seen.

Every quarter of an hour by default; more often near empty; stepwise less often while nothing changes or nobody answers;
rarely in the quiet hours, and then never beyond their end. Waits are real seconds: `Pace.speed` says how many of the
clock's seconds pass in one (1 outside the demo).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from econcierge_assistant.service import rules
from econcierge_printers import model

UNCHANGED_STEPS = ((24, 4.0), (8, 2.0))  # from so many visits without news on, so many times the interval
MOST_UNCHANGED_S = 3600.0
SPREAD = 0.2  # of a wait, so that a fleet that was read at once drifts apart
FIRST_SPREAD = 0.9
NEAR_EMPTY_PERCENT = 15.0
LOST_AFTER_SILENCES = 2
SEARCH_AGAIN_INTERVALS = 4.0
IPP_AFTER_SILENCES = 4
_DAY = timedelta(days=1)
_PANEL_WORDS = frozenset({"low", "empty", "near_full", "full"})
_SUPPLY_CONDITIONS = frozenset({"low_toner", "no_toner"})


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, in real seconds, and which hours are quiet, in the site's time zone (None: this computer's own)."""

    interval_s: float = 900.0
    near_empty_interval_s: float = 300.0
    night_interval_s: float = 3600.0
    night_from: time = time(20)
    night_to: time = time(6)
    discover: bool = True
    discovery_at: time = time(3)
    discovery_interval_s: float = 86_400.0
    zone: tzinfo | None = None
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the visits to one printer showed so far."""

    visits: int = 0
    unchanged: int = 0  # visits without news in a row
    silences: int = 0  # visits without an answer in a row
    near_empty: bool = False
    asleep: bool = False
    protocol: str = ""  # of its last reading
    measures: bool = False  # whether that one had a measured supply


def answered(*, seen: Seen, reading: model.Reading, changed: bool) -> Seen:
    """After a reading; `changed` when it said something new."""
    return Seen(
        visits=seen.visits + 1,
        unchanged=0 if changed else seen.unchanged + 1,
        near_empty=is_near_empty(reading),
        asleep=reading.status.state is model.PrinterState.SLEEPING,
        protocol=reading.protocol,
        measures=any(supply.state is model.LevelState.MEASURED for supply in reading.supplies),
    )


def is_near_empty(reading: model.Reading) -> bool:
    """A supply is measured near its end, past it, or the printer's own panel says so."""
    if _SUPPLY_CONDITIONS & set(reading.status.conditions):
        return True
    return any(
        supply.panel in _PANEL_WORDS
        or supply.state is model.LevelState.OVERDUE
        or (supply.percent is not None and supply.percent <= NEAR_EMPTY_PERCENT)
        for supply in reading.supplies
    )


def next_visit_s(*, pace: Pace, seen: Seen, now: datetime, jitter: float) -> float:
    """Real seconds until this printer is asked again; `jitter` is 0 to 1 and only ever shortens."""
    wait_s = _by_day_s(pace, seen)
    if is_night(pace=pace, now=now):
        morning_s = (_next(pace, pace.night_to, now) - now).total_seconds() / pace.speed
        wait_s = min(max(wait_s, pace.night_interval_s), max(pace.interval_s, morning_s))
    spread = FIRST_SPREAD if seen.visits <= 1 and not seen.silences else SPREAD
    return wait_s * (1.0 - spread * jitter)


def is_night(*, pace: Pace, now: datetime) -> bool:
    """Within the quiet hours, which may pass midnight; none when they begin and end at one time."""
    at = now.astimezone(pace.zone).time()
    if pace.night_from <= pace.night_to:
        return pace.night_from <= at < pace.night_to
    return at >= pace.night_from or at < pace.night_to


def search_is_due(*, pace: Pace, last: datetime | None, now: datetime) -> bool:
    """At start, at the set hour of the site, after the interval if that is shorter, and when the clock went back."""
    if last is None:
        return True
    if not pace.discover:
        return False
    every = timedelta(seconds=pace.discovery_interval_s * pace.speed)
    return last > now or last < _latest(pace, pace.discovery_at, now) or now - last >= every


def lost_search_is_due(*, pace: Pace, silent: int, known: int, since_last_s: float) -> bool:
    """A few printers are gone, so they may have moved; when half of them are, it is the network, and searching is no
    help. `silent` counts those that were silent often enough."""
    few = silent > 0 and (2 * silent < known or known == 1)
    return pace.discover and few and since_last_s >= SEARCH_AGAIN_INTERVALS * pace.interval_s


def may_ask_over_ipp(seen: Seen) -> bool:
    """Whether IPP may be tried where SNMP is silent or measures nothing: a connection wakes a printer that sleeps.

    Whoever was measured over SNMP is silent because it sleeps or is off; only after some such visits is it possible
    that somebody closed SNMP.
    """
    if seen.asleep:
        return False
    if not seen.protocol or not seen.protocol.startswith("snmp"):
        return True
    return not seen.measures or seen.silences >= IPP_AFTER_SILENCES


def _by_day_s(pace: Pace, seen: Seen) -> float:
    if seen.silences:
        return rules.next_visit_s(interval_s=pace.interval_s, silences=seen.silences)
    times = next((factor for visits, factor in UNCHANGED_STEPS if seen.unchanged >= visits), 1.0)
    if seen.near_empty:
        often_s = min(pace.near_empty_interval_s, pace.interval_s)
        return min(often_s * times, pace.interval_s)
    return min(pace.interval_s * times, max(pace.interval_s, MOST_UNCHANGED_S))


def _next(pace: Pace, at: time, now: datetime) -> datetime:
    """When the site's clocks show `at` for the first time after `now`."""
    return _latest(pace, at, now + _DAY)


def _latest(pace: Pace, at: time, now: datetime) -> datetime:
    """When the site's clocks showed `at` last, `now` included."""
    local = now.astimezone(pace.zone)
    found = _on(local, at)
    return found if found <= now else _on(local - _DAY, at)


def _on(day: datetime, at: time) -> datetime:
    """That hour of that day."""
    return day.replace(hour=at.hour, minute=at.minute, second=at.second, microsecond=0)
