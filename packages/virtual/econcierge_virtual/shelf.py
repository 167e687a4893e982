"""From the delivery to the printer: what was delivered stands on a shelf until a printer needs it. Pure.

An order's address says whose shelf it is: the customer named in it, then the site named in it; an address that
names nobody of the fleet serves every printer.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from econcierge_virtual.distributor import rules
from econcierge_virtual.printers import living
from econcierge_virtual.printers.spec import Part, PrinterSpec, PrinterState, Slot

CHANGE_BELOW_POINTS = 3
BOUGHT_ELSEWHERE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Boxed:
    """A cartridge that was delivered; `destination` is all that the order said of where it goes."""

    serial: str
    part_number: str
    delivered_at: datetime
    destination: str
    order_number: str


@dataclass(frozen=True, slots=True)
class Errand:
    """Somebody walks to the printer and changes a cartridge; `is_delivered` when it came from the shelf."""

    index: str
    part: Part
    serial: str
    is_delivered: bool


def delivered(orders: Iterable[rules.Received], *, at: datetime) -> list[Boxed]:
    """Every unit that had been delivered by `at`, first delivered first."""
    boxes = [
        Boxed(serial, line.part_number, shipment.delivered_at, destination(received), received.order.number)
        for received in orders
        if received.cancelled_at is None
        for shipment in rules.plan(received).shipments
        if shipment.delivered_at <= at
        for line in shipment.lines
        for serial in line.serials
    ]
    return sorted(boxes, key=lambda box: (box.delivered_at, box.serial))


def destination(received: rules.Received) -> str:
    order = received.order
    return " ".join((*order.ship_to.values(), order.account_number)).casefold()


def is_for(spec: PrinterSpec, box: Boxed, *, fleet: Sequence[PrinterSpec]) -> bool:
    """Whether a delivery stands on the shelf that this printer is served from."""
    customers = {one.customer for one in fleet if one.customer.casefold() in box.destination}
    if customers and spec.customer not in customers:
        return False
    sites = {
        one.site
        for one in fleet
        if one.site.casefold() in box.destination and (not customers or one.customer in customers)
    }
    return not sites or spec.site in sites


def walking_time(serial: str) -> timedelta:
    """Two to six hours until somebody gets round to it, by the cartridge."""
    return timedelta(minutes=120 + zlib.crc32(serial.encode()) % 240)


def needs(spec: PrinterSpec, state: PrinterState) -> list[Slot]:
    """The supplies that somebody would change now."""
    return [slot for slot in spec.slots if living.points_left(state.cartridge(slot.index)) < CHANGE_BELOW_POINTS]


def errand(
    *,
    spec: PrinterSpec,
    state: PrinterState,
    boxes: Sequence[Boxed],
    used: Collection[str],
    fleet: Sequence[PrinterSpec],
    at: datetime,
) -> Errand | None:
    """The next change of a cartridge at this printer, if there is one to make."""
    for slot in needs(spec, state):
        for box in boxes:
            capacity = slot.capacity_of(box.part_number)
            if capacity is None or box.serial in used or at < box.delivered_at + walking_time(box.serial):
                continue
            if is_for(spec, box, fleet=fleet):
                return Errand(slot.index, Part(box.part_number, capacity), box.serial, True)
        if slot.bought_elsewhere and _waited(state, slot, at):
            serial = f"L{zlib.crc32(f'{spec.id}:{slot.index}:{state.pages_total}'.encode()) % 10**8:08d}"
            return Errand(slot.index, slot.parts[-1], serial, False)
    return None


def _waited(state: PrinterState, slot: Slot, at: datetime) -> bool:
    if state.cartridge(slot.index).level > 0 or state.last_job_at is None:
        return False
    return at - state.last_job_at >= BOUGHT_ELSEWHERE_AFTER
