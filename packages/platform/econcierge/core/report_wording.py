"""The figures of the monthly report: their names and how each is counted. Pages, mails and the CSV share them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

NAMES = {
    "stock_outs": gettext_noop("Supplies that ran empty"),
    "rush_orders": gettext_noop("Rush orders"),
    "premature": gettext_noop("Cartridges replaced too early"),
    "forecast_error": gettext_noop("Error of the forecasts"),
    "orders": gettext_noop("Orders"),
    "automatic": gettext_noop("Orders that placed themselves"),
    "hours_saved": gettext_noop("Hours saved"),
}
HOW = {
    "stock_outs": gettext_noop(
        "A supply that was read as empty (0 %), more than once, while no spare was delivered or counted on the shelf."
        " The days run from the first such reading to the next cartridge, within the month."
    ),
    "rush_orders": gettext_noop(
        "Orders shipped faster than by ground, and orders placed when the supply was almost empty already."
    ),
    "premature": gettext_noop(
        "Cartridges that left with 20 % or more in them, not counting those that were moved or put back. The cost is"
        " the share that was left, at the price of the month’s end, before taxes."
    ),
    "forecast_error": gettext_noop(
        "For cartridges that were used up in the month: how many days lay between the day last forecast ten days or"
        " more ahead and the day on which it happened; the middle one of them."
    ),
    "orders": gettext_noop("Orders placed in the month, with delivery and taxes; cancelled and refused ones left out."),
    "automatic": gettext_noop("Those of the orders that an automatic order placed."),
    "hours_saved": gettext_noop(
        "Weeks in which the assistant read a printer, times the minutes that you say one printer used to take a week."
        " Without your figure, no hours are shown."
    ),
}


def name(code: str) -> str:
    return _(NAMES[code]) if code in NAMES else code.replace("_", " ")


def how(code: str) -> str:
    """How a figure is counted, as a sentence."""
    return _(HOW[code]) if code in HOW else ""
