"""Opening organisations and giving people their roles."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress

from econcierge.accounts.models import Customer, Dealer, Membership, Provider, User
from econcierge.accounts.types import Role


def add_person(
    *,
    email: str,
    name: str,
    language: str,
    role: Role,
    password: str | None = None,
    customer: Customer | None = None,
    dealer: Dealer | None = None,
    provider: Provider | None = None,
) -> User:
    """A person with a role; somebody known by this address gets the role added.

    Without a password they set one by mail.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(
            email,
            password,
            name=name,
            language=language,
            is_staff=role is Role.OPERATOR_ADMIN,
            is_superuser=role is Role.OPERATOR_ADMIN,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.get_or_create(
        user=user, customer=customer, dealer=dealer, provider=provider, defaults={"role": role.value}
    )
    return user


def open_customer(*, name: str, slug: str, dealer: Dealer, language: str, now: datetime) -> Customer:
    return Customer.objects.create(name=name, slug=slug, dealer=dealer, language=language, created_at=now)


def choose_language(*, user: User, language: str) -> None:
    """The language of a person's pages and mail."""
    User.objects.filter(pk=user.pk).update(language=language)
