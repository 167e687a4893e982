"""The first lines of every message: subject, the fact, one button, and why it came. The details are in templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from econcierge.core import wording as words
from econcierge.notifications import automatic_headlines, figures, rules, wording
from econcierge.notifications.types import Headline, Kind

Context = Mapping[str, Any]
BASKET = "/basket/"


def headline(kind: Kind, context: Context) -> Headline:
    return _HEADLINES[kind](context)


def of_part(part: Context) -> Headline:
    """The same for one message of a day's."""
    return headline(Kind(part["kind"]), part["context"])


def why(kind: Kind, *, customer: str) -> str:
    """Why the reader gets this message (CASL: who writes, and on what ground)."""
    if kind is Kind.SERVICE_ASSIGNED:
        return _("You get this because you repair printers for the programme.")
    if kind in (Kind.ORDER_PROBLEM, Kind.DEALER_SUPPLY_EARLY):
        return _("You get this because you serve this customer.")
    if kind.value.startswith("service_"):
        return _("You get this because of a repair request in the programme.")
    if kind.value.startswith("auto_order_"):
        return _("You get this because printers order by themselves and you may order (%(customer)s).") % {
            "customer": customer
        }
    if kind.value.startswith("order_"):
        return _("You get this because you ordered through the programme (%(customer)s).") % {"customer": customer}
    return _("You get this because you look after printers (%(customer)s).") % {"customer": customer}


def preferences_path(kind: Kind) -> str:
    """Where the reader chooses what to hear of; "" for messages that cannot be refused."""
    return "/preferences/" if kind is Kind.DAILY or rules.may_refuse(kind) else ""


def _supply_low(context: Context) -> Headline:
    items = context["items"]
    if len(items) == 1:
        supply, place = wording.sentence(wording.supply(items[0])), items[0]["printer"]
        said = _("%(supply)s filling up: %(printer)s") if _fills_up(items[0]) else _("%(supply)s low: %(printer)s")
        subject = said % {"supply": supply, "printer": place}
        return _about_one(subject, _low_fact(items[0], supply), items[0])
    count = len(items)
    subject = ngettext("%(n)s supply low: %(site)s", "%(n)s supplies low: %(site)s", count)
    fact = ngettext("%(n)s supply is low at %(site)s.", "%(n)s supplies are low at %(site)s.", count)
    named = {"n": count, "site": context["site"]}
    return Headline(subject % named, fact % named)


def _dealer_supply_early(context: Context) -> Headline:
    count = len(context["items"])
    subject = ngettext("%(customer)s: %(n)s supply soon low", "%(customer)s: %(n)s supplies soon low", count)
    fact = ngettext(
        "%(n)s supply at %(customer)s is soon low, and nobody has ordered it.",
        "%(n)s supplies at %(customer)s are soon low, and nobody has ordered them.",
        count,
    )
    named = {"n": count, "customer": context["customer"]}
    path = f"/dealer/customers/{context['customer_id']}/"
    return Headline(subject % named, fact % named, _("See this customer"), path)


def _colleague_asks(context: Context) -> Headline:
    item = context["items"][0]
    named = {"name": context["name"], "supply": wording.supply(item), "printer": item["printer"]}
    named["place"] = wording.place(item)
    if context["about"] == "not_ours":
        subject = _("%(name)s: %(printer)s is not our printer") % named
        fact = _("%(name)s says that %(place)s is not one of your printers.") % named
        return Headline(subject, fact, _("Look at it"), item["links"]["not_ours"])
    subject = _("%(name)s asks you to order: %(supply)s, %(printer)s") % named
    fact = _("%(name)s asks you to order %(supply)s for %(place)s.") % named
    return Headline(subject, fact, pgettext("button", "Order"), item["links"]["order"])


def _daily(context: Context) -> Headline:
    count = len(context["parts"])
    named = {"n": count}
    return Headline(
        ngettext("Your printers today: %(n)s message", "Your printers today: %(n)s messages", count) % named,
        ngettext("%(n)s message about your printers today.", "%(n)s messages about your printers today.", count)
        % named,
    )


def _filling_fact(item: Context, named: dict[str, Any]) -> str:
    if item["percent"] is None:
        return _("%(supply)s is filling up in %(place)s, as the printer itself says.") % named
    level = {"level": figures.percent(item["percent"])}
    return _("%(supply)s is filling up in %(place)s: %(level)s of its space left.") % (named | level)


def _low_fact(item: Context, supply: str) -> str:
    named = {"supply": supply, "place": wording.place(item)}
    if item.get("disagrees"):
        named["level"] = figures.percent(item["percent"])
        return _("%(supply)s in %(place)s: the printer says it is low, although its gauge shows %(level)s.") % named
    if _fills_up(item):
        return _filling_fact(item, named)
    if item["percent"] is None:
        return _("%(supply)s is low in %(place)s, as the printer itself says.") % named
    return _("%(supply)s is low in %(place)s: %(level)s left.") % (named | {"level": figures.percent(item["percent"])})


def _supply_almost_empty(context: Context) -> Headline:
    items = context["items"]
    if len(items) == 1:
        supply = wording.sentence(wording.supply(items[0]))
        texts = _almost_full() if _fills_up(items[0]) else _almost_empty()
        if items[0]["kind"] in words.FEMININE:
            texts = _almost_empty_feminine()
        named = {"supply": supply, "printer": items[0]["printer"], "place": wording.place(items[0])}
        subject, said, measured = (text % (named | {"level": _level(items[0])}) for text in texts)
        return _about_one(subject, said if items[0]["percent"] is None else measured, items[0])
    low = sum(item.get("threshold") == "low" for item in items)
    count = len(items) - low
    subject = ngettext("%(n)s supply almost empty: %(site)s", "%(n)s supplies almost empty: %(site)s", count)
    fact = ngettext("%(n)s supply is almost empty at %(site)s.", "%(n)s supplies are almost empty at %(site)s.", count)
    named = {"n": count, "site": context["site"], "low": low}
    if low:
        fact += " " + ngettext("%(low)s other is low.", "%(low)s others are low.", low)
    return Headline(subject % named, fact % named)


def _fills_up(item: Context) -> bool:
    """A waste container: its level is the space left."""
    return item["kind"] in words.FILLED


def _almost_full() -> tuple[str, str, str]:
    return (
        _("%(supply)s almost full: %(printer)s"),
        _("%(supply)s is almost full in %(place)s, as the printer itself says."),
        _("%(supply)s is almost full in %(place)s: %(level)s of its space left."),
    )


def _almost_empty() -> tuple[str, str, str]:
    return (
        pgettext("of a toner", "%(supply)s almost empty: %(printer)s"),
        pgettext("of a toner", "%(supply)s is almost empty in %(place)s, as the printer itself says."),
        pgettext("of a toner", "%(supply)s is almost empty in %(place)s: %(level)s left."),
    )


def _almost_empty_feminine() -> tuple[str, str, str]:
    return (
        pgettext("of an ink", "%(supply)s almost empty: %(printer)s"),
        pgettext("of an ink", "%(supply)s is almost empty in %(place)s, as the printer itself says."),
        pgettext("of an ink", "%(supply)s is almost empty in %(place)s: %(level)s left."),
    )


def _level(item: Context) -> str:
    return "" if item["percent"] is None else figures.percent(item["percent"])


def _about_one(subject: str, fact: str, item: Context) -> Headline:
    """The button leads to an order that only has to be placed (G10), or to what is on its way; the link to the rest."""
    if item.get("answered") == "already_ordered":
        fact = " ".join((fact, _("You said that it was ordered; it has not been put in.")))
    if there_is := order_there_is(item):
        return Headline(subject, fact, _("See the order"), there_is, _("Order one more"), order_path(item))
    if item.get("is_in_own_basket"):
        return Headline(subject, fact, _("Open your basket"), BASKET, _("Compare capacities"), choice_path(item))
    return Headline(
        subject, fact, pgettext("button", "Order"), order_path(item), _("Compare capacities"), choice_path(item)
    )


def order_there_is(item: Context) -> str:
    """The order that will do for a supply, or that brought what only has to be put in; else ""."""
    enough = [one for one in item.get("coming", ()) if one["in_time"] or one.get("arrived_on")]
    return f"/orders/{enough[0]['order_id']}/" if enough else ""


def order_path(item: Context) -> str:
    """The order of what is recommended for a supply; without a sign-in where the reader has a link."""
    signed = item.get("links", {}).get("order")
    return str(signed) if signed else f"/order/review/?slot={item['slot_id']}"


def choice_path(item: Context) -> str:
    """Everything that fits, side by side."""
    return f"/printers/{item['printer_id']}/order/{item['slot_id']}/"


def _order(context: Context, subject: str, fact: str) -> Headline:
    return Headline(subject % context, fact, _("See the order"), f"/orders/{context['order_id']}/")


def _order_confirmed(context: Context) -> Headline:
    total = figures.money(context["total_minor"], context.get("currency", "CAD"))
    named = {"number": context["number"], "total": total, "moment": figures.moment(context.get("ships_by_at"))}
    fact = _("Your order %(number)s is placed: %(total)s.") % named
    if named["moment"]:
        fact = _("Your order %(number)s is placed: %(total)s. It ships by %(moment)s.") % named
    return _order(context, _("Order %(number)s placed"), fact)


def _order_shipped(context: Context) -> Headline:
    named = {key: context.get(key) or "" for key in ("number", "carrier")}
    is_part, expected = bool(context.get("partial")), context.get("expected_on")
    if is_part:
        fact = _("Part of your order %(number)s is on its way with %(carrier)s.") % named
    else:
        fact = _("Your order %(number)s is on its way with %(carrier)s.") % named
    if expected:
        fact += " " + _("It should arrive on %(day)s.") % {"day": figures.day(expected)}
    subject = _("Part of order %(number)s shipped") if is_part else _("Order %(number)s shipped")
    return _order(context, subject, fact)


def _order_delivered(context: Context) -> Headline:
    named = {"number": context["number"], "day": figures.day(context.get("delivered_at"))}
    if context.get("partial"):
        fact = _("Part of your order %(number)s was delivered on %(day)s.") % named
        return _order(context, _("Part of order %(number)s delivered"), fact)
    return _order(
        context, _("Order %(number)s delivered"), _("Your order %(number)s was delivered on %(day)s.") % named
    )


def _order_problem(context: Context) -> Headline:
    fact = _("Order %(number)s of %(customer)s needs you.") % {
        "number": context["number"], "customer": context.get("customer", ""),
    }  # fmt: skip
    return _order(context, _("Order %(number)s needs you"), fact)


def _coverage_active(context: Context) -> Headline:
    named = {"printer": context["printer"], "day": figures.day(context.get("active_from"))}
    fact = _("Repairs of %(printer)s are free for you from %(day)s on.") % named
    return _coverage(context, _("%(printer)s is covered: repairs are free"), fact)


def _coverage_changed(context: Context) -> Headline:
    named, status = {"printer": context["printer"]}, context.get("status")
    if status == "at_risk":
        fact = _("A replacement in %(printer)s needs your explanation. The printer stays covered meanwhile.") % named
        return _coverage(context, _("%(printer)s: a replacement to explain"), fact)
    if status == "ended":
        fact = _("The free extended service of %(printer)s has ended.") % named
        return _coverage(context, _("%(printer)s: free extended service ended"), fact)
    if status == "active":
        fact = _("The coverage of %(printer)s goes on: repairs stay free for you.") % named
        return _coverage(context, _("%(printer)s stays covered"), fact)
    fact = _("The coverage of %(printer)s has changed.") % named
    return _coverage(context, _("%(printer)s: coverage changed"), fact)


def _coverage(context: Context, subject: str, fact: str) -> Headline:
    path = f"/printers/{context['printer_id']}/"
    return Headline(subject % {"printer": context["printer"]}, fact, _("See the coverage"), path)


def _service(context: Context, subject: str, fact: str) -> Headline:
    return Headline(subject, fact, _("See the repair request"), f"/repairs/{context['request_id']}/")


def _service_received(context: Context) -> Headline:
    subject = _("Repair request %(number)s received: %(printer)s") % context
    return _service(context, subject, _("The repair request %(number)s for %(printer)s is with us.") % context)


def _service_dispatched(context: Context) -> Headline:
    named = {key: context.get(key) or "" for key in ("number", "printer", "provider")}
    named["day"] = figures.day(context.get("visit_on"))
    if named["day"]:
        subject = _("Visit for %(printer)s on %(day)s") % named
        return _service(context, subject, _("%(provider)s comes to repair %(printer)s on %(day)s.") % named)
    fact = _("%(provider)s repairs %(printer)s and will call you to agree on a visit.") % named
    return _service(context, _("Repair request %(number)s sent: %(printer)s") % named, fact)


def _service_completed(context: Context) -> Headline:
    fact = _("%(printer)s is repaired. The repair request %(number)s is completed.") % context
    return _service(context, _("%(printer)s is repaired") % context, fact)


def _service_assigned(context: Context) -> Headline:
    machine, place = context.get("machine") or {}, context.get("place") or {}
    named = {
        "number": context["number"],
        "model": machine.get("model") or context["printer"],
        "customer": context.get("customer", ""),
        "city": place.get("city", ""),
    }
    subject = _("Repair request %(number)s: %(model)s, %(city)s") % named
    fact = _("%(customer)s, %(city)s, asks for a repair of a %(model)s.") % named
    return Headline(subject, fact, _("See the repair request"), f"/provider/requests/{context['request_id']}/")


_HEADLINES: dict[Kind, Callable[[Context], Headline]] = {
    Kind.SUPPLY_LOW: _supply_low,
    Kind.SUPPLY_ALMOST_EMPTY: _supply_almost_empty,
    Kind.DEALER_SUPPLY_EARLY: _dealer_supply_early,
    Kind.COLLEAGUE_ASKS: _colleague_asks,
    Kind.DAILY: _daily,
    Kind.ORDER_CONFIRMED: _order_confirmed,
    Kind.ORDER_SHIPPED: _order_shipped,
    Kind.ORDER_DELIVERED: _order_delivered,
    Kind.ORDER_PROBLEM: _order_problem,
    Kind.COVERAGE_ACTIVE: _coverage_active,
    Kind.COVERAGE_CHANGED: _coverage_changed,
    Kind.SERVICE_RECEIVED: _service_received,
    Kind.SERVICE_DISPATCHED: _service_dispatched,
    Kind.SERVICE_COMPLETED: _service_completed,
    Kind.SERVICE_ASSIGNED: _service_assigned,
    Kind.AUTO_ORDER_ANNOUNCED: automatic_headlines.announced,
    Kind.AUTO_ORDER_STOPPED: automatic_headlines.stopped,
    Kind.MONTHLY_REPORT: automatic_headlines.monthly_report,
}
