"""What the panel says of a supply beside its level: both are kept, and where they cannot both be right that is said.

A level may be fine while the panel says "toner low" (P10), a waste container may count the other way round (P08):
the device's own alert codes are the second opinion, whatever language its texts are in.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from econcierge_printers.mib import colours
from econcierge_printers.model import DeviceAlert, PrinterState, Reading, Supply, SupplyClass, SupplyKind

LOW, EMPTY, NEAR_FULL, FULL, MISSING = "low", "empty", "near_full", "full", "missing"
# prtAlertCode (RFC 3805, IANA-PRINTER-MIB)
_WORDS = {
    **dict.fromkeys((1101, 1102, 1103, 1112, 1114), EMPTY),  # toner, ink, ribbon, photoconductor, developer
    **dict.fromkeys((1104, 1105, 1106, 1111, 1113), LOW),
    **dict.fromkeys((1107, 1108), NEAR_FULL),
    **dict.fromkeys((1109, 1110), FULL),
    1115: MISSING,
}
_TONER_BITS = {"no_toner": EMPTY, "low_toner": LOW}
_GRAVEST = (MISSING, EMPTY, FULL, LOW, NEAR_FULL)
_MARKING = (SupplyKind.TONER, SupplyKind.INK, SupplyKind.SOLID_INK)
_MEANT = {  # the kinds that a code without a row can mean
    **dict.fromkeys((1101, 1104, 1102, 1105, 1115), _MARKING),
    **dict.fromkeys((1107, 1108, 1109, 1110), (SupplyKind.WASTE_CONTAINER,)),
    **dict.fromkeys((1111, 1112), (SupplyKind.DRUM, SupplyKind.IMAGING_UNIT)),
    **dict.fromkeys((1113, 1114), (SupplyKind.DEVELOPER,)),
}
# Above so many percent left a word is contradicted; panels say "low" at 30 (P32), so not before half
_CONTRADICTED_ABOVE = {LOW: 50.0, NEAR_FULL: 50.0, EMPTY: 20.0, FULL: 20.0, MISSING: 0.0}
_NO_SPACE_PERCENT = 5.0
_AT_WORK = (PrinterState.IDLE, PrinterState.PRINTING)


def with_panel(reading: Reading) -> Reading:
    """Every supply with what the panel says of it. Pure."""
    if not reading.supplies or not _is_something_said(reading):
        return reading
    words = _words(reading)
    rows = tuple(_judged(row, words.get(row.index), reading) for row in reading.supplies)
    return reading if rows == reading.supplies else dataclasses.replace(reading, supplies=rows)


def _is_something_said(reading: Reading) -> bool:
    """Whether there can be anything to write: most readings of a healthy fleet are left as they are."""
    said = any(alert.code in _WORDS for alert in reading.alerts) or not _TONER_BITS.keys().isdisjoint(
        reading.status.conditions
    )
    return said or any(row.panel or row.disagrees or _works_without_space(row, reading) for row in reading.supplies)


def _words(reading: Reading) -> dict[str, str]:
    said: dict[str, set[str]] = {}
    for alert in reading.alerts:
        word = _WORDS.get(alert.code or 0)
        index = word and _row_meant(alert, reading.supplies)
        if word and index:
            said.setdefault(index, set()).add(word)
    only = _only([row for row in reading.supplies if row.kind in _MARKING])
    if only is not None:  # the printer-wide bits say nothing of which supply
        bits = (_TONER_BITS[word] for word in reading.status.conditions if word in _TONER_BITS)
        said.setdefault(only.index, set()).update(bits)
    return {index: min(words, key=_GRAVEST.index) for index, words in said.items() if words}


def _row_meant(alert: DeviceAlert, rows: Iterable[Supply]) -> str | None:
    """The row that the alert names; else the only one of that kind, or of that kind and the colour in the text."""
    if alert.supply_index is not None:
        return alert.supply_index
    meant = [row for row in rows if row.kind in _MEANT.get(alert.code or 0, ())]
    colour = colours.in_words(alert.text)
    only = _only(meant) or (_only([row for row in meant if row.colour == colour]) if colour else None)
    return only.index if only else None


def _only(rows: list[Supply]) -> Supply | None:
    return rows[0] if len(rows) == 1 else None


def _judged(row: Supply, word: str | None, reading: Reading) -> Supply:
    disagrees = row.percent is not None and (
        row.percent > _CONTRADICTED_ABOVE[word] if word else _works_without_space(row, reading)
    )
    if word == row.panel and disagrees == row.disagrees:
        return row
    return dataclasses.replace(row, panel=word, disagrees=disagrees)


def _works_without_space(row: Supply, reading: Reading) -> bool:
    """A receptacle without space that no alert speaks of, on a printer at work: perhaps it counts the other way."""
    if row.supply_class is not SupplyClass.FILLED or (row.percent or 0.0) > _NO_SPACE_PERCENT:
        return False
    return reading.status.state in _AT_WORK and "service_requested" not in reading.status.conditions
