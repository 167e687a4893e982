"""All printers of a world: they live on with the clock, take what was delivered, and are kept in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from econcierge_virtual import shelf
from econcierge_virtual.distributor import rules
from econcierge_virtual.printers import living
from econcierge_virtual.printers.spec import PrinterSpec, PrinterState
from econcierge_virtual.resident import Resident

FORMAT = 1
STEP = timedelta(hours=2)  # errands are looked at this often when time runs faster than the ticks


class BrokenState(Exception):
    """The file of states is not one that this programme wrote."""


class Population:
    """The residents by id, and the serials that have left the shelf."""

    def __init__(self, fleet: Sequence[PrinterSpec], *, path: Path, at: datetime) -> None:
        self.fleet = tuple(fleet)
        self._path = path
        kept, self._used = _read(path)
        self.residents = {spec.id: Resident(spec, _resumed(spec, kept.get(spec.id), at=at)) for spec in self.fleet}

    @property
    def used(self) -> frozenset[str]:
        return frozenset(self._used)

    def live_on(self, *, until: datetime, orders: Callable[[], Sequence[rules.Received]]) -> bool:
        """Advance everybody; True when a cartridge was changed. `orders` is asked only when one is needed."""
        is_changed = False
        known: Sequence[rules.Received] | None = None
        at = min((resident.state.at for resident in self.residents.values()), default=until)
        while at < until:
            at = min(until, at + STEP)
            needy = self._advance(until=at)
            if needy:
                known = orders() if known is None else known
                boxes = shelf.delivered(known, at=at)
                for resident in needy:
                    is_changed |= self._run_errand(resident, boxes, at)
        return is_changed

    def _advance(self, *, until: datetime) -> list[Resident]:
        """Everybody lives on; those who need a cartridge then."""
        for resident in self.residents.values():
            resident.state = living.advance(spec=resident.spec, state=resident.state, until=until)
        return [one for one in self.residents.values() if shelf.needs(one.spec, one.state)]

    def save(self) -> None:
        """Whole or not at all."""
        states = {id_: resident.state.to_json() for id_, resident in self.residents.items()}
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"format": FORMAT, "printers": states, "used_serials": sorted(self._used)}))
        draft.replace(self._path)

    def _run_errand(self, resident: Resident, boxes: Sequence[shelf.Boxed], at: datetime) -> bool:
        errand = shelf.errand(
            spec=resident.spec,
            state=resident.state,
            boxes=boxes,
            used=self._used,
            fleet=self.fleet,
            at=at,
        )
        if errand is None:
            return False
        resident.state = living.install_cartridge(
            spec=resident.spec,
            state=resident.state,
            index=errand.index,
            part_number=errand.part.part_number,
            serial=errand.serial,
            capacity=errand.part.capacity,
            at=at,
        )
        if errand.is_delivered:
            self._used.add(errand.serial)
        return True


def _read(path: Path) -> tuple[dict[str, PrinterState], set[str]]:
    try:
        facts: dict[str, Any] = json.loads(path.read_text())
        if facts["format"] != FORMAT:
            raise ValueError("another format")
        states = {id_: PrinterState.from_json(state) for id_, state in facts["printers"].items()}
        return states, set(facts["used_serials"])
    except FileNotFoundError:
        return {}, set()
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenState(f"{path} cannot be read ({error}); move it away to start the printers afresh") from error


def _resumed(spec: PrinterSpec, state: PrinterState | None, *, at: datetime) -> PrinterState:
    """Where it was; afresh when it is new or has other supplies now. A clock that was set back is followed."""
    if state is None or [row.index for row in state.cartridges] != [slot.index for slot in spec.slots]:
        return living.first_state(spec, at=at)
    return replace(state, at=at) if state.at > at else state
