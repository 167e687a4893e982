"""Words for codes in messages: supplies, taxes, reasons. Translated when called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

KINDS = {
    "toner": gettext_noop("toner"),
    "ink": gettext_noop("ink"),
    "solid_ink": gettext_noop("solid ink"),
    "drum": gettext_noop("drum"),
    "imaging_unit": gettext_noop("imaging unit"),
    "developer": gettext_noop("developer"),
    "fuser": gettext_noop("fuser"),
    "transfer_belt": gettext_noop("transfer belt"),
    "transfer_roller": gettext_noop("transfer roller"),
    "belt_cleaner": gettext_noop("belt cleaner"),
    "waste_container": gettext_noop("waste container"),
    "maintenance_kit": gettext_noop("maintenance kit"),
    "staples": gettext_noop("staples"),
    "other": gettext_noop("other supply"),
}
FEMININE = frozenset({"ink", "solid_ink", "transfer_belt", "maintenance_kit", "staples", "other"})
TAXES = {
    "GST": gettext_noop("GST"),
    "QST": gettext_noop("QST"),
    "HST": gettext_noop("HST"),
    "PST": gettext_noop("PST"),
}
REASONS = {
    "model_not_listed": gettext_noop("This model is not on the list of eligible products."),
    "not_networked": gettext_noop("This printer is not on the network, and only networked printers are covered."),
    "managed_print": gettext_noop("This printer is under a managed print services agreement."),
    "not_enrolled": gettext_noop("This printer is not enrolled yet."),
    "enrolled_outside_window": gettext_noop(
        "It was enrolled outside its warranty, and enrolment is only possible during it."
    ),
    "outside_supply": gettext_noop("A supply from outside the programme was used, and that was decided."),
    "left_programme": gettext_noop("You left the programme with this printer."),
    "too_old": gettext_noop("The printer has reached its oldest age in the programme."),
    "support_ended": gettext_noop("The manufacturer no longer supports this model."),
    "interrupted": gettext_noop("No supplies were ordered through the programme for too long."),
    "awaiting_orders": gettext_noop("Coverage begins with the second eligible supply ordered through the programme."),
    "outside_supply_suspected": gettext_noop(
        "A cartridge was seen that the programme did not deliver. The printer stays covered meanwhile."
    ),
    "covered": gettext_noop("Repairs of this printer are free for you."),
}
NEXT_STEPS = {
    "enrol": gettext_noop("Enrol the printer while its warranty runs."),
    "order_two": gettext_noop("Order two eligible supplies here, whenever you need them."),
    "order_one_more": gettext_noop("Order one more eligible supply here, whenever you need it."),
    "explain_replacement": gettext_noop("Tell your dealer where the cartridge came from, within 30 days."),
    "keep_ordering": gettext_noop("Keep ordering this printer's supplies here."),
}

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
    """ "black toner", « toner noir »; for what has no name here, the printer's own description."""
    kind, colour = item.get("kind", ""), item.get("colour") or ""
    if kind == "other" and item.get("description"):
        return str(item["description"])
    name = _(KINDS[kind]) if kind in KINDS else str(kind).replace("_", " ")
    if colour in ("", "none", "any"):
        return name
    return _("%(colour)s %(kind)s") % {"colour": _colour(colour, kind=kind), "kind": name}


def tax(code: str) -> str:
    return _(TAXES[code]) if code in TAXES else code


def reason(code: str) -> str:
    return _(REASONS[code]) if code in REASONS else code.replace("_", " ")


def next_step(code: str) -> str:
    """What to do next as a sentence; "" when there is nothing to do."""
    return _(NEXT_STEPS[code]) if code in NEXT_STEPS else ""


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


def _colour(code: str, *, kind: str) -> str:
    """A colour as an adjective: in French it agrees with the kind of supply."""
    if kind in FEMININE:
        words = {"black": pgettext("colour of an ink", "black"), "grey": pgettext("colour of an ink", "grey")}
    else:
        words = {"black": pgettext("colour of a toner", "black"), "grey": pgettext("colour of a toner", "grey")}
    words |= {"cyan": _("cyan"), "magenta": _("magenta"), "yellow": _("yellow")}
    return words.get(code, code.replace("_", " "))
