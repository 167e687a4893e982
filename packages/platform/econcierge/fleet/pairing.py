"""Connecting a computer after RFC 8628: it shows a code, a person approves, and it collects its token once.

`now` is the wall clock's here (`core.clock.wall`): codes end by the time of people. What the pairing leaves behind
is dated by the office's (`at`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts import tokens
from econcierge.accounts.models import Membership
from econcierge.accounts.types import Actor, Permission, ScopeKind, TokenKind
from econcierge.audit import operations as audit
from econcierge.core import codes
from econcierge.core.errors import Invalid, NotAllowed, NotFound
from econcierge.fleet import operations, queries
from econcierge.fleet.models import PairingRequest, Site, WrongCode
from econcierge.fleet.types import Asked, Client, PairingFailure, PairingState

EXPIRES_AFTER = timedelta(minutes=15)
INTERVAL_S = 5
SLOWER_BY_S = 5
SLOWEST_S = 120
KEPT_FOR = timedelta(days=1)
MOST_WRONG_CODES = 10
WRONG_CODES_COUNT_FOR = timedelta(minutes=15)
USERS = frozenset({ScopeKind.CUSTOMER, ScopeKind.DEALER, ScopeKind.ALL})


class NotGiven(Exception):
    """No token; `failure` is the answer's `error`."""

    def __init__(self, failure: PairingFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Collected:
    """The token, this once, and what it was given for."""

    token: str
    request: PairingRequest


def ask(
    *,
    client: Client,
    computer_name: str = "",
    version: str = "",
    invitation: str = "",
    together_with: str = "",
    now: datetime,
) -> Asked:
    """A computer asks to be connected. Needs the scope of everything. What it says of itself is cut to fit."""
    PairingRequest.objects.filter(expires_at__lt=now - KEPT_FOR).delete()
    other = _alive(now).filter(user_code=codes.normal(together_with)).exclude(client=client).first()
    device_code = secrets.token_urlsafe(operations.TOKEN_BYTES)
    request = PairingRequest.objects.create(
        device_sha256=queries.token_digest(device_code),
        user_code=_unused_code(),
        client=client,
        state=PairingState.WAITING,
        computer_name=_printable(computer_name, 120),
        version=_printable(version, 40),
        invitation=_printable(invitation, 16),
        together_with=other,
        requested_at=now,
        expires_at=now + EXPIRES_AFTER,
        interval_s=INTERVAL_S,
    )
    return Asked(device_code=device_code, user_code=request.user_code)


def _unused_code() -> str:
    while PairingRequest.objects.filter(user_code=(code := codes.new_code()), state=PairingState.WAITING).exists():
        continue
    return code


def _printable(text: str, most: int) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:most]


def _alive(now: datetime) -> QuerySet[PairingRequest]:
    return PairingRequest.objects.filter(state=PairingState.WAITING, expires_at__gt=now)


def waiting(*, actor: Actor, typed: str, now: datetime) -> PairingRequest:
    """Who waits with a code. Raises `NotFound`; after ten wrong codes `NotAllowed` for a quarter of an hour."""
    since = now - WRONG_CODES_COUNT_FOR
    if WrongCode.objects.filter(user_id=actor.user_id, at__gt=since).count() >= MOST_WRONG_CODES:
        raise NotAllowed(_("Those were too many wrong codes. Wait a quarter of an hour, then try again."))
    found = _alive(now).filter(user_code=codes.normal(typed)).first()
    if found is None:
        raise NotFound(
            _("No computer waits with this code. Codes last 15 minutes: look at the computer once more."),
            fields=("code",),
        )
    return found


def invitation_of(*, typed: str, now: datetime) -> str:
    """The invitation that a waiting computer carries; "" without one. Needs the scope of everything."""
    found = _alive(now).filter(user_code=codes.normal(typed)).first()
    return found.invitation if found else ""


def note_wrong_code(*, actor: Actor, now: datetime) -> None:
    """Remembers that a person typed a code that nobody waits with."""
    WrongCode.objects.filter(at__lt=now - KEPT_FOR, user_id=actor.user_id).delete()
    WrongCode.objects.create(user_id=actor.user_id, at=now)


def halves(request: PairingRequest, *, now: datetime) -> list[PairingRequest]:
    """The request and, where it waits too, the same computer's other half; the service first."""
    together = Q(together_with=request) | Q(pk=request.together_with_id)
    found = [request, *_alive(now).filter(together).exclude(pk=request.pk)]
    return sorted(found, key=lambda one: one.client)


def may_approve(actor: Actor, request: PairingRequest) -> bool:
    """A service reports for a company, so whoever looks after its printers; a desktop is the person's own."""
    if actor.scope.kind not in USERS:
        return False
    return request.client == Client.DESKTOP or roles.may(actor.role, Permission.MANAGE_FLEET)


def approve(
    *, actor: Actor, membership: Membership, request: PairingRequest, site: Site | None, now: datetime, at: datetime
) -> list[PairingRequest]:
    """Approves whatever of the computer's halves the person may. Raises `NotAllowed`, `Invalid` (a site is needed)."""
    allowed = [half for half in _locked(halves(request, now=now), now=now) if may_approve(actor, half)]
    if not allowed:
        raise NotAllowed(_("Your role does not let you connect a computer. Ask your company’s administrator."))
    for half in allowed:
        if half.client == Client.ASSISTANT and site is None:
            raise Invalid(_("Choose the site whose printers this computer reads."), fields=("site",))
        half.site = site if half.client == Client.ASSISTANT else None
        half.membership = membership
        half.customer_id = half.site.customer_id if half.site else membership.customer_id
        _decide(half, PairingState.APPROVED, actor=actor, now=now, at=at)
    return allowed


def refuse(*, actor: Actor, request: PairingRequest, now: datetime, at: datetime) -> None:
    """Whoever knows the code may refuse; all halves of the computer."""
    if actor.scope.kind not in USERS:
        raise NotAllowed(_("Your role does not let you connect a computer. Ask your company’s administrator."))
    for half in _locked(halves(request, now=now), now=now):
        half.customer_id = actor.scope.customer_id
        _decide(half, PairingState.REFUSED, actor=actor, now=now, at=at)


def _locked(found: Iterable[PairingRequest], *, now: datetime) -> list[PairingRequest]:
    ids = [request.pk for request in found]
    return list(_alive(now).filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))


def _decide(request: PairingRequest, state: PairingState, *, actor: Actor, now: datetime, at: datetime) -> None:
    request.state = state
    request.decided_by_id = actor.user_id
    request.decided_at = now
    request.save()
    audit.record(
        action=f"pairing.{state.value}",
        subject=request,
        now=at,
        actor=actor,
        customer_id=request.customer_id,
        client=request.client,
        computer=request.computer_name,
    )


def collect(*, device_code: str, client: Client, now: datetime, at: datetime) -> Collected:
    """The token of an approved computer, once. Needs the scope of everything. Raises `NotGiven`.

    What polling left behind (when, how fast) has to be kept also where this raises: the caller commits.
    """
    found = PairingRequest.objects.select_related("site", "customer", "membership__user", "decided_by")
    request = found.select_for_update(of=("self",)).filter(device_sha256=queries.token_digest(device_code)).first()
    if request is None or request.client != client or request.state == PairingState.COLLECTED:
        raise NotGiven(PairingFailure.INVALID_GRANT)
    if request.state == PairingState.REFUSED:
        raise NotGiven(PairingFailure.DENIED)
    if request.expires_at <= now:
        raise NotGiven(PairingFailure.EXPIRED)
    if _too_fast(request, now=now):
        raise NotGiven(PairingFailure.SLOW_DOWN)
    if request.state == PairingState.WAITING:
        raise NotGiven(PairingFailure.PENDING)
    token = _given(request, at=at)
    request.state = PairingState.COLLECTED
    request.save(update_fields=["state"])
    return Collected(token, request)


def _too_fast(request: PairingRequest, *, now: datetime) -> bool:
    """Whether it came back before its interval, which grows by five seconds then (RFC 8628 section 3.5)."""
    before, request.polled_at = request.polled_at, now
    # A tenth of grace: the computer's five seconds may be a little shorter than ours.
    is_early = before is not None and now - before < timedelta(seconds=request.interval_s * 0.9)
    if is_early:
        request.interval_s = min(SLOWEST_S, request.interval_s + SLOWER_BY_S)
    request.save(update_fields=["polled_at", "interval_s"])
    return is_early


def _given(request: PairingRequest, *, at: datetime) -> str:
    if request.client == Client.DESKTOP:
        name = request.computer_name or "Supplies Assistant"
        assert request.membership is not None  # an approved desktop has one
        return tokens.create(membership=request.membership, name=name, kind=TokenKind.DESKTOP, now=at)[1]
    assert request.customer is not None  # an approved service has both
    assert request.site is not None
    assistant, token = operations.pair_assistant(
        customer=request.customer, site=request.site, name=request.computer_name or "Supplies Assistant", now=at
    )
    assistant.version = request.version
    assistant.save(update_fields=["version"])
    return token
