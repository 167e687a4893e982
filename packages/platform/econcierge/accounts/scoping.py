"""Tells PostgreSQL whose rows this transaction may see; row security (core.walls) holds it to that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from econcierge.accounts.models import Customer, Membership, User
from econcierge.accounts.types import Actor, Role, Scope, ScopeKind

_SETTINGS = ("scope", "customer_id", "dealer_id", "provider_id", "user_id")
_SET = "SELECT " + ", ".join(f"set_config('econcierge.{name}', %s, true)" for name in _SETTINGS)


def enter(scope: Scope) -> None:
    """From here to the end of the present transaction, `scope` decides; outside a transaction that is an error.

    The settings are local to the transaction, so that nothing leaks through a pooled connection.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a scope lives in a transaction; open one first")
    values = (scope.kind.value, scope.customer_id, scope.dealer_id, scope.provider_id, scope.user_id)
    with connection.cursor() as cursor:
        cursor.execute(_SET, ["" if value is None else str(value) for value in values])


@contextmanager
def transaction_as(scope: Scope) -> Iterator[None]:
    """One transaction of its own under a scope. `durable`: it never nests, so its commit is the commit."""
    with transaction.atomic(durable=True):
        enter(scope)
        yield


@contextmanager
def as_the_platform(own: Scope) -> Iterator[None]:
    """Sees all for a few lines of a request in which a code decides, not the person; then `own` holds again."""
    enter(Scope.everything(user_id=own.user_id))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            enter(own)


def enter_as(*, user: User, membership: Membership | None) -> Actor:
    """Enter the scope that a membership gives its person; without one, that of somebody who sees nothing."""
    if membership is None:
        scope = Scope.nothing(user_id=user.pk)
        enter(scope)
        return Actor(user.pk, None, scope, str(user), user.language)
    scope = _scope_of(membership)
    enter(scope)
    return Actor(user.pk, Role(membership.role), scope, str(user), user.language)


def _scope_of(membership: Membership) -> Scope:
    user_id = membership.user_id
    if membership.customer_id is not None:
        return customer_scope(customer_id=membership.customer_id, user_id=user_id)
    if membership.dealer_id is not None:
        return Scope.dealer(dealer_id=membership.dealer_id, user_id=user_id)
    if membership.provider_id is not None:
        return Scope.provider(provider_id=membership.provider_id, user_id=user_id)
    return Scope.everything(user_id=user_id)


def customer_scope(*, customer_id: int, user_id: int | None = None) -> Scope:
    """A customer's scope with its dealer, looked up under that customer's own narrow scope."""
    enter(Scope(ScopeKind.CUSTOMER, customer_id=customer_id, user_id=user_id))
    dealer_id = Customer.objects.values_list("dealer_id", flat=True).get(pk=customer_id)
    return Scope.customer(customer_id=customer_id, dealer_id=dealer_id, user_id=user_id)
