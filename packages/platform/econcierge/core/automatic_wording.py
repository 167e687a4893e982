"""Why an automatic order was not placed, or automatic ordering stopped: sentences that pages and messages share."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WHY = {
    "printer_retired": gettext_noop("The printer was taken out of service."),
    "managed_print": gettext_noop("The printer is now under a managed print services agreement."),
    "printer_moved": gettext_noop("The printer stands at another site than when this was switched on."),
    "printer_silent": gettext_noop("The printer has said nothing for a week, so nobody knows what it needs."),
    "no_agreement": gettext_noop(
        "There is no agreement to buy on account any more, and automatic orders are paid that way."
    ),
    "not_offered": gettext_noop("The supply that would be ordered is no longer offered, or has no price."),
    "price_jumped": gettext_noop("The price rose by more than you allow since a person last confirmed it."),
    "over_order_limit": gettext_noop("It would cost more than you allow for one order."),
    "over_month_limit": gettext_noop("It would go above what you allow for one month."),
    "credit_limit": gettext_noop("It is above what your company may still buy on account."),
    "refused": gettext_noop("Your dealer cannot sell it at the moment: a price or a distributor is missing."),
    "not_approved": gettext_noop("Nobody approved it within seven days."),
    "not_needed": gettext_noop(
        "It was no longer needed: the supply was ordered or replaced meanwhile, or lasts longer than it seemed."
    ),
    "switched_off": gettext_noop("Automatic ordering was switched off."),
    "terms_changed": gettext_noop(
        "What you allow was changed after it was announced, so it is announced anew and waits for approval."
    ),
    "nobody_told": gettext_noop("Nobody could be told of it a day before, so it was not placed."),
    "price_changed": gettext_noop("It would have cost more than was announced, so it is announced anew."),
}


def why(code: str) -> str:
    """The sentence for a code; a code that is not known is shown as it is."""
    return _(WHY[code]) if code in WHY else code.replace("_", " ")
