"""One reading of a device from several: SNMP and IPP know different things about the same supplies.

Pure. The first reading leads: its rows keep their indices. Each supply takes its level from whoever knows it better
and names that source; two measured levels too far apart are a `Disagreement`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from econcierge_printers.limits import MAX_ALERTS, MAX_CONDITIONS, MAX_SUPPLIES
from econcierge_printers.model import (
    Counters,
    DeviceAlert,
    Identity,
    LevelState,
    PrinterState,
    Reading,
    Status,
    Supply,
    SupplyClass,
)

TOLERANCE_POINTS = 5.0  # two gauges of one cartridge round differently
_KNOWLEDGE = (
    LevelState.UNKNOWN,
    LevelState.IMPLAUSIBLE,
    LevelState.SOME_REMAINING,
    LevelState.UNRESTRICTED,
    LevelState.OVERDUE,
    LevelState.MEASURED,
)
_STANDARD_SOURCES = frozenset({"printer-mib", "ipp"})  # any other is a maker's own table
_STEPS = (25, 20, 10, 5, 2)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources measured the same supply, more than the tolerance apart; `kept` is what the reading says."""

    supply_index: str
    kept_source: str
    kept_percent: float
    other_source: str
    other_percent: float


@dataclass(frozen=True, slots=True)
class Merged:
    reading: Reading
    disagreements: tuple[Disagreement, ...] = ()


def merge(readings: Sequence[Reading]) -> Merged:
    """All readings must be of one device, at least one; time, target and protocol are the first one's."""
    merged, disagreements = readings[0], list[Disagreement]()
    for further in readings[1:]:
        supplies, found = merge_supplies(merged.supplies, further.supplies)
        disagreements += found
        merged = dataclasses.replace(
            merged,
            identity=_identity(merged.identity, further.identity),
            status=_status(merged.status, further.status),
            counters=_counters(merged.counters, further.counters),
            supplies=supplies,
            alerts=_alerts(merged.alerts, further.alerts, _places(merged.supplies, further.supplies)),
            trays=merged.trays or further.trays,
        )
    return Merged(merged, tuple(disagreements))


def merge_supplies(
    leading: Sequence[Supply], further: Sequence[Supply]
) -> tuple[tuple[Supply, ...], tuple[Disagreement, ...]]:
    """Rows of the second that belong to none of the first are added, unless they may be one of several alike."""
    pairs, strangers = _paired(leading, further)
    rows, disagreements = [], []
    for row in leading:
        other = pairs.get(row.index)
        rows.append(_better(row, other) if other else row)
        if other and _disagree(row, other):
            kept, left = (row, other) if rows[-1].source == row.source else (other, row)
            disagreements.append(
                Disagreement(row.index, kept.source, kept.percent or 0.0, left.source, left.percent or 0.0)
            )
    taken = {row.index for row in rows}
    for row in strangers:
        index = row.index if row.index not in taken else f"{row.source}.{row.index}"
        if index not in taken:
            taken.add(index)
            rows.append(dataclasses.replace(row, index=index))
    return tuple(rows[:MAX_SUPPLIES]), tuple(disagreements)


def _paired(leading: Sequence[Supply], further: Sequence[Supply]) -> tuple[dict[str, Supply], list[Supply]]:
    """By index where kind and colour agree, else by what is unmistakable on both sides; and who belongs to nobody."""
    pairs: dict[str, Supply] = {}
    by_index = {row.index: row for row in leading}
    left = []
    for row in further:
        same = by_index.get(row.index)
        if same and _nature(same) == _nature(row) and row.index not in pairs:
            pairs[row.index] = row
        else:
            left.append(row)
    marks: tuple[Callable[[Supply], Hashable], ...] = (lambda row: row.serial, _nature, lambda row: row.description)
    for mark in marks:
        left = _pair_by(mark, leading, left, pairs)
    natures = {_nature(row) for row in leading}
    return pairs, [row for row in left if _nature(row) not in natures]


def _pair_by(
    mark: Callable[[Supply], Hashable], leading: Sequence[Supply], further: list[Supply], pairs: dict[str, Supply]
) -> list[Supply]:
    """Pairs those whose mark exists once on either side; gives those that remain."""
    free = _once(mark, [row for row in leading if row.index not in pairs])
    theirs = _once(mark, further)
    for key in free.keys() & theirs.keys():
        if free[key].kind is theirs[key].kind:
            pairs[free[key].index] = theirs[key]
    used = {id(row) for row in pairs.values()}
    return [row for row in further if id(row) not in used]


def _once(mark: Callable[[Supply], Hashable], rows: Sequence[Supply]) -> dict[Hashable, Supply]:
    marked: dict[Hashable, list[Supply]] = {}
    for row in rows:
        key = mark(row)
        if key:
            marked.setdefault(key, []).append(row)
    return {key: alike[0] for key, alike in marked.items() if len(alike) == 1}


def _nature(row: Supply) -> Hashable:
    return row.kind, row.colour


def _better(row: Supply, other: Supply) -> Supply:
    """The level of the one that knows more; names and numbers of parts from whoever has them."""
    level = other if _rank(other, row) > _rank(row, other) else row
    return dataclasses.replace(
        row,
        colour=row.colour or other.colour,
        supply_class=row.supply_class if row.supply_class is not SupplyClass.UNKNOWN else other.supply_class,
        description=row.description or other.description,
        part_number=row.part_number or other.part_number,
        serial=row.serial or other.serial,
        unit=level.unit,
        raw_capacity=level.raw_capacity,
        raw_level=level.raw_level,
        state=level.state,
        percent=level.percent,
        source=level.source,
    )


def _rank(row: Supply, beside: Supply) -> tuple[int, bool, bool]:
    """Measured beats what is not; a maker's own table beats the standard ones; then the finer gauge."""
    finer = _step_points(row) < _step_points(beside) and not _disagree(row, beside)
    return _KNOWLEDGE.index(row.state), row.source not in _STANDARD_SOURCES, finer


def _step_points(row: Supply) -> float:
    """How coarse a gauge may be, from one level: a round number may come from a coarse one."""
    if row.percent is None:
        return 100.0
    by_capacity = 100 / row.raw_capacity if row.raw_capacity and row.raw_capacity > 0 else 1.0
    by_level = next((step for step in _STEPS if row.percent % step == 0), 1)
    return max(by_capacity, by_level)


def _disagree(row: Supply, other: Supply) -> bool:
    if row.percent is None or other.percent is None:
        return False
    coarsest = max(_step_points(row), _step_points(other))
    return abs(row.percent - other.percent) > max(TOLERANCE_POINTS, min(coarsest, 10.0))


def _identity(identity: Identity, other: Identity) -> Identity:
    missing = {
        field.name: getattr(other, field.name)
        for field in dataclasses.fields(Identity)
        if getattr(identity, field.name) is None
    }
    return dataclasses.replace(identity, **missing)


def _status(status: Status, other: Status) -> Status:
    conditions = tuple(dict.fromkeys((*status.conditions, *other.conditions)))[:MAX_CONDITIONS]
    state = status.state if status.state is not PrinterState.UNKNOWN else other.state
    return dataclasses.replace(status, state=state, conditions=conditions, console=status.console or other.console)


def _counters(counters: Counters, other: Counters) -> Counters:
    """Whole, since parts of two counters do not add up."""
    return other if counters == Counters() or (counters.total is None and other.total is not None) else counters


def _places(leading: Sequence[Supply], further: Sequence[Supply]) -> dict[str, str]:
    """Which row of the first each row of the second is."""
    pairs, _ = _paired(leading, further)
    return {row.index: index for index, row in pairs.items()}


def _alerts(
    alerts: tuple[DeviceAlert, ...], others: tuple[DeviceAlert, ...], places: dict[str, str]
) -> tuple[DeviceAlert, ...]:
    """The same alert told twice is one: the same code, or the same words where there is no code."""
    told = {alert.code if alert.code is not None else alert.text for alert in alerts}
    new = [alert for alert in others if (alert.code if alert.code is not None else alert.text) not in told]
    moved = (dataclasses.replace(alert, supply_index=places.get(alert.supply_index or "")) for alert in new)
    return (*alerts, *moved)[:MAX_ALERTS]
