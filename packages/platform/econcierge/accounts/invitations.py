"""Invitations: a link that carries who invites whom into which company; and the address it was mailed to, proven.

`now` is the wall clock's (`core.clock.wall`): links end by the time of people.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries, rules
from econcierge.accounts.models import LANGUAGES, Customer, Dealer, Invitation, Membership
from econcierge.accounts.types import Actor, Permission, Role, Scope, ScopeKind
from econcierge.audit import operations as audit
from econcierge.core import codes
from econcierge.core.errors import Conflict, Invalid, NotAllowed, NotFound

CODE_LENGTH = 12
LASTS = timedelta(days=30)
ASKED_AGAIN_AFTER = timedelta(minutes=5)
MOST_OPEN = 200
INTO_A_COMPANY = (Role.CUSTOMER_ADMIN, Role.CUSTOMER_BUYER, Role.CUSTOMER_VIEWER)
PROOF = "econcierge.invitation"


def invite(
    *,
    actor: Actor,
    email: str,
    name: str,
    language: str,
    now: datetime,
    customer: Customer | None = None,
    company: str = "",
    role: Role = Role.CUSTOMER_ADMIN,
) -> Invitation:
    """Invites a person into a customer, or as a new customer's first one (a dealer may). Raises `NotAllowed`,
    `Invalid`, `Conflict` (they are there already)."""
    if not rules.may(actor.role, Permission.MANAGE_PEOPLE):
        raise NotAllowed(_("Your role does not let you invite people. Ask your administrator."))
    if customer is None and actor.scope.kind is not ScopeKind.DEALER:
        raise NotAllowed(_("Only a dealer opens accounts for other companies."))
    if role not in INTO_A_COMPANY:
        raise Invalid(_("Choose one of the roles."), fields=("role",))
    if customer is not None and _is_there(customer, email):
        raise Conflict(_("This person is there already."), fields=("email",))
    if open_ones(actor.scope, now=now).count() >= MOST_OPEN:
        raise Invalid(_("There are 200 open invitations. Withdraw some first."), fields=("email",))
    dealer_id = customer.dealer_id if customer else actor.scope.dealer_id
    assert dealer_id is not None  # a dealer's scope has it, and so has every customer
    made = _made(
        dealer_id=dealer_id, customer=customer, company=customer.name if customer else company, email=email, name=name,
        language=language, role=role, now=now, invited_by_id=actor.user_id,
    )  # fmt: skip
    audit.record(
        action="invitation.made", subject=made, now=now, actor=actor, customer_id=made.customer_id, email=made.email
    )
    return made


def sign_up(*, dealer: Dealer, company: str, email: str, name: str, language: str, now: datetime) -> Invitation | None:
    """A person invites themselves; only the mailed link has the code. None: one was mailed minutes ago.

    Needs the scope of everything. Raises `Invalid`.
    """
    again = Invitation.objects.filter(dealer=dealer, email__iexact=email.strip(), is_self_service=True)
    if again.filter(created_at__gt=now - ASKED_AGAIN_AFTER).exists():
        return None
    return _made(
        dealer_id=dealer.pk, customer=None, company=company, email=email, name=name, language=language,
        role=Role.CUSTOMER_ADMIN, now=now, is_self_service=True,
    )  # fmt: skip


def _made(*, email: str, name: str, company: str, language: str, now: datetime, role: Role, **of: object) -> Invitation:
    email, name, company = email.strip().lower(), " ".join(name.split()), " ".join(company.split())
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("This is no e-mail address."), fields=("email",)) from None
    if not company or len(company) > 120 or not company.isprintable():
        raise Invalid(_("Give the company’s name."), fields=("company",))
    if len(name) > 120 or not name.isprintable():
        raise Invalid(_("A name has at most 120 characters."), fields=("name",))
    if language not in dict(LANGUAGES):
        raise Invalid(_("Choose a language."), fields=("language",))
    return Invitation.objects.create(
        code=codes.new_code(CODE_LENGTH), email=email, name=name, company=company, language=language, role=role,
        created_at=now, expires_at=now + LASTS, **of,
    )  # fmt: skip


def _is_there(customer: Customer, email: str) -> bool:
    return Membership.objects.filter(customer=customer, user__email__iexact=email.strip()).exists()


def open_ones(scope: Scope, *, now: datetime, customer_id: int | None = None) -> QuerySet[Invitation]:
    """Those that wait for an answer, the newest first; what people asked for themselves left out."""
    found = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now, is_self_service=False
    )
    is_dealers = scope.kind is ScopeKind.DEALER  # whose invitations may have no customer yet
    found = found.filter(dealer_id=scope.dealer_id) if is_dealers else queries.limit(scope, found)
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    return found.select_related("dealer", "customer").order_by("-created_at", "-id")


def waiting(*, code: str, now: datetime, dealer_slug: str = "") -> Invitation:
    """The open invitation of a code. Needs the scope of everything. Raises `NotFound`."""
    found = Invitation.objects.select_related("dealer", "customer", "invited_by").filter(
        code=codes.normal(code, CODE_LENGTH), accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    if dealer_slug:
        found = found.filter(dealer__slug=dealer_slug)
    one = found.first()
    if one is None:
        raise NotFound(_("This invitation no longer works: it was used, withdrawn, or is older than 30 days."))
    return one


def is_known(*, code: str, now: datetime) -> bool:
    """Whether a computer may carry it: also once it was taken, as people sign up before they connect. Needs the scope
    of everything."""
    found = Invitation.objects.filter(code=codes.normal(code, CODE_LENGTH), withdrawn_at__isnull=True)
    return found.filter(expires_at__gt=now).exists()


def withdraw(*, actor: Actor, invitation_id: int, now: datetime) -> Invitation:
    """Raises `NotAllowed`, `NotFound`."""
    if not rules.may(actor.role, Permission.MANAGE_PEOPLE):
        raise NotAllowed(_("Your role does not let you invite people. Ask your administrator."))
    found = open_ones(actor.scope, now=now).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound(_("There is no such invitation."))
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    audit.record(
        action="invitation.withdrawn", subject=found, now=now, actor=actor, customer_id=found.customer_id,
        email=found.email,
    )  # fmt: skip
    return found


def proof(invitation: Invitation) -> str:
    """Stands only in the mailed link: whoever has it reads the mail of that address."""
    return signing.Signer(salt=PROOF).sign(invitation.code).rpartition(":")[2]


def is_proven(invitation: Invitation, said: str) -> bool:
    try:
        signing.Signer(salt=PROOF).unsign(f"{invitation.code}:{said}")
    except signing.BadSignature:
        return False
    return True
