"""Words for codes in messages: supplies, taxes, reasons. Translated when called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from econcierge.core import wording
from econcierge.notifications import figures

INKS = {"cyan": "#0084b4", "magenta": "#b8247a", "yellow": "#f2c500"}
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


def ink(item: Mapping[str, Any]) -> str:
    """The colour of a supply's bar, as on pages in the light: the process colours only where they mean a supply."""
    return INKS.get(item.get("colour") or "", "#1b1a17")


def coming(item: Mapping[str, Any]) -> list[str]:
    """What is there for a supply already, a sentence each (P31)."""
    found = [_coming(one) for one in item.get("coming", ())]
    if spares := item.get("on_shelf", 0):
        text = ngettext("%(n)s spare lies on the shelf.", "%(n)s spares lie on the shelf.", spares)
        found.append(text % {"n": spares})
    return found + [_in_basket(one) for one in item.get("baskets", ())]


def _in_basket(one: Mapping[str, Any]) -> str:
    """ "It is in the basket of Claire since November 24, not ordered yet."; of an old one only what was."""
    named = {"name": one["person"], "day": figures.day(one["put_on"])}
    if one["counts"]:
        return _("It has been in the basket of %(name)s since %(day)s, not ordered yet.") % named
    return _("%(name)s put it into a basket on %(day)s and did not order it.") % named


def _coming(one: Mapping[str, Any]) -> str:
    count = one["quantity"]
    named = {"n": count, "ordered": figures.day(one["ordered_on"]), "number": one["number"]}
    named["day"] = figures.day(one["arrived_on"] or one["expected_on"])
    if one["arrived_on"]:
        text = ngettext(
            "%(n)s was delivered on %(day)s and is not put in yet.",
            "%(n)s were delivered on %(day)s and are not put in yet.",
            count,
        )
    elif one["expected_on"] and one["in_time"]:
        text = ngettext(
            "%(n)s ordered on %(ordered)s, expected on %(day)s.",
            "%(n)s ordered on %(ordered)s, expected on %(day)s.",
            count,
        )
    elif one["expected_on"]:
        text = ngettext(
            "%(n)s ordered on %(ordered)s was expected on %(day)s and has not come.",
            "%(n)s ordered on %(ordered)s were expected on %(day)s and have not come.",
            count,
        )
    elif one["back_ordered"]:
        text = ngettext(
            "%(n)s ordered on %(ordered)s is back-ordered; nobody can say until when.",
            "%(n)s ordered on %(ordered)s are back-ordered; nobody can say until when.",
            count,
        )
    else:
        text = ngettext(
            "%(n)s ordered on %(ordered)s; no day of delivery is known.",
            "%(n)s ordered on %(ordered)s; no day of delivery is known.",
            count,
        )
    return text % named


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
