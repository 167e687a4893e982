"""Words for codes, one term per thing: kinds and colours of supplies, states, reasons, roles.

Everything is translated when called, in the reader's language. A code that is not known is shown as it is.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, npgettext, pgettext

from econcierge.accounts.types import Role
from econcierge.core.wording import FEMININE, NEXT_STEPS, REASONS, TAXES, supply
from econcierge.core.wording import colour as colour
from econcierge.core.wording import word_of_kind as word_of_kind
from econcierge.coverage.types import Status
from econcierge.fleet.types import Refusal

ELIDED = frozenset({"ink", "solid_ink", "other"})
PLURAL = frozenset({"staples"})
LETTERS = {"black": "K", "cyan": "C", "magenta": "M", "yellow": "Y"}
LEVEL_STATES = {
    "some_remaining": gettext_noop("some left (not measured)"),
    "unknown": gettext_noop("not reported"),
    "unrestricted": gettext_noop("no limit"),
    "overdue": gettext_noop("past its end"),
    "implausible": gettext_noop("implausible level"),
}
PRINTER_STATES = {
    "idle": gettext_noop("ready"),
    "printing": gettext_noop("printing"),
    "warming_up": gettext_noop("warming up"),
    "stopped": gettext_noop("stopped"),
    "sleeping": gettext_noop("asleep"),
}
ORDER_STATES = {
    "draft": gettext_noop("being prepared"),
    "awaiting_payment": gettext_noop("waiting for payment"),
    "placed": gettext_noop("placed"),
    "accepted": gettext_noop("accepted"),
    "back_ordered": gettext_noop("back-ordered"),
    "partially_shipped": gettext_noop("partly shipped"),
    "shipped": gettext_noop("shipped"),
    "partially_delivered": gettext_noop("partly delivered"),
    "delivered": gettext_noop("delivered"),
    "cancelled": gettext_noop("cancelled"),
    "refused": gettext_noop("refused"),
    "returned": gettext_noop("returned"),
}
SERVICE_STATES = {
    "requested": gettext_noop("asked for"),
    "dispatched": gettext_noop("sent to the provider"),
    "scheduled": gettext_noop("visit planned"),
    "completed": gettext_noop("repaired"),
    "closed": gettext_noop("closed"),
    "declined": gettext_noop("declined by the provider"),
    "cancelled": gettext_noop("withdrawn"),
}
CAPACITIES = {
    "standard": gettext_noop("Standard"),
    "high": gettext_noop("High capacity"),
    "extra_high": gettext_noop("Extra-high capacity"),
    "only": gettext_noop("The one size there is"),
}
PANEL = {
    "low": gettext_noop("low"),
    "empty": gettext_noop("empty"),
    "near_full": gettext_noop("almost full"),
    "full": gettext_noop("full"),
    "missing": gettext_noop("missing"),
}
DELIVERIES = {"ground": gettext_noop("Ground"), "express": gettext_noop("Express")}
ROLES = {
    Role.CUSTOMER_ADMIN: gettext_noop("administrator"),
    Role.CUSTOMER_BUYER: gettext_noop("buyer"),
    Role.CUSTOMER_VIEWER: gettext_noop("reader"),
    Role.DEALER_ADMIN: gettext_noop("dealer’s administrator"),
    Role.DEALER_AGENT: gettext_noop("dealer’s agent"),
    Role.PROVIDER_TECHNICIAN: gettext_noop("technician"),
    Role.OPERATOR_ADMIN: gettext_noop("programme operator"),
}
STORY = {
    "enrolled": gettext_noop("Enrolled in the programme"),
    "order_counted": gettext_noop("Eligible supplies ordered"),
    "active": gettext_noop("Covered from this day"),
    "replacement_contradicted": gettext_noop("Cartridge seen that the programme did not deliver"),
    "left": gettext_noop("Left the programme"),
}
MAIL_KINDS = {
    "supply_low": gettext_noop("A supply is low"),
    "supply_almost_empty": gettext_noop("A supply is almost empty"),
    "dealer_supply_early": gettext_noop("A customer’s supply will soon be low"),
    "colleague_asks": gettext_noop("A colleague asks for something"),
    "daily": gettext_noop("Everything of a day in one mail"),
    "order_confirmed": gettext_noop("Order confirmed"),
    "order_shipped": gettext_noop("Order shipped"),
    "order_delivered": gettext_noop("Order delivered"),
    "order_problem": gettext_noop("An order has a problem"),
    "coverage_active": gettext_noop("Free extended service begins"),
    "coverage_changed": gettext_noop("Coverage of a printer changes"),
    "auto_order_announced": gettext_noop("An order goes out by itself"),
    "auto_order_stopped": gettext_noop("An automatic order was not placed"),
    "monthly_report": gettext_noop("The monthly report is there"),
    "service_received": gettext_noop("Repair request received"),
    "service_dispatched": gettext_noop("Repair request sent to the provider"),
    "service_completed": gettext_noop("Repair completed"),
    "service_assigned": gettext_noop("New repair request for you"),
}
REFUSALS = {
    Refusal.FROM_THE_FUTURE: gettext_noop("The computer’s clock is ahead: set it right."),
    Refusal.TOO_OLD: gettext_noop("The reading was more than a month old when it arrived."),
    Refusal.NO_IDENTITY: gettext_noop("The printer says neither its serial number nor its network address."),
    Refusal.AMBIGUOUS_IDENTITY: gettext_noop("It cannot be told which of several printers this is."),
    Refusal.PRINTER_RETIRED: gettext_noop("This printer was taken out of service here."),
}
TERMS = {
    "activation_quantity": gettext_noop("Eligible supplies ordered before coverage begins"),
    "maximum_age_years": gettext_noop("Years after installation until which a printer is covered"),
    "initial_warranty_years": gettext_noop("Years of initial warranty, when no end is given"),
    "interruption_after_days": gettext_noop("Days without an order after which coverage is interrupted"),
    "qualifying_states": gettext_noop("States in which an order counts"),
}
_WORDS: dict[str, dict[str, str]] = {
    "level": LEVEL_STATES,
    "printer": PRINTER_STATES,
    "order": ORDER_STATES,
    "service": SERVICE_STATES,
    "capacity": CAPACITIES,
    "delivery": DELIVERIES,
    "panel": PANEL,
    "role": {str(role): word for role, word in ROLES.items()},
    "tax": TAXES,
    "reason": {str(reason): word for reason, word in REASONS.items()},
    "next_step": {str(step): word for step, word in NEXT_STEPS.items()},
    "story": STORY,
    "mail": MAIL_KINDS,
    "term": TERMS,
    "refusal": {str(refusal): word for refusal, word in REFUSALS.items()},
}


def word(table: str, code: str) -> str:
    """The word for a code of one table; "" stays ""."""
    text = _WORDS[table].get(str(code), "")
    return _(text) if text else str(code).replace("_", " ")


def the_supply(kind: str, colour_code: str = "", description: str = "") -> str:
    """The same as the object of a sentence: in French with its article, « le toner noir »."""
    name = {"supply": supply(kind, colour_code, description)}
    if kind in ELIDED:
        return pgettext("article, elided", "%(supply)s") % name
    if kind in PLURAL:
        return pgettext("article, plural", "%(supply)s") % name
    if kind in FEMININE:
        return pgettext("article, feminine", "%(supply)s") % name
    return pgettext("article, masculine", "%(supply)s") % name


def sentence(text: str) -> str:
    """The same with a capital at its start."""
    return text[:1].upper() + text[1:]


def coverage_status(status: str, *, qualifying: int, required: int, is_enrolled: bool = True) -> str:
    """The status as a person reads it: "1 of 2 supplies ordered", "covered"."""
    if status == Status.PENDING:
        return npgettext(
            "coverage",
            "%(count)s of %(required)s supplies ordered",
            "%(count)s of %(required)s supplies ordered",
            qualifying,
        ) % {"count": qualifying, "required": required}
    if status == Status.NOT_ELIGIBLE and not is_enrolled:
        return _("not enrolled")
    return {
        Status.ACTIVE: pgettext("coverage", "covered"),
        Status.AT_RISK: pgettext("coverage", "to be explained"),
        Status.ENDED: pgettext("coverage", "ended"),
        Status.NOT_ELIGIBLE: pgettext("coverage", "not eligible"),
    }[Status(status)]


def term_value(value: object) -> str:
    """A figure of the terms; none set is said, and states are named in the order of an order's life."""
    if value is None:
        return _("none set")
    if isinstance(value, frozenset):
        return ", ".join(word("order", state) for state in ORDER_STATES if state in value)
    return str(value)
