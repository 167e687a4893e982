"""Roles, permissions and the scope that every read asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER_ADMIN = "customer_admin"
    CUSTOMER_BUYER = "customer_buyer"
    CUSTOMER_VIEWER = "customer_viewer"
    DEALER_ADMIN = "dealer_admin"
    DEALER_AGENT = "dealer_agent"
    PROVIDER_TECHNICIAN = "provider_technician"
    OPERATOR_ADMIN = "operator_admin"


class Permission(StrEnum):
    SEE_FLEET = "see_fleet"
    MANAGE_FLEET = "manage_fleet"
    SEE_ORDERS = "see_orders"
    ORDER = "order"
    ASK_FOR_SERVICE = "ask_for_service"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PRICES = "manage_prices"
    DECIDE_OUTSIDE_SUPPLY = "decide_outside_supply"
    WORK_ON_SERVICE = "work_on_service"
    MANAGE_CATALOGUE = "manage_catalogue"
    MANAGE_TERMS = "manage_terms"


class TokenKind(StrEnum):
    """What a person's token was given to: our desktop application, or a programme of theirs."""

    DESKTOP = "desktop"
    INTEGRATION = "integration"


class ScopeKind(StrEnum):
    NONE = "none"
    CUSTOMER = "customer"
    DEALER = "dealer"
    PROVIDER = "provider"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be seen. `dealer_id` of a customer's scope is its dealer, whose prices it may read."""

    kind: ScopeKind
    customer_id: int | None = None
    dealer_id: int | None = None
    provider_id: int | None = None
    user_id: int | None = None

    @classmethod
    def customer(cls, *, customer_id: int, dealer_id: int, user_id: int | None = None) -> Scope:
        return cls(ScopeKind.CUSTOMER, customer_id=customer_id, dealer_id=dealer_id, user_id=user_id)

    @classmethod
    def dealer(cls, *, dealer_id: int, user_id: int | None = None) -> Scope:
        return cls(ScopeKind.DEALER, dealer_id=dealer_id, user_id=user_id)

    @classmethod
    def provider(cls, *, provider_id: int, user_id: int | None = None) -> Scope:
        return cls(ScopeKind.PROVIDER, provider_id=provider_id, user_id=user_id)

    @classmethod
    def everything(cls, *, user_id: int | None = None) -> Scope:
        """The operator, and the platform's own jobs."""
        return cls(ScopeKind.ALL, user_id=user_id)

    @classmethod
    def nothing(cls, *, user_id: int | None = None) -> Scope:
        return cls(ScopeKind.NONE, user_id=user_id)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, as what, and what they may see; `user_id` None is the platform itself."""

    user_id: int | None
    role: Role | None
    scope: Scope
    name: str = ""
    language: str = "en-ca"
