"""Taking reports in: the message that comes once, slots, cartridges and history, in a few statements a batch."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from econcierge.core import setbased
from econcierge.fleet.models import Assistant
from econcierge.supplies import coursefile, history, rules
from econcierge.supplies import types as t
from econcierge.supplies.models import Cartridge, LevelChange, Report, Slot
from econcierge_printers.model import LevelState, Reading, Supply

MOST_SERIAL_CHARACTERS, MOST_PART_CHARACTERS = 60, 40  # as the columns hold
MOST_LEVELS_SEEN = 24  # enough to know a gauge's step
SLOT_COLUMNS = {
    "kind": "text",
    "colour": "text",
    "supply_class": "text",
    "description": "text",
    "unit": "text",
    "source": "text",
    "state": "text",
    "percent": "numeric",
    "raw_level": "bigint",
    "raw_capacity": "bigint",
    "measured_at": "timestamptz",
    "read_at": "timestamptz",
    "changed_at": "timestamptz",
    "cartridge_id": "bigint",
    "course": "jsonb",
    "levels_seen": "jsonb",
    "gone_at": "timestamptz",
    "panel": "text",
    "panel_disagrees": "boolean",
}
CARTRIDGE_COLUMNS = {
    "part_number": "text",
    "serial": "text",
    "removed_at": "timestamptz",
    "end_percent": "numeric",
    "end_state": "text",
    "end_pages": "bigint",
}


def register_report(*, assistant: Assistant, message_id: UUID, sent_at: datetime, now: datetime) -> int | None:
    """The id of the report's row, or None when this message was taken in before.

    A second delivery of the same message waits here until the first has committed or failed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO supplies_report"
            " (customer_id, assistant_id, message_id, sent_at, received_at, readings, refused)"
            " VALUES (%s, %s, %s, %s, %s, 0, '[]') ON CONFLICT DO NOTHING RETURNING id",
            [assistant.customer_id, assistant.pk, message_id, sent_at, now],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def finish_report(*, report_id: int, accepted: int, refused: Sequence[Mapping[str, Any]]) -> None:
    Report.objects.filter(pk=report_id).update(readings=accepted, refused=list(refused))


@dataclasses.dataclass(slots=True)
class SlotState:
    """A slot while a batch passes over it: the row, the rules' memory of it, and its cartridges."""

    slot: Slot
    memory: t.SlotMemory | None
    cartridge: Cartridge | None
    replaced: bool = False


class Intake:
    """The slots of some printers, loaded once, moved reading by reading in memory, written once."""

    def __init__(self, *, customer_id: int, printer_ids: Iterable[int], readings: Iterable[Reading]) -> None:
        self._customer_id = customer_id
        self._states = _loaded(customer_id, printer_ids, readings)
        self._touched: dict[tuple[int, str], SlotState] = {}
        self._new_cartridges: list[Cartridge] = []
        self._old_cartridges: dict[int, Cartridge] = {}
        self._levels: list[LevelChange] = []
        self._reassigned: list[tuple[SlotState, Cartridge, datetime]] = []
        self._stays = _earlier_stays(customer_id, readings)
        self._counter_in_doubt = False
        self._late: list[LevelChange] = []

    def take_in(
        self, *, printer_id: int, reading: Reading, pages: int | None, counter_in_doubt: bool = False
    ) -> list[SlotState]:
        """Moves a printer's slots by one reading, which is not older than what is known; the slots it spoke of."""
        self._counter_in_doubt = counter_in_doubt
        states = [self._move(printer_id, supply, reading.read_at, pages) for supply in reading.supplies]
        if reading.supplies:
            self._mark_gone(printer_id, {supply.index for supply in reading.supplies}, reading.read_at)
        return states

    def take_in_late(self, *, printer_id: int, reading: Reading) -> None:
        """A reading older than what is known: its levels become history, and change nothing of what is there now."""
        for supply in reading.supplies:
            state = self._states.get((printer_id, supply.index))
            if state is not None:
                self._late.append(
                    LevelChange(
                        customer_id=self._customer_id,
                        slot=state.slot,
                        at=reading.read_at,
                        state=supply.state.value,
                        percent=_decimal(supply.percent),
                        raw_level=supply.raw_level,
                        raw_capacity=supply.raw_capacity,
                    )
                )

    def write(self) -> None:
        """A bounded number of statements, whatever the number of slots."""
        Slot.objects.bulk_create([s.slot for s in self._touched.values() if s.slot.pk is None])
        rows = [(c.pk, *(getattr(c, name) for name in CARTRIDGE_COLUMNS)) for c in self._old_cartridges.values()]
        setbased.update_rows(table=Cartridge._meta.db_table, types=CARTRIDGE_COLUMNS, rows=rows)
        for cartridge in self._new_cartridges:
            cartridge.slot_id = cartridge.slot.pk
        Cartridge.objects.bulk_create(self._new_cartridges)
        for state in self._touched.values():
            state.slot.cartridge_id = None if state.cartridge is None else state.cartridge.pk
        slots = [(s.slot.pk, *(_sent(s.slot, name) for name in SLOT_COLUMNS)) for s in self._touched.values()]
        setbased.update_rows(table=Slot._meta.db_table, types=SLOT_COLUMNS, rows=slots)
        self._write_levels()
        if self._late:
            history.insert_late(levels=self._late)

    def _write_levels(self) -> None:
        for level in self._levels:
            level.slot_id = level.slot.pk
            level.cartridge_id = level.cartridge.pk if level.cartridge else None
        LevelChange.objects.bulk_create(self._levels, ignore_conflicts=True)
        if not self._reassigned:
            return
        rows = [(state.slot.pk, cartridge.pk, at) for state, cartridge, at in self._reassigned]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE supplies_levelchange SET cartridge_id = given.cartridge_id"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS given (slot_id, cartridge_id, since)"
                " WHERE supplies_levelchange.slot_id = given.slot_id AND supplies_levelchange.at >= given.since",
                [list(values) for values in zip(*rows, strict=True)],
            )

    def _move(self, printer_id: int, supply: Supply, at: datetime, pages: int | None) -> SlotState:
        key = (printer_id, supply.index)
        state = self._states.get(key)
        if state is None:
            slot = Slot(customer_id=self._customer_id, printer_id=printer_id, index=supply.index)
            state = self._states[key] = SlotState(slot, None, None)
        memory = self._with_elsewhere(state, supply)
        change = rules.next_cartridge_state(
            memory=memory, reading=_slot_reading(supply, at, pages, self._counter_in_doubt)
        )
        self._touched[key] = state
        _describe(state.slot, supply)
        if change.cartridge is not None:
            self._replace(state, change.cartridge, change.memory, at, pages)
        self._remember(state, change.memory, supply)
        if change.is_news:
            state.slot.changed_at = at
            self._levels.append(self._level(state, supply, at, pages))
        return state

    def _with_elsewhere(self, state: SlotState, supply: Supply) -> t.SlotMemory | None:
        serial = _serial(supply)
        if state.memory is None or serial is None:
            return state.memory
        earlier = {slot_id == state.slot.pk for slot_id in self._stays.get(serial, ())}
        return dataclasses.replace(
            state.memory,
            earlier_serials=frozenset({serial}) if True in earlier else state.memory.earlier_serials,
            serials_elsewhere=frozenset({serial}) if False in earlier else frozenset(),
        )

    def _replace(
        self, state: SlotState, came: t.Replacement, memory: t.SlotMemory, at: datetime, pages: int | None
    ) -> None:
        sequence = 1
        if (old := state.cartridge) is not None:
            sequence = old.sequence + 1
            old.removed_at, old.end_percent = came.at, _decimal(came.end_percent)
            old.end_state, old.end_pages = rules.state_when_left(came=came).value, pages
            self._remember_old(old)
        state.cartridge = Cartridge(
            customer_id=self._customer_id,
            slot=state.slot,
            sequence=sequence,
            part_number=memory.part_number or "",
            serial=memory.serial or "",
            installed_at=came.at,
            start_percent=_decimal(came.start_percent),
            start_pages=pages,
            evidence=came.evidence.value,
            kind=came.kind.value,
            confidence=came.confidence,
        )
        state.replaced = state.replaced or came.kind is not t.CartridgeKind.FIRST
        self._new_cartridges.append(state.cartridge)
        if came.at < at:
            self._reassigned.append((state, state.cartridge, came.at))

    def _remember(self, state: SlotState, memory: t.SlotMemory, supply: Supply) -> None:
        state.memory, slot = memory, state.slot
        slot.state = memory.state.value
        slot.percent, slot.measured_at = _decimal(memory.percent), memory.measured_at
        slot.raw_level, slot.raw_capacity = memory.raw_level, memory.raw_capacity
        slot.read_at, slot.gone_at = memory.read_at, None
        slot.changed_at = slot.changed_at or memory.read_at
        slot.course = coursefile.to_json(memory.course)
        if supply.percent is not None and len(slot.levels_seen) < MOST_LEVELS_SEEN:
            slot.levels_seen = sorted({*slot.levels_seen, supply.percent})
        cartridge = state.cartridge
        if cartridge is not None and cartridge.pk is not None:
            said = (memory.part_number or "", memory.serial or "")
            if (cartridge.part_number, cartridge.serial) != said:
                cartridge.part_number, cartridge.serial = said
                self._remember_old(cartridge)

    def _remember_old(self, cartridge: Cartridge) -> None:
        if cartridge.pk is not None:
            self._old_cartridges[cartridge.pk] = cartridge

    def _level(self, state: SlotState, supply: Supply, at: datetime, pages: int | None) -> LevelChange:
        return LevelChange(
            customer_id=self._customer_id,
            slot=state.slot,
            cartridge=state.cartridge,
            at=at,
            state=supply.state.value,
            percent=_decimal(supply.percent),
            raw_level=supply.raw_level,
            raw_capacity=supply.raw_capacity,
            pages_total=pages,
        )

    def _mark_gone(self, printer_id: int, present: set[str], at: datetime) -> None:
        for key, state in self._states.items():
            if key[0] == printer_id and key[1] not in present and state.slot.gone_at is None:
                state.slot.gone_at = at
                self._touched[key] = state


def _loaded(
    customer_id: int, printer_ids: Iterable[int], readings: Iterable[Reading]
) -> dict[tuple[int, str], SlotState]:
    slots = Slot.objects.filter(customer_id=customer_id, printer_id__in=set(printer_ids)).select_related("cartridge")
    return {(slot.printer_id, slot.index): SlotState(slot, _memory(slot), slot.cartridge) for slot in slots}


def _earlier_stays(customer_id: int, readings: Iterable[Reading]) -> dict[str, set[int]]:
    """Slots in which cartridges with the serials of these readings were seen before."""
    said = {_serial(supply) for reading in readings for supply in reading.supplies} - {None}
    stays: dict[str, set[int]] = {}
    if said:
        rows = Cartridge.objects.filter(customer_id=customer_id, serial__in=said).values_list("serial", "slot_id")
        for serial, slot_id in rows:
            stays.setdefault(serial, set()).add(slot_id)
    return stays


def _memory(slot: Slot) -> t.SlotMemory:
    cartridge = slot.cartridge
    return t.SlotMemory(
        read_at=slot.read_at,
        state=LevelState(slot.state),
        percent=None if slot.percent is None else float(slot.percent),
        measured_at=slot.measured_at,
        raw_level=slot.raw_level,
        raw_capacity=slot.raw_capacity,
        serial=(cartridge.serial or None) if cartridge else None,
        part_number=(cartridge.part_number or None) if cartridge else None,
        course=coursefile.from_json(slot.course),
        gauge_step=rules.gauge_step(percents=slot.levels_seen),
    )


def _slot_reading(supply: Supply, at: datetime, pages: int | None, counter_in_doubt: bool) -> t.SlotReading:
    return t.SlotReading(
        at=at,
        state=supply.state,
        percent=supply.percent,
        raw_level=supply.raw_level,
        raw_capacity=supply.raw_capacity,
        serial=_serial(supply),
        part_number=_part_number(supply),
        pages=pages,
        counter_in_doubt=counter_in_doubt,
        panel=supply.panel,
    )


def _serial(supply: Supply) -> str | None:
    """As it is compared and kept, so that one that is too long to keep is the same one at the next reading."""
    return (rules.valid_serial(supply.serial) or "")[:MOST_SERIAL_CHARACTERS] or None


def _part_number(supply: Supply) -> str | None:
    return (rules.valid_part(supply.part_number) or "")[:MOST_PART_CHARACTERS] or None


def _describe(slot: Slot, supply: Supply) -> None:
    slot.kind, slot.colour = supply.kind.value, (supply.colour or "")[:20]
    slot.supply_class, slot.description = supply.supply_class.value, supply.description[:300]
    slot.unit, slot.source = supply.unit[:20], supply.source[:20]
    slot.panel, slot.panel_disagrees = (supply.panel or "")[:10], supply.disagrees


def _decimal(percent: float | None) -> Decimal | None:
    return None if percent is None else Decimal(str(round(percent, 1)))


def _sent(slot: Slot, name: str) -> object:
    value = getattr(slot, name)
    return json.dumps(value) if SLOT_COLUMNS[name] == "jsonb" and value is not None else value
