"""A living printer in the running world: its specification, its state now, and what SNMP sees of it."""

from __future__ import annotations

from typing import Any

from econcierge_virtual.printers import living, mib
from econcierge_virtual.printers.agent import TableView, View
from econcierge_virtual.printers.spec import PrinterSpec, PrinterState


class Resident:
    """Holds the state; the rules stay in `living`. The table is made when somebody asks."""

    def __init__(self, spec: PrinterSpec, state: PrinterState) -> None:
        self.spec = spec
        self.state = state
        self._seen: PrinterState | None = None
        self._view: TableView | None = None

    def view(self) -> View | None:
        if not living.answers(self.spec, self.state):
            return None
        if self._view is None or self._seen is not self.state:
            self._view, self._seen = TableView(mib.table(self.spec, self.state)), self.state
        return self._view

    def describe(self, *, port: int) -> dict[str, Any]:
        """As `GET /control/printers` lists it."""
        spec, state = self.spec, self.state
        return {
            "id": spec.id,
            "name": spec.name,
            "customer": spec.customer,
            "site": spec.site,
            "address": spec.address,
            "port": port,
            "community": spec.community,
            "manufacturer": spec.manufacturer,
            "model": spec.model,
            "serial": spec.serial,
            "mac": spec.mac,
            "hostname": spec.hostname,
            "location": spec.location,
            "at": state.at.isoformat(),
            "pages_total": state.pages_total,
            "stopped": state.stopped,
            "answers": living.answers(spec, state),
            "silenced": state.silenced,
            "supplies": [self._supply(slot.index) for slot in spec.slots],
            "alerts": [{"code": row.code, "target": row.target, "text": row.text} for row in state.alerts],
        }

    def _supply(self, index: str) -> dict[str, Any]:
        slot, row = self.spec.slot(index), self.state.cartridge(index)
        return {
            "index": index,
            "name": slot.name,
            "part_number": row.part_number,
            "serial": row.serial,
            "capacity": row.capacity,
            "level": row.level,
            "percent": living.points_left(row),
        }
