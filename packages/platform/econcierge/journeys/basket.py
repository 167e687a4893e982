"""A person's basket: what is put aside, what it comes to as orders, and ordering all of it with one button.

A parcel goes to one address, so the lines of each site are an order of their own. What cannot be ordered any more, and
what somebody else ordered meanwhile, stays in the basket and out of the orders, and is said (P31, P33).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from econcierge.accounts.types import Actor
from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.core import clock
from econcierge.core.errors import Conflict, Invalid, NotFound
from econcierge.core.money import Money
from econcierge.fleet import queries as fleet
from econcierge.fleet.models import Site
from econcierge.journeys import check_out, in_flight, places, quoting
from econcierge.orders import operations as order_operations
from econcierge.orders import queries as orders
from econcierge.orders import rules
from econcierge.orders.models import BasketLine, Order, OrderLine
from econcierge.orders.types import BasketLineFacts, BasketStanding, LineToPlace, NoTaxRates
from econcierge.payments import operations as payments

NO_TAXES = _("The taxes at this address are not known, so nothing can be ordered for it. Ask your dealer.")


class BasketChanged(Conflict):
    """A price, a line or what somebody else ordered changed since it was shown; nothing was ordered."""

    code = "basket_changed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands now. `price` before taxes; `ordered`: the order that keeps it out; `coming`: what is there
    for its place already, whoever ordered it. `stock_quantity` None: not known.
    """

    row: BasketLine
    standing: BasketStanding
    price: Money | None
    ordered: OrderLine | None
    coming: tuple[in_flight.Coming, ...]
    stock_quantity: int | None = None

    @property
    def is_ready(self) -> bool:
        return self.standing is BasketStanding.READY

    @property
    def amount(self) -> Money | None:
        return self.price * self.row.quantity if self.price else None

    @property
    def price_was(self) -> Money | None:
        """The price that its person saw, where it is another one now."""
        seen = Money(self.row.seen_price_minor, self.row.currency)
        return seen if self.price is not None and self.price != seen else None


@dataclass(frozen=True, slots=True)
class Parcel:
    """The lines of a site as one order. `why_not` is a sentence, "" when it can be ordered."""

    site: Site
    lines: tuple[Line, ...]
    quote: quoting.Quote | None
    why_not: Any


@dataclass(frozen=True, slots=True)
class Basket:
    parcels: tuple[Parcel, ...]
    left_out: tuple[Line, ...]
    delivery: str

    @property
    def count(self) -> int:
        return len(self.left_out) + sum(len(parcel.lines) for parcel in self.parcels)

    @property
    def totals(self) -> dict[int, int]:
        """What one button orders: minor units by site."""
        return {
            parcel.site.pk: parcel.quote.totals.total_minor
            for parcel in self.parcels
            if parcel.quote is not None and not parcel.why_not
        }

    @property
    def total(self) -> Money:
        return Money(sum(self.totals.values()), quoting.CURRENCY)


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """`repeated`: this submission had made these orders before; nothing was done again."""

    orders: tuple[Order, ...]
    repeated: bool


def put(*, actor: Actor, printer_id: int, lines: Sequence[check_out.LineWanted], now: datetime) -> None:
    """Puts these into the actor's basket, each as many as given; all of them, or none.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `Refused`.
    """
    printer = fleet.printer(actor.scope, printer_id=printer_id)
    site = quoting.site_to_order_for(actor=actor, site_id=printer.site_id)
    assert actor.user_id is not None
    checked = quoting.checked(actor, site=site, lines=lines)
    ids = [part.pk for part, _printer, _quantity in checked]
    prices = catalogue.price(dealer_id=site.customer.dealer_id, part_ids=ids, on=clock.day_of(now))
    if set(ids) - set(prices):
        raise check_out.Refused("no_price")
    with transaction.atomic():
        for part, _printer, quantity in checked:
            price = prices[part.pk]
            line = LineToPlace(part.pk, printer.pk, quantity, price.amount_minor, part.eligible)
            order_operations.put_into_basket(
                customer_id=site.customer_id, user_id=actor.user_id, line=line, currency=price.currency, now=now
            )
        if orders.basket_count(actor.scope, user_id=actor.user_id) > quoting.MOST_LINES:
            raise Invalid(_("A basket holds at most 50 supplies. Order what is in it first."), fields=("lines",))


def want_still(*, actor: Actor, line_id: int, now: datetime) -> None:
    """ "Order it all the same": as if it was put in now. Raises what `put` raises."""
    row = _own(actor, line_id)
    wanted = check_out.LineWanted(row.part.part_number, row.printer_id, row.quantity)
    put(actor=actor, printer_id=row.printer_id, lines=[wanted], now=now)


def change(*, actor: Actor, line_id: int, quantity: int) -> None:
    """Raises `NotFound`, `Invalid`."""
    row = _own(actor, line_id)
    if not 1 <= quantity <= quoting.MOST_OF_ONE:
        raise Invalid(_("Order at most 99 of one supply at a time."), fields=("quantity",))
    row.quantity = quantity
    row.save(update_fields=["quantity"])


def take_out(*, actor: Actor, line_id: int) -> BasketLine:
    """What it was. Raises `NotFound`."""
    row = _own(actor, line_id)
    BasketLine.objects.filter(pk=row.pk).delete()
    return row


def view(*, actor: Actor, delivery: str, now: datetime) -> Basket:
    """The actor's basket at the prices of now. Raises `NotAllowed`, `Invalid` for a delivery that is not offered."""
    lines = _lines(actor, list(orders.basket(actor.scope, user_id=actor.user_id)), now=now)
    by_site: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.is_ready:
            by_site[line.row.printer.site_id].append(line)
    left_out = tuple(line for line in lines if not line.is_ready)
    return Basket(tuple(_parcels(actor, by_site, delivery=delivery, now=now)), left_out, delivery)


def order_all(
    *,
    actor: Actor,
    submission_key: UUID,
    seen: Mapping[int, int],
    delivery: str,
    customer_reference: str,
    now: datetime,
) -> CheckedOut:
    """Orders everything that can be ordered, a site an order; all of them exist, or none.

    `seen`: the totals that the person was shown, minor units by site. The same submission again is the same orders.
    Raises `BasketChanged`, and what `check_out.place` raises.
    """
    if not seen:
        raise Invalid(_("There is nothing in your basket that can be ordered."), fields=("lines",))
    sites = [quoting.site_to_order_for(actor=actor, site_id=site_id) for site_id in sorted(seen)]
    keys = {site.pk: uuid5(submission_key, str(site.pk)) for site in sites}
    # As in `check_out.place`: a double click waits here, and so does an order that places itself.
    for customer_id in sorted({site.customer_id for site in sites}):
        payments.lock_agreement(actor.scope, customer_id=customer_id, on=clock.day_of(now))
    known = [
        orders.by_submission(actor.scope, customer_id=site.customer_id, submission_key=keys[site.pk]) for site in sites
    ]
    if placed := [order for order in known if order is not None]:
        return CheckedOut(tuple(placed), repeated=True)
    basket = view(actor=actor, delivery=delivery, now=now)
    if basket.totals != dict(seen):
        raise BasketChanged(_("Your basket has changed since it was shown. Look at it once more before you order."))
    with transaction.atomic():
        made = [
            check_out.place(
                actor=actor,
                submission_key=keys[parcel.site.pk],
                site_id=parcel.site.pk,
                lines=_wanted(parcel.lines),
                delivery=delivery,
                customer_reference=customer_reference,
                now=now,
            ).order
            for parcel in basket.parcels
            if parcel.site.pk in seen
        ]
    return CheckedOut(tuple(made), repeated=False)


def _own(actor: Actor, line_id: int) -> BasketLine:
    row: BasketLine | None = orders.basket(actor.scope, user_id=actor.user_id).filter(pk=line_id).first()
    if row is None:
        raise NotFound(_("This is no longer in your basket."))
    return row


def _wanted(lines: Iterable[Line]) -> list[check_out.LineWanted]:
    return [check_out.LineWanted(one.row.part.part_number, one.row.printer_id, one.row.quantity) for one in lines]


def _lines(actor: Actor, rows: Sequence[BasketLine], *, now: datetime) -> list[Line]:
    """About six queries however many lines; a basket is of one dealer's customers."""
    if not rows:
        return []
    part_ids = {row.part_id for row in rows}
    pairs = catalogue.fitting_pairs(part_ids=part_ids, model_ids={row.printer.model_id for row in rows} - {None})
    prices = catalogue.price(dealer_id=rows[0].customer.dealer_id, part_ids=part_ids, on=clock.day_of(now))
    latest = _latest_orders(actor, rows)
    coming = in_flight.coming(actor.scope, printer_ids={row.printer_id for row in rows}, now=now)
    found = []
    for row in rows:
        ordered, price = latest.get(_place(row)), prices.get(row.part_id)
        facts = BasketLineFacts(
            put_at=row.put_at,
            is_printer_in_use=row.printer.retired_at is None,
            is_sold=catalogue_rules.offerable(catalogue.facts(row.part)),
            is_fitting=(row.part_id, row.printer.model_id) in pairs,
            has_price=price is not None and price.currency == quoting.CURRENCY,
            latest_order_at=ordered.order.placed_at if ordered else None,
        )
        standing = rules.basket_standing(facts)
        since = ordered if standing is BasketStanding.ORDERED_SINCE else None
        there = tuple(one for one in coming if places.takes(one.place, part=_place(row)))
        found.append(Line(row, standing, price, since, there))
    return found


def _latest_orders(actor: Actor, rows: Sequence[BasketLine]) -> dict[tuple[int, str, str], OrderLine]:
    """By printer, kind and colour: whichever capacity was ordered, it goes into the same place."""
    found = orders.ordered_for(
        actor.scope, printer_ids={row.printer_id for row in rows}, since=min(row.put_at for row in rows)
    )
    return {_place(line): line for line in reversed(found)}


def _place(line: BasketLine | OrderLine) -> tuple[int, str, str]:
    return (line.printer_id, line.part.kind, line.part.colour)


def _parcels(actor: Actor, by_site: Mapping[int, Sequence[Line]], *, delivery: str, now: datetime) -> Iterable[Parcel]:
    """Parcels of one customer share its credit: what the first ones take is not there for the next."""
    taken: dict[int, int] = defaultdict(int)
    for site_id, lines in by_site.items():
        site = lines[0].row.printer.site
        try:
            quote = quoting.quote(actor=actor, site_id=site_id, lines=_wanted(lines), delivery=delivery, now=now)
        except NoTaxRates:
            yield Parcel(site, tuple(lines), None, NO_TAXES)
            continue
        refusal = quote.refusal or _above_credit(quote, taken=taken[site.customer_id])
        if not refusal:
            taken[site.customer_id] += quote.total.amount_minor
        yield Parcel(site, _stocked(lines, quote), quote, quoting.REFUSALS.get(refusal, ""))


def _above_credit(quote: quoting.Quote, *, taken: int) -> str:
    left = quote.credit_left
    is_above = left is not None and taken + quote.total.amount_minor > left.amount_minor
    return "credit_limit" if is_above else ""


def _stocked(lines: Iterable[Line], quote: quoting.Quote) -> tuple[Line, ...]:
    stock = {one.part.pk: one.stock_quantity for one in quote.lines}
    return tuple(replace(one, stock_quantity=stock.get(one.row.part_id)) for one in lines)
