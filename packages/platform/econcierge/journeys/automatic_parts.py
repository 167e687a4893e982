"""Which part an automatic order would buy for a slot, at which price, and what it cost when a person confirmed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.catalogue.models import Part
from econcierge.core.money import Money
from econcierge.fleet.models import Printer
from econcierge.fulfilment import queries as fulfilment
from econcierge.fulfilment.models import Stock
from econcierge.orders import pricing
from econcierge.replenishment.models import StandingOrder
from econcierge.replenishment.standing_types import Choice
from econcierge.supplies.types import SlotView


@dataclass(frozen=True, slots=True)
class Pick:
    """`part` None: nothing is offered now. `was_offered`: something was, when a person confirmed."""

    part: Part | None
    price: Money | None
    reference: Money | None
    was_offered: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be bought for some printers: parts by model, prices of today and of the days of confirmation, stock."""

    parts: dict[int, list[Part]]
    present: dict[str, Part]
    prices: dict[int, Money]
    prices_then: dict[date, dict[int, Money]]
    stock: dict[int, Stock]

    def pick(self, row: StandingOrder, *, printer: Printer, slot: SlotView) -> Pick:
        """The part of a slot by the standing order's choice, among those that fit, are sold and have a price."""
        fitting = self._fitting(printer, slot)
        then = self.prices_then.get(row.confirmed_on, {})
        part = self._chosen(row, slot, self.priced(printer=printer, slot=slot))
        was_offered = any(one.pk in then for one in fitting) or row.part_id in then
        if part is None:
            return Pick(None, None, None, was_offered)
        return Pick(part, self.prices[part.pk], then.get(part.pk), was_offered)

    def priced(self, *, printer: Printer, slot: SlotView) -> list[Part]:
        """What can be bought for a slot today."""
        return [part for part in self._fitting(printer, slot) if part.pk in self.prices]

    def _fitting(self, printer: Printer, slot: SlotView) -> list[Part]:
        inside = self.present.get(slot.part_number)
        colour = slot.colour or (inside.colour if inside else "")
        return [
            part
            for part in self.parts.get(printer.model_id or 0, ())
            if catalogue_rules.fits_slot(catalogue.facts(part), kind=slot.kind, colour=colour)
        ]

    def _chosen(self, row: StandingOrder, slot: SlotView, priced: list[Part]) -> Part | None:
        if row.choice == Choice.PART:
            return next((part for part in priced if part.pk == row.part_id), None)
        if row.choice == Choice.SAME:
            same = next((part for part in priced if part.part_number == slot.part_number), None)
            if same is not None or slot.part_number:
                return same
        return min(priced, key=self._dearness, default=None)

    def _dearness(self, part: Part) -> tuple[bool, bool, float, int]:
        """What a person is recommended: of what is in stock, the cheapest a page."""
        price, held = self.prices[part.pk], self.stock.get(part.pk)
        per_page = pricing.hundredths_of_cent_per_page(
            unit_price_minor=price.amount_minor, yield_pages=part.yield_pages
        )
        is_out = held is not None and held.quantity < 1
        return (is_out, per_page is None, float(per_page or 0), price.amount_minor)


def shelf(
    *, dealer_id: int, model_ids: Collection[int | None], slots: Iterable[SlotView], confirmed: set[date], on: date
) -> Shelf:
    """Four queries, and one for each different day of confirmation."""
    parts = catalogue.options_by_model(model_ids={one for one in model_ids if one is not None})
    ids = {part.pk for of_model in parts.values() for part in of_model}
    return Shelf(
        parts=parts,
        present=catalogue.parts(part_numbers={slot.part_number for slot in slots if slot.part_number}),
        prices=catalogue.price(dealer_id=dealer_id, part_ids=ids, on=on),
        prices_then={day: catalogue.price(dealer_id=dealer_id, part_ids=ids, on=day) for day in confirmed},
        stock=fulfilment.stock(dealer_id=dealer_id, part_ids=ids),
    )
