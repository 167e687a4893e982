"""How bad it is: of one supply, one printer, all of them; and which supplies a person can do something about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from econcierge_assistant.desktop.core.types import Age, Printer, Supply, Worst

URGENCY = (Worst.FINE, Worst.ATTENTION, Worst.SILENT, Worst.LOW, Worst.ALMOST_EMPTY, Worst.EMPTY)
_OF_WORD = {
    "low": Worst.LOW,
    "almost_empty": Worst.ALMOST_EMPTY,
    "empty": Worst.EMPTY,
    "overdue": Worst.EMPTY,
    "implausible": Worst.ATTENTION,
}
NEEDED = frozenset({Worst.LOW, Worst.ALMOST_EMPTY, Worst.EMPTY})


@dataclass(frozen=True, slots=True)
class Need:
    """A supply that somebody should order, and its printer."""

    printer: Printer
    supply: Supply
    worst: Worst


def urgency(state: Worst) -> int:
    return URGENCY.index(state)


def of_supply(supply: Supply) -> Worst:
    """A word that is not known here is not made into an alarm (P03)."""
    return _OF_WORD.get(supply.word, Worst.FINE)


def of_supplies(supplies: Iterable[Supply], *, age: Age = Age.CURRENT) -> Worst:
    """A printer that does not answer is silent before anything else: its levels may be long past."""
    if age is Age.SILENT:
        return Worst.SILENT
    return max((of_supply(supply) for supply in supplies), key=urgency, default=Worst.FINE)


def of_fleet(printers: Iterable[Printer]) -> Worst:
    """What the tray shows. What is on its way needs nobody, so it counts as attention only."""
    return max((_unsettled(printer) for printer in printers), key=urgency, default=Worst.FINE)


def needs(printers: Iterable[Printer]) -> list[Need]:
    """What should be ordered, the most urgent first, then what runs out first."""
    found = [
        Need(printer, supply, of_supply(supply))
        for printer in printers
        for supply in printer.supplies
        if of_supply(supply) in NEEDED and supply.coming is None
    ]
    return sorted(found, key=lambda need: (-urgency(need.worst), runs_out(need.supply), need.printer.name))


def runs_out(supply: Supply) -> tuple[date, float]:
    """For sorting: the expected day, then the level."""
    expected = supply.forecast.p50_on if supply.forecast and supply.forecast.p50_on else date.max
    return expected, supply.percent if supply.percent is not None else 101.0


def first_to_run_out(printer: Printer) -> Supply | None:
    """The supply that a row of the list speaks of; None when none has a level or a forecast."""
    known = [
        supply
        for supply in printer.supplies
        if supply.percent is not None or supply.forecast is not None or of_supply(supply) in NEEDED
    ]
    return min(known, key=lambda supply: (-urgency(of_supply(supply)), runs_out(supply)), default=None)


def sorted_fleet(printers: Iterable[Printer]) -> list[Printer]:
    """The worst first, then what runs out first, then by name."""

    def place(printer: Printer) -> tuple[int, tuple[date, float], str]:
        first = first_to_run_out(printer)
        return -urgency(printer.worst), runs_out(first) if first else (date.max, 101.0), printer.name.casefold()

    return sorted(printers, key=place)


def _unsettled(printer: Printer) -> Worst:
    if printer.worst is Worst.SILENT:
        return Worst.SILENT
    open_states = [
        Worst.ATTENTION if supply.coming is not None and of_supply(supply) in NEEDED else of_supply(supply)
        for supply in printer.supplies
    ]
    found = max(open_states, key=urgency, default=Worst.FINE)
    return max(found, Worst.ATTENTION, key=urgency) if printer.worst is Worst.ATTENTION else found
