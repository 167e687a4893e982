"""Reading the delivery log and what people chose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from econcierge.accounts.models import Dealer, User
from econcierge.notifications.models import Delivery, Habit, SetAside
from econcierge.notifications.types import Sender


def to_send(*, ids: Iterable[int]) -> list[Delivery]:
    """Messages with the dealers that they come from, in the order in which they were written."""
    found = Delivery.objects.filter(pk__in=list(ids)).select_related("customer__dealer")
    return list(found.order_by("id"))


def sender_of(delivery: Delivery) -> Sender | None:
    dealer: Dealer | None = delivery.customer.dealer if delivery.customer else None
    if dealer is None:
        return None
    return Sender(dealer.name, dealer.email, dealer.phone, dealer.website, dealer.postal_address, dealer.accent_colour)


def anything_due(*, now: datetime, real_now: datetime) -> bool:
    """Whether a message waits whose time has come and that nobody is sending."""
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING, next_attempt_at__lte=now)
    return waiting.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=real_now)).exists()


def anything_to_gather(*, now: datetime) -> bool:
    """Whether somebody's one mail a day is due."""
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now).exists()


def habit(*, user: User) -> Habit | None:
    """How a person wants what can wait; None: as everybody, at once and about every site."""
    return Habit.objects.filter(user=user).first()


def set_aside(*, addresses: Iterable[str]) -> dict[str, SetAside]:
    """Those of these addresses from which mail came back, by the address in small letters."""
    found = SetAside.objects.filter(address__in=[address.casefold() for address in addresses])
    return {one.address: one for one in found}
