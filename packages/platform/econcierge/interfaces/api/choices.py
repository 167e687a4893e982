"""The supplies that fit a slot, side by side (R17, R18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from econcierge.accounts.types import Actor
from econcierge.core import clock
from econcierge.interfaces.api import words
from econcierge.interfaces.shared import moments, numbers, wording
from econcierge.journeys import supply_choices
from econcierge.supplies import queries as supplies


def of_slot(actor: Actor, *, slot_id: int, now: datetime) -> dict[str, Any]:
    """Raises `NotFound`."""
    slot = supplies.slot_view(actor.scope, slot_id=slot_id)
    choice = supply_choices.choices(actor=actor, printer_id=slot.printer_id, slot_id=slot_id, now=now)
    best = supply_choices.recommended(choice)
    name = wording.supply(slot.kind, slot.colour, slot.description)
    return {
        "slot_id": slot_id,
        "printer_id": slot.printer_id,
        "name": wording.sentence(name),
        "options": [_option(one, is_recommended=one is best, now=now) for one in choice.options],
        "why_not": _why_not(choice, name),
    }


def _why_not(choice: supply_choices.SupplyChoice, name: str) -> str | None:
    if not choice.options:
        return _("The catalogue has no %(supply)s for this printer that your dealer can offer.") % {"supply": name}
    if all(option.unit_price is None for option in choice.options):
        return _("Ask your dealer for its price.")
    return None


def _option(option: supply_choices.SupplyOption, *, is_recommended: bool, now: datetime) -> dict[str, Any]:
    on = clock.day_of(now)
    per_page = option.price_per_page
    arrives = option.arrives_on_ground
    return {
        "part_number": option.part_number,
        "description": wording.sentence(wording.supply(option.kind, option.colour)),
        "capacity": option.capacity_class,
        "capacity_text": wording.word("capacity", option.capacity_class),
        "yield_pages": option.yield_pages,
        "price": words.money_or_none(option.unit_price),
        "price_per_page_text": "" if per_page is None else _("%(cents)s a page") % {"cents": numbers.cents(per_page)},
        "is_cheapest_per_page": option.best_per_page,
        "lasts_text": moments.about_so_long(option.lasts_days) if option.lasts_days else "",
        "stock_text": _stock(option.stock_quantity),
        "in_stock": None if option.stock_quantity is None else option.stock_quantity > 0,
        "arrives_on": arrives,
        "arrives_text": moments.day(arrives, on=on) if arrives else _("when it is in stock again"),
        "is_recommended": is_recommended,
        "is_programme": True,
    }


def _stock(quantity: int | None) -> str:
    if quantity is None:
        return _("not reported")
    return numbers.whole(quantity) if quantity else _("none now; it is ordered for you")
