"""Who signs in as what, and the people of an organisation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from econcierge.accounts.models import Customer, Dealer, Membership, User
from econcierge.accounts.types import Scope, ScopeKind


def memberships(*, user: User) -> list[Membership]:
    """All that a person may act as; works in that person's own scope."""
    return list(user.memberships.order_by("id"))


def customers(scope: Scope) -> QuerySet[Customer]:
    found = Customer.objects.select_related("dealer").order_by("name")
    if scope.kind is ScopeKind.ALL:
        return found
    if scope.kind is ScopeKind.DEALER:
        return found.filter(dealer_id=scope.dealer_id)
    if scope.kind is ScopeKind.CUSTOMER:
        return found.filter(pk=scope.customer_id)
    return found.none()


def dealer(scope: Scope) -> Dealer | None:
    """The dealer whose name stands on a person's pages (R36)."""
    return Dealer.objects.filter(pk=scope.dealer_id).first() if scope.dealer_id else None


def people(scope: Scope, *, customer_id: int) -> list[Membership]:
    """The active people of a customer, with their roles."""
    found = Membership.objects.filter(customer_id=customer_id, user__is_active=True).select_related("user")
    return list(limit(scope, found).order_by("user__name"))


def dealer_people(*, dealer_id: int) -> list[Membership]:
    found = Membership.objects.filter(dealer_id=dealer_id, user__is_active=True).select_related("user")
    return list(found.order_by("user__name"))


def limit(scope: Scope, rows: QuerySet) -> QuerySet:
    """The first wall: narrow any rows that have a `customer` to what a scope may see."""
    if scope.kind is ScopeKind.ALL:
        return rows
    if scope.kind is ScopeKind.DEALER:
        return rows.filter(customer__dealer_id=scope.dealer_id)
    if scope.kind is ScopeKind.CUSTOMER:
        return rows.filter(customer_id=scope.customer_id)
    return rows.none()


def users(ids: Iterable[int]) -> dict[int, User]:
    return User.objects.in_bulk(list(ids))
