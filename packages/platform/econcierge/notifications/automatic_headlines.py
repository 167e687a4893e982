"""The first lines of messages about automatic orders, and of the monthly report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from econcierge.notifications import figures, wording
from econcierge.notifications.types import Headline

Context = Mapping[str, Any]
LIST_PATH = "/automatic/"


def announced(context: Context) -> Headline:
    """A day before it is placed: the one button stops it; where somebody has to approve, it leads to that."""
    named = {
        "printer": context["printer"],
        "place": wording.place(context),
        "total": figures.money(context["total_minor"], context["currency"]),
        "moment": figures.moment(context["places_at"]),
    }
    path = f"/automatic/{context['token']}/"
    if context["needs_approval"]:
        subject = _("An order for %(printer)s waits for approval: %(total)s") % named
        fact = _("An order for %(place)s waits for approval: %(total)s. Without it, nothing is ordered.") % named
        button = _("Look and approve") if context["may_approve"] else _("Look at the order")
        return Headline(subject, fact, button, path, _("All automatic orders"), LIST_PATH)
    subject = _("Tomorrow %(printer)s orders by itself: %(total)s") % named
    fact = _("An order goes out by itself on %(moment)s for %(place)s: %(total)s.") % named
    return Headline(subject, fact, _("Stop this order"), path, _("All automatic orders"), LIST_PATH)


def stopped(context: Context) -> Headline:
    """One order was held, or a printer no longer orders by itself."""
    named = {"printer": context["printer"], "place": wording.place(context)}
    if "proposed_order_id" in context:
        subject = _("Not ordered for %(printer)s") % named
        fact = _("An automatic order for %(place)s was not placed.") % named
        return Headline(subject, fact, _("Order it yourself"), f"/printers/{context['printer_id']}/")
    subject = _("%(printer)s no longer orders by itself") % named
    fact = _("Automatic ordering for %(place)s has stopped.") % named
    return Headline(
        subject, fact, _("See why, and switch it on again"), f"/printers/{context['printer_id']}/automatic/"
    )


def monthly_report(context: Context) -> Headline:
    """The month in one sentence; the figures follow."""
    named = {"month": figures.month(context["month"]), "n": context["stock_outs"], "who": context["who"]}
    if context["stock_outs"]:
        fact = ngettext(
            "In %(month)s, a supply was empty with no spare at hand %(n)s time.",
            "In %(month)s, supplies were empty with no spare at hand %(n)s times.",
            context["stock_outs"],
        )
    else:
        fact = _("In %(month)s, no supply was empty without a spare at hand.")
    subject = _("Printers in %(month)s: %(who)s")
    return Headline(subject % named, fact % named, _("See the report"), context["path"])
