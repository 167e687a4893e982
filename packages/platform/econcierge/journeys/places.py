"""Which place of a printer a part goes into: catalogues and printers do not name kinds and colours alike (P27).

A drum that the catalogue calls black goes where a printer reports a drum without a colour; a drum for any colour goes
where it is needed first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.catalogue import rules
from econcierge.supplies.models import Slot

UNKNOWN_PERCENT = 50.0  # a level that nobody measured, among those that are

Place = tuple[int, str, str]  # printer, kind and colour


class Placed(Protocol):
    """Anything that stands in one place of a printer: a slot, an episode."""

    @property
    def printer_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def colour(self) -> str: ...


def place_of(slot: Placed) -> Place:
    return (slot.printer_id, slot.kind, slot.colour)


def takes(place: Place, *, part: Place) -> bool:
    """Whether a part that was ordered for a printer goes into this place."""
    return place[0] == part[0] and rules.goes_into(part[1], part[2], kind=place[1], colour=place[2])


@dataclass(slots=True)
class Places:
    """The places of some printers with their levels in percent. It keeps count of what it gave out."""

    levels: Mapping[Place, float]
    _given: Counter[Place] = field(default_factory=Counter)

    def taking(self, part: Place) -> list[Place]:
        """Those that take such a part: the ones of just its kind and colour, else all that it fits."""
        if part in self.levels:
            return [part]
        return [place for place in self.levels if takes(place, part=part)]

    def give(self, part: Place, *, quantity: int) -> dict[Place, int]:
        """How many of these go where: each to a place that was given the fewest, the lowest of them.

        A part that fits nowhere, as in a printer that was never read, stays under its own kind and colour.
        """
        fitting = self.taking(part)
        if len(fitting) < 2:
            return {(fitting or [part])[0]: quantity}
        found: dict[Place, int] = defaultdict(int)
        for _each in range(quantity):
            place = min(fitting, key=lambda one: (self._given[one], self.levels[one]))
            self._given[place] += 1
            found[place] += 1
        return dict(found)


def places(scope: Scope, *, printer_ids: Iterable[int]) -> Places:
    """One query."""
    slots = accounts.limit(scope, Slot.objects.filter(printer_id__in=set(printer_ids), gone_at__isnull=True))
    levels: dict[Place, float] = {}
    for printer_id, kind, colour, percent in slots.order_by("id").values_list(
        "printer_id", "kind", "colour", "percent"
    ):
        level, place = UNKNOWN_PERCENT if percent is None else float(percent), (printer_id, kind, colour)
        levels[place] = min(level, levels.get(place, level))
    return Places(levels)
