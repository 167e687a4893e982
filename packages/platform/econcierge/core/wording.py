"""Words that pages and messages share: kinds and colours of supplies, taxes, reasons of coverage.

Everything is translated when called, in the reader's language. A code that is not known is shown as it is.
"""

from __future__ import annotations

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
FILLED = frozenset({"waste_container"})  # its level is the space left in it: it fills up and never runs out
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
    "keep_ordering": gettext_noop("Keep ordering this printer’s supplies here."),
}


def supply(kind: str, colour_code: str = "", description: str = "") -> str:
    """ "black toner", « toner noir »; for what has no name here, the printer's own description."""
    if kind == "other" and description:
        return description
    name = word_of_kind(kind)
    if colour_code in ("", "none", "any"):
        return name
    return _("%(colour)s %(kind)s") % {"colour": colour(colour_code, kind=kind), "kind": name}


def word_of_kind(kind: str) -> str:
    return _(KINDS[kind]) if kind in KINDS else kind.replace("_", " ")


def colour(code: str, *, kind: str = "toner") -> str:
    """A colour as an adjective of a kind of supply: in French it agrees with it."""
    if kind in FEMININE:
        words = {"black": pgettext("colour of an ink", "black"), "grey": pgettext("colour of an ink", "grey")}
    else:
        words = {"black": pgettext("colour of a toner", "black"), "grey": pgettext("colour of a toner", "grey")}
    words |= {"cyan": _("cyan"), "magenta": _("magenta"), "yellow": _("yellow")}
    return words.get(code, code.replace("_", " "))
