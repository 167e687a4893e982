"""Who may do what: one table."""

from __future__ import annotations

from econcierge.accounts.types import Permission, Role

_CUSTOMER_VIEWER = frozenset({Permission.SEE_FLEET, Permission.SEE_ORDERS, Permission.ASK_FOR_SERVICE})
_CUSTOMER_BUYER = _CUSTOMER_VIEWER | {Permission.ORDER}
_DEALER_AGENT = frozenset(
    {
        Permission.SEE_FLEET,
        Permission.SEE_ORDERS,
        Permission.ORDER,
        Permission.ASK_FOR_SERVICE,
        Permission.MANAGE_FLEET,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER_VIEWER: _CUSTOMER_VIEWER,
    Role.CUSTOMER_BUYER: _CUSTOMER_BUYER,
    Role.CUSTOMER_ADMIN: _CUSTOMER_BUYER | {Permission.MANAGE_FLEET, Permission.MANAGE_PEOPLE},
    Role.DEALER_AGENT: _DEALER_AGENT,
    Role.DEALER_ADMIN: _DEALER_AGENT
    | {Permission.MANAGE_PRICES, Permission.MANAGE_PEOPLE, Permission.DECIDE_OUTSIDE_SUPPLY},
    Role.PROVIDER_TECHNICIAN: frozenset({Permission.WORK_ON_SERVICE}),
    Role.OPERATOR_ADMIN: frozenset(Permission) - {Permission.ORDER},
}


def may(role: Role | None, permission: Permission) -> bool:
    """Whether a role carries a permission; the platform itself (no role) may do everything it is written to do."""
    return role is None or permission in PERMISSIONS[role]
