"""What a person does from a mail, without signing in: order, already ordered, remind me later, not our printer (G10).

A link opens as its person, in the role that this person has at the customer today. It never opens more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts import scoping
from econcierge.accounts.models import Membership, User
from econcierge.accounts.types import Actor, Permission, Role, Scope
from econcierge.alerts import operations as alerts
from econcierge.alerts.models import Answer, Episode
from econcierge.alerts.types import Action
from econcierge.core import clock
from econcierge.core.errors import Conflict, Invalid
from econcierge.fleet import operations as fleet
from econcierge.fleet.models import Printer
from econcierge.journeys import check_out, in_flight, supply_choices, supply_notices
from econcierge.notifications import operations as notifications
from econcierge.notifications.links import ActionLink
from econcierge.notifications.types import Kind
from econcierge.orders import queries as orders
from econcierge.orders.models import Order
from econcierge.payments import operations as payments

# So that the same link makes one order, whatever is clicked twice, or opened again next week.
SUBMISSIONS = UUID("6f1c2e0a-53c5-4d3e-9a51-0d6c1f5b7a10")
SILENT_DAYS = 14  # for so long somebody's word is taken that it was ordered elsewhere
LATER_DAYS = (3, 7, 14)
MOST_ORDERED = 99


class Closed(Exception):
    """A link that opens nothing any more; `reason`: expired, left (the person), over (the supply was replaced)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PriceChanged(Conflict):
    """Since the page was shown, what would be ordered costs something else."""

    code = "price_changed"


class MoreComing(Conflict):
    """Since the page was shown, somebody else ordered this supply (P31)."""

    code = "more_coming"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is good: its person as an actor, and the supply that it is about."""

    link: ActionLink
    actor: Actor
    user: User
    episode: Episode
    printer: Printer

    @property
    def action(self) -> Action:
        return Action(self.link.action)

    @property
    def may_order(self) -> bool:
        return roles.may(self.actor.role, Permission.ORDER)

    @property
    def may_set_aside(self) -> bool:
        return roles.may(self.actor.role, Permission.MANAGE_FLEET)

    @property
    def submission_key(self) -> UUID:
        return uuid5(SUBMISSIONS, f"{self.link.user_id}:{self.link.episode_id}")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page shows before the one button. `quote` None: there is nothing to order here."""

    option: supply_choices.SupplyOption | None
    quote: check_out.Quote | None
    coming: tuple[in_flight.Coming, ...]
    placed: Order | None
    baskets: tuple[in_flight.InBasket, ...] = ()

    @property
    def coming_quantity(self) -> int:
        return sum(one.quantity for one in self.coming)


def opened(*, link: ActionLink, now: datetime) -> Opened:
    """Enters the scope of the link's person in the present transaction. Raises `Closed`."""
    if now >= link.expires_at:
        raise Closed("expired")
    user = User.objects.filter(pk=link.user_id, is_active=True).first()
    if user is None:
        raise Closed("left")
    actor, episode = _entered(user, link)
    printer = episode.slot.printer
    is_replaced = episode.slot.cartridge_id != episode.cartridge_id or episode.slot.gone_at is not None
    is_set_aside = printer.retired_at is not None and link.action != Action.NOT_OURS
    if is_replaced or is_set_aside:
        raise Closed("over")
    return Opened(link, actor, user, episode, printer)


def _entered(user: User, link: ActionLink) -> tuple[Actor, Episode]:
    """Tries the person's roles until one of them sees the episode: a role that has ended opens nothing."""
    scoping.enter(Scope.nothing(user_id=user.pk))
    memberships: list[Membership] = [one for one in accounts.memberships(user=user) if one.customer_id is not None]
    for membership in memberships:
        actor = scoping.enter_as(user=user, membership=membership)
        found = Episode.objects.filter(pk=link.episode_id, customer_id=membership.customer_id)
        episode = found.select_related("slot__printer__site", "slot__printer__customer", "cartridge").first()
        if episode is not None:
            return actor, episode
    scoping.enter(Scope.nothing())
    raise Closed("left")


def offer(of: Opened, *, now: datetime) -> Offer:
    """The recommended supply with its price, taxes, delivery and total, and what is there for it already."""
    scope = of.actor.scope
    placed = orders.by_submission(scope, customer_id=of.printer.customer_id, submission_key=of.submission_key)
    mine = tuple(one for one in _coming(of, now=now) if one.order_id != _id(placed))
    option = supply_choices.recommended(_choice(of, now=now))
    if option is None or placed is not None or not of.may_order:
        return Offer(option, None, mine, placed)
    quote = check_out.quote(
        actor=of.actor, site_id=of.printer.site_id, lines=_lines(of, option.part_number), delivery="ground", now=now
    )
    baskets = in_flight.in_baskets(scope, printer_ids=[of.printer.pk], ordered=mine, now=now)
    here = (of.printer.pk, of.episode.slot.kind, of.episode.slot.colour)
    return Offer(option, quote, mine, placed, tuple(one for one in baskets if one.counts and one.place == here))


def order(of: Opened, *, part_number: str, total_minor: int, coming_quantity: int, now: datetime) -> check_out.Placed:
    """Places it on account, as the person who was written to; the same link again is the same order.

    Raises `MoreComing` when more is coming than was shown, `PriceChanged` when the total is not the one that was
    shown, `Invalid` for a part that does not go into this supply's place, and what `check_out.place` raises.
    """
    scope = of.actor.scope
    # The customer's orders are placed one after the other, so what a colleague is ordering now is seen here.
    payments.lock_agreement(scope, customer_id=of.printer.customer_id, on=clock.day_of(now))
    known = orders.by_submission(scope, customer_id=of.printer.customer_id, submission_key=of.submission_key)
    if known is not None:
        return check_out.Placed(known, repeated=True)
    if part_number not in {option.part_number for option in _choice(of, now=now).options}:
        raise Invalid(_("This part does not go where you want it. Choose another."), fields=("part",))
    if sum(one.quantity for one in _coming(of, now=now)) > coming_quantity:
        raise MoreComing("somebody else ordered it since it was shown")
    lines = _lines(of, part_number)
    quote = check_out.quote(actor=of.actor, site_id=of.printer.site_id, lines=lines, delivery="ground", now=now)
    if not quote.refusal and quote.totals.total_minor != total_minor:
        raise PriceChanged("the total is not the one that was shown")
    return check_out.place(
        actor=of.actor,
        submission_key=of.submission_key,
        site_id=of.printer.site_id,
        lines=lines,
        delivery="ground",
        customer_reference="",
        now=now,
    )


def already_ordered(of: Opened, *, quantity: int | None, now: datetime) -> Answer:
    """Nobody is told of this cartridge again until it has had time to come, and was not put in."""
    until = now + timedelta(days=SILENT_DAYS)
    return _answered(of, until=until, quantity=quantity, now=now)


def later(of: Opened, *, days: int, now: datetime) -> Answer:
    """This person alone is reminded, if it is still low then and nothing is on its way."""
    return _answered(of, until=now + timedelta(days=days), quantity=None, now=now)


def answer_of(of: Opened) -> Answer | None:
    """What this person answered by the same kind of link, if it still holds."""
    found = Answer.objects.filter(episode=of.episode, user_id=of.user.pk, action=of.action.value, ended_at__isnull=True)
    return found.order_by("-at").first()


def taken_back(of: Opened, *, now: datetime) -> None:
    Answer.objects.filter(episode=of.episode, user_id=of.user.pk, action=of.action.value, ended_at__isnull=True).update(
        ended_at=now
    )


def set_aside(of: Opened, *, now: datetime) -> None:
    """The printer is out of the fleet until somebody takes it back. Raises `NotAllowed`."""
    fleet.retire_printer(actor=of.actor, printer=of.printer, now=now)


def taken_in_again(of: Opened, *, now: datetime) -> None:
    fleet.restore_printer(actor=of.actor, printer=of.printer, now=now)


def pass_on(of: Opened, *, now: datetime) -> int:
    """Asks the colleagues who may do it, once; how many there are."""
    needed = Permission.MANAGE_FLEET if of.action is Action.NOT_OURS else Permission.ORDER
    people = accounts.people(of.actor.scope, customer_id=of.printer.customer_id)
    able = [one.user for one in people if roles.may(Role(one.role), needed)]
    item = supply_notices.items_of([of.episode], now=now)
    if able and item:
        notifications.notify(
            kind=Kind.COLLEAGUE_ASKS,
            users=able,
            customer_id=of.printer.customer_id,
            key=f"asks-{of.action.value}-{of.episode.pk}-{of.user.pk}",
            context={"name": str(of.user), "about": of.action.value, "items": item},
            now=now,
        )
    return len(able)


def _answered(of: Opened, *, until: datetime, quantity: int | None, now: datetime) -> Answer:
    return alerts.answer(
        episode=of.episode, user_id=of.user.pk, action=of.action, now=now, until=until, quantity=quantity
    )


def _choice(of: Opened, *, now: datetime) -> supply_choices.SupplyChoice:
    return supply_choices.choices(actor=of.actor, printer_id=of.printer.pk, slot_id=of.episode.slot_id, now=now)


def _coming(of: Opened, *, now: datetime) -> list[in_flight.Coming]:
    """What is there for this supply already, whoever ordered it."""
    found = in_flight.coming(of.actor.scope, printer_ids=[of.printer.pk], now=now)
    return in_flight.for_slot(found, _place(of))


def _lines(of: Opened, part_number: str) -> tuple[check_out.LineWanted, ...]:
    return (check_out.LineWanted(part_number, of.printer.pk, 1),)


@dataclass(frozen=True, slots=True)
class _Place:
    printer_id: int
    kind: str
    colour: str


def _place(of: Opened) -> _Place:
    return _Place(of.printer.pk, of.episode.slot.kind, of.episode.slot.colour)


def _id(placed: Order | None) -> int | None:
    return None if placed is None else placed.pk
