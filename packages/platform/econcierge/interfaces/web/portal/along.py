"""Other supplies of a printer that run out in the same fortnight, offered with an order: one check each (R16)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from econcierge.accounts.types import Actor
from econcierge.core.errors import Invalid
from econcierge.core.money import Money
from econcierge.interfaces.shared import runout, wording
from econcierge.journeys import check_out, replenish, supply_choices

MOST = 8
FORM = re.compile(r"([0-9]{1,18}):([^\s:]{1,40})")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a checked box says: for which slot, which part. The journey checks that it fits."""

    slot_id: int
    part: str

    @property
    def value(self) -> str:
        return f"{self.slot_id}:{self.part}"


@dataclass(frozen=True, slots=True)
class Along:
    """One box. `price` before taxes."""

    choice: Chosen
    name: str
    price: Money
    runs_out: str
    is_chosen: bool


def chosen(given: QueryDict) -> tuple[Chosen, ...]:
    """The checked boxes of a form or an address. Raises `Invalid` for what no box of ours says."""
    found = []
    for text in given.getlist("also")[: MOST + 1]:
        match = FORM.fullmatch(text)
        if match is None or len(found) == MOST:
            message = _("This order cannot be read. Choose the supply again on the printer’s page.")
            raise Invalid(message, fields=("also",))
        found.append(Chosen(int(match[1]), match[2]))
    return tuple(dict.fromkeys(found))


def offered(actor: Actor, *, slot_id: int | None, boxes: Sequence[Chosen], now: datetime) -> tuple[Along, ...]:
    """The boxes beside an order for a slot; one that is checked keeps the part that was seen when it was checked."""
    if slot_id is None:
        return ()
    advice = replenish.advise(actor.scope, slot_ids={slot_id}, now=now).get(slot_id)
    if advice is None:
        return ()
    checked = {one.slot_id: one for one in boxes}
    found = (_one(actor, advice, other, checked.get(other), now=now) for other in advice.along[:MOST])
    return tuple(one for one in found if one is not None)


def _one(
    actor: Actor, advice: replenish.SlotAdvice, slot_id: int, checked: Chosen | None, *, now: datetime
) -> Along | None:
    """None where nothing can be bought for it."""
    choice = check_out.choices(actor=actor, printer_id=advice.slot.printer_id, slot_id=slot_id, now=now)
    seen = next((one for one in choice.options if checked and one.part_number == checked.part), None)
    option = seen or supply_choices.recommended(choice)
    if option is None or option.unit_price is None:
        return None
    slot = choice.slot
    return Along(
        choice=Chosen(slot_id, option.part_number),
        name=wording.sentence(wording.supply(slot.kind, slot.colour, slot.description)),
        price=option.unit_price,
        runs_out=runout.sentence(slot, advice.along_forecasts.get(slot_id), now=now),
        is_chosen=checked is not None,
    )
