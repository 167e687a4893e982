"""Which notifications to show: once for each supply and mark, so that nobody learns to look away (P26, P28).

A mark is "low" or "almost empty"; empty counts as the second. A mark is forgotten when the supply is fine again and
clearly fuller than it was, which is what a new cartridge looks like; flapping around the mark is not (P06).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from econcierge_assistant.desktop.core import worst
from econcierge_assistant.desktop.core.types import Printer, Supply, Worst

RISE_POINTS = 10.0
_MARKS = {Worst.LOW: 1, Worst.ALMOST_EMPTY: 2, Worst.EMPTY: 2}


@dataclass(frozen=True, slots=True)
class Noted:
    """What was told of a supply: how far (1 low, 2 almost empty), and its level then."""

    mark: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification for all that is new: `needs` is never empty."""

    needs: tuple[worst.Need, ...]


def decide(*, printers: Iterable[Printer], noted: Mapping[str, Noted]) -> tuple[Notice | None, dict[str, Noted]]:
    """What to tell now, and what is told from then on.

    What is on its way is not told; should the order be cancelled, it will be. Supplies that are not in the list
    keep their marks: a printer that is gone for a while is no news when it is back.
    """
    after = dict(noted)
    for printer in printers:
        for supply in printer.supplies:
            before = after.get(_key(printer, supply))
            if before is not None and _is_new_cartridge(supply, before):
                del after[_key(printer, supply)]
    fresh = [need for need in worst.needs(printers) if _MARKS[need.worst] > _told(after, need)]
    for need in fresh:
        after[_key(need.printer, need.supply)] = Noted(mark=_MARKS[need.worst], percent=need.supply.percent)
    return (Notice(tuple(fresh)) if fresh else None), after


def _told(noted: Mapping[str, Noted], need: worst.Need) -> int:
    before = noted.get(_key(need.printer, need.supply))
    return before.mark if before else 0


def _is_new_cartridge(supply: Supply, before: Noted) -> bool:
    if worst.of_supply(supply) is not Worst.FINE or supply.word != "fine":
        return False
    if supply.percent is None or before.percent is None:
        return True
    return supply.percent >= before.percent + RISE_POINTS


def _key(printer: Printer, supply: Supply) -> str:
    return supply.slot_id or f"{printer.key}|{supply.index}"
