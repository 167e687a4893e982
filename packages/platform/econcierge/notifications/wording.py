"""Words for codes in messages: supplies, taxes, reasons. Translated when called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from econcierge.core import wording

PROBLEMS = {
    "refused": gettext_noop("The distributor refused a line of it."),
    "cancelled": gettext_noop("The distributor cancelled a line of it."),
    "failed": gettext_noop("It could not be handed to the distributor."),
    "late": gettext_noop("It has not shipped yet, and its 24 hours are nearly over."),
    "not_ordered": gettext_noop("The distributor shipped something that was not ordered."),
    "too_many": gettext_noop("The distributor shipped more than was ordered."),
    "lost": gettext_noop("The distributor does not know this order any more."),
}


def supply(item: Mapping[str, Any]) -> str:
    """ "black toner", « toner noir », of an item of a message."""
    return wording.supply(item.get("kind", ""), item.get("colour") or "", str(item.get("description") or ""))


def tax(code: str) -> str:
    return _(wording.TAXES[code]) if code in wording.TAXES else code


def reason(code: str) -> str:
    return _(wording.REASONS[code]) if code in wording.REASONS else code.replace("_", " ")


def next_step(code: str) -> str:
    """What to do next as a sentence; "" when there is nothing to do."""
    return _(wording.NEXT_STEPS[code]) if code in wording.NEXT_STEPS else ""


def what(code: str) -> str:
    """What is wrong with an order, to the dealer's people: a known code, or the sentence that was given."""
    return _(PROBLEMS[code]) if code in PROBLEMS else code


def address(place: Mapping[str, Any] | str | None) -> list[str]:
    """The lines of a postal address."""
    if not isinstance(place, Mapping):
        return [place] if place else []
    town = " ".join(str(place[part]) for part in ("city", "region", "postal_code") if place.get(part))
    lines = [place.get("name"), place.get("address_line_1"), place.get("address_line_2"), town]
    return [str(line) for line in lines if line]


def place(item: Mapping[str, Any]) -> str:
    """Which printer, and where: "Reception, 2nd floor"."""
    return ", ".join(part for part in (item.get("printer", ""), item.get("place", "")) if part)


def sentence(text: str) -> str:
    """The same with a capital at its start."""
    return text[:1].upper() + text[1:]
