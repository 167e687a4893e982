"""What a basket comes to: lines checked against printers and catalogue, prices, taxes, dates, and why it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.catalogue.models import Part
from econcierge.core import clock
from econcierge.core.errors import Invalid, NotAllowed, NotFound
from econcierge.core.money import Money
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Printer, Site
from econcierge.fulfilment import queries as fulfilment
from econcierge.fulfilment.models import Stock
from econcierge.journeys import supply_choices
from econcierge.orders import delivery as deliveries
from econcierge.orders import pricing
from econcierge.orders import queries as orders
from econcierge.orders import rules as order_rules
from econcierge.orders import types as o
from econcierge.payments import queries as payments
from econcierge.payments import rules as payment_rules
from econcierge.payments.models import AccountAgreement
from econcierge.payments.types import Credit

MOST_LINES = 50
MOST_OF_ONE = 99
CURRENCY = "CAD"

# Why a basket cannot be ordered as it is, as a sentence for the buyer.
REFUSALS: dict[str, Any] = {
    "no_price": _("Your dealer has no price for one of these supplies. Ask your dealer, who can add it."),
    "no_distributor": _("Your dealer has not chosen a distributor yet, so nothing can be shipped. Ask your dealer."),
    "no_agreement": _("Your company has no agreement to buy on account. Ask your dealer for one."),
    "credit_limit": _(
        "This order is above what your company may still buy on account. Ask your dealer, or order less."
    ),
}


class Refused(Invalid):
    """An order that would break an agreement; its code is one of `REFUSALS`."""

    def __init__(self, refusal: str) -> None:
        super().__init__(REFUSALS[refusal], details={"refusal": refusal})
        self.code = refusal


@dataclass(frozen=True, slots=True)
class LineWanted:
    """So many of a part; `printer_id` None: for the shelf of a site whose printers take it."""

    part_number: str
    printer_id: int | None
    quantity: int


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line with its price before taxes; without a price the whole basket is refused (`no_price`)."""

    part: Part
    printer: Printer | None
    quantity: int
    unit_price: Money | None
    amount: Money | None
    stock_quantity: int | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What is asked for, and what it comes to. `refusal` is "" when it can be placed, else a code of `REFUSALS`.

    `expected_on` None: something is out of stock, so nobody can say. `credit_left` before this order; None: no limit.
    """

    site: Site
    lines: tuple[QuotedLine, ...]
    goods: Money
    shipping: Money
    taxes: tuple[o.Tax, ...]
    total: Money
    totals: o.Totals
    delivery: o.DeliveryOption
    delivery_options: tuple[o.DeliveryOption, ...]
    ships_by_at: datetime
    expected_on: date | None
    on_account: bool
    credit_left: Money | None
    refusal: str

    @property
    def refusal_sentence(self) -> Any:
        return REFUSALS.get(self.refusal, "")


def site_to_order_for(*, actor: Actor, site_id: int) -> Site:
    """The site, if the actor may see it and order for it. Raises `NotFound`, `NotAllowed`."""
    site = fleet.sites(actor.scope).select_related("customer__dealer").filter(pk=site_id).first()
    if site is None:
        raise NotFound(_("There is no such site."))
    if not roles.may(actor.role, Permission.ORDER):
        raise NotAllowed(_("Your role does not let you order. Ask your company’s administrator."))
    return site


def quote(*, actor: Actor, site_id: int, lines: Sequence[LineWanted], delivery: str, now: datetime) -> Quote:
    """Raises `NotFound`, `NotAllowed`, `Invalid` (fields) for what cannot be asked at all."""
    site = site_to_order_for(actor=actor, site_id=site_id)
    on = clock.day_of(now)
    agreement = payments.agreements(actor.scope, customer_id=site.customer_id, on=on).first()
    return quote_for(site=site, lines=lines, delivery=delivery, agreement=agreement, actor=actor, now=now)


def quote_for(
    *,
    site: Site,
    lines: Sequence[LineWanted],
    delivery: str,
    agreement: AccountAgreement | None,
    actor: Actor,
    now: datetime,
) -> Quote:
    """As `quote`, once the site and the agreement (locked, when the order is to be placed) are known."""
    on, dealer_id = clock.day_of(now), site.customer.dealer_id
    wanted = checked(actor, site=site, lines=lines)
    ids = [part.pk for part, _printer, _quantity in wanted]
    prices = catalogue.price(dealer_id=dealer_id, part_ids=ids, on=on)
    stock = fulfilment.stock(dealer_id=dealer_id, part_ids=ids)
    options = supply_choices.delivery_options(stock=[stock.get(pk) for pk in ids], region=site.region, on=on)
    chosen = deliveries.chosen(kind=delivery, options=options)
    rates = pricing.rates_on(rates=orders.tax_rates(region=site.region), region=site.region, on=on)
    quoted = tuple(_quoted(*line, prices=prices, stock=stock) for line in wanted)
    totals = pricing.price_lines(
        lines=[o.LineToPrice(q.quantity, q.unit_price.amount_minor if q.unit_price else 0) for q in quoted],
        shipping_minor=chosen.price_minor,
        rates=rates,
    )
    credit = payments.credit(agreement) if agreement else None
    left = None if credit is None or credit.left_minor is None else Money(credit.left_minor, credit.currency)
    return Quote(
        site=site,
        lines=quoted,
        goods=Money(totals.goods_minor, CURRENCY),
        shipping=Money(totals.shipping_minor, CURRENCY),
        taxes=totals.taxes,
        total=Money(totals.total_minor, CURRENCY),
        totals=totals,
        delivery=chosen,
        delivery_options=options,
        ships_by_at=order_rules.ships_by(placed_at=now),
        expected_on=chosen.expected_on if _is_in_stock(quoted) else None,
        on_account=agreement is not None,
        credit_left=left,
        refusal=_refusal(quoted, dealer_id=dealer_id, credit=credit, total_minor=totals.total_minor),
    )


def _refusal(quoted: Sequence[QuotedLine], *, dealer_id: int, credit: Credit | None, total_minor: int) -> str:
    """The first reason why this cannot be ordered, as a code of `REFUSALS`; "" when it can."""
    if any(line.unit_price is None or line.unit_price.currency != CURRENCY for line in quoted):
        return "no_price"
    if not fulfilment.dealer_distributors(dealer_id=dealer_id):
        return "no_distributor"
    if credit is None:
        return "no_agreement"
    return "" if payment_rules.may_owe(credit=credit, more_minor=total_minor) else "credit_limit"


Checked = tuple[Part, Printer | None, int]


def checked(actor: Actor, *, site: Site, lines: Sequence[LineWanted]) -> list[Checked]:
    """Every line against the catalogue and the printer: a wrong part cannot be ordered by accident (R17)."""
    merged = _merged(lines)
    parts = catalogue.parts(part_numbers=[line.part_number for line in merged])
    printers = _printers(actor, site=site, lines=merged)
    models = {printer.model_id for printer in printers.values() if printer.model_id is not None}
    if any(line.printer_id is None for line in merged):
        own = fleet.printers(actor.scope, customer_id=site.customer_id).exclude(model_id=None)
        models |= set(own.order_by().values_list("model_id", flat=True).distinct())
    pairs = catalogue.fitting_pairs(part_ids=[part.pk for part in parts.values()], model_ids=models)
    found: list[Checked] = []
    for line in merged:
        part = parts.get(line.part_number)
        if part is None or not catalogue_rules.offerable(catalogue.facts(part)):
            raise Invalid(_("One of these supplies is not sold here. Choose again."), fields=("lines",))
        printer = printers[line.printer_id] if line.printer_id is not None else None
        fits = {model_id for part_id, model_id in pairs if part_id == part.pk}
        if not (fits if printer is None else fits & {printer.model_id}):
            raise Invalid(_("One of these supplies does not fit the printer that it is for."), fields=("lines",))
        found.append((part, printer, line.quantity))
    return found


def _merged(lines: Sequence[LineWanted]) -> list[LineWanted]:
    """The same part for the same printer is one line."""
    quantities: dict[tuple[str, int | None], int] = {}
    for line in lines:
        if line.quantity < 1:
            raise Invalid(_("Order at least one of each supply."), fields=("quantity",))
        key = (line.part_number, line.printer_id)
        quantities[key] = quantities.get(key, 0) + line.quantity
    if not quantities or len(quantities) > MOST_LINES:
        raise Invalid(_("Choose between 1 and 50 different supplies."), fields=("lines",))
    if max(quantities.values()) > MOST_OF_ONE:
        raise Invalid(_("Order at most 99 of one supply at a time."), fields=("quantity",))
    return [LineWanted(part, printer_id, quantity) for (part, printer_id), quantity in quantities.items()]


def _printers(actor: Actor, *, site: Site, lines: Iterable[LineWanted]) -> dict[int, Printer]:
    wanted = {line.printer_id for line in lines if line.printer_id is not None}
    found = {p.pk: p for p in fleet.printers(actor.scope, customer_id=site.customer_id).filter(pk__in=wanted)}
    if set(found) != wanted:
        raise NotFound(_("There is no such printer."))
    return found


def _quoted(
    part: Part, printer: Printer | None, quantity: int, *, prices: dict[int, Money], stock: dict[int, Stock]
) -> QuotedLine:
    price, held = prices.get(part.pk), stock.get(part.pk)
    return QuotedLine(
        part=part,
        printer=printer,
        quantity=quantity,
        unit_price=price,
        amount=price * quantity if price else None,
        stock_quantity=held.quantity if held else None,
    )


def _is_in_stock(lines: Iterable[QuotedLine]) -> bool:
    """As far as anybody knows: two lines of one part share its stock."""
    wanted: dict[int, int] = {}
    held: dict[int, int] = {}
    for line in lines:
        wanted[line.part.pk] = wanted.get(line.part.pk, 0) + line.quantity
        if line.stock_quantity is not None:
            held[line.part.pk] = line.stock_quantity
    return all(wanted[pk] <= quantity for pk, quantity in held.items())
