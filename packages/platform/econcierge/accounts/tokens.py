"""Tokens that let a programme act for a person, in one of their roles; kept as hashes, shown once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from econcierge.accounts.models import ApiToken, Membership
from econcierge.accounts.types import Actor, ScopeKind, TokenKind
from econcierge.audit import operations as audit
from econcierge.core.errors import Invalid, NotFound

PREFIX = "ecp_"  # so that a token found in the wrong place is known for what it is
TOKEN_BYTES = 32
NOTED_EVERY = timedelta(minutes=10)
MOST_TOKENS = 50


def digest(token: str) -> str:
    """What is kept of a token: tokens are long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(
    *, membership: Membership, name: str, kind: TokenKind, now: datetime, actor: Actor | None = None
) -> tuple[ApiToken, str]:
    """A new token and its text, which is known this once. Raises `Invalid`."""
    name = name.strip()
    if not name or len(name) > 120 or not name.isprintable():
        raise Invalid(_("Give it a name of at most 120 characters, so that you know it again."), fields=("name",))
    if in_use(user_id=membership.user_id).count() >= MOST_TOKENS:
        raise Invalid(_("You have 50 keys already. Take one back that you no longer need."), fields=("name",))
    text = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        membership=membership,
        user_id=membership.user_id,
        name=name,
        kind=kind,
        token_sha256=digest(text),
        created_at=now,
    )
    _recorded("api_token.created", token, actor=actor, now=now)
    return token, text


def in_use(*, user_id: int) -> QuerySet[ApiToken]:
    """A person's tokens that still work, the newest first."""
    return ApiToken.objects.filter(user_id=user_id, revoked_at__isnull=True).order_by("-created_at", "-id")


def revoke(*, actor: Actor, token_id: int, now: datetime) -> ApiToken:
    """Takes back a token of the actor's own. Raises `NotFound`."""
    token = None if actor.user_id is None else in_use(user_id=actor.user_id).filter(pk=token_id).first()
    if token is None:
        raise NotFound(_("There is no such key of yours."))
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    _recorded("api_token.revoked", token, actor=actor, now=now)
    return token


def by_text(text: str) -> ApiToken | None:
    """The working token of an active person; needs the scope of everything."""
    if not text.startswith(PREFIX):
        return None
    found = ApiToken.objects.select_related("user", "membership").filter(token_sha256=digest(text))
    return found.filter(revoked_at__isnull=True, user__is_active=True).first()


def note_use(*, token: ApiToken, now: datetime) -> None:
    """When it was last used, to about ten minutes, so that reading writes little."""
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTED_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)


def _recorded(action: str, token: ApiToken, *, actor: Actor | None, now: datetime) -> None:
    is_customers = actor is not None and actor.scope.kind is ScopeKind.CUSTOMER
    customer_id = actor.scope.customer_id if actor and is_customers else token.membership.customer_id
    audit.record(action=action, subject=token, now=now, actor=actor, customer_id=customer_id, name=token.name)
