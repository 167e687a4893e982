"""Joining: a person takes an invitation, and a company that is new here is opened with its first site (R02, R03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import invitations, operations
from econcierge.accounts.models import Customer, Invitation, Membership, User
from econcierge.accounts.types import Role
from econcierge.audit import operations as audit
from econcierge.core import jobs
from econcierge.core.errors import Invalid
from econcierge.fleet.models import Site

MAIL_JOB = "invitations.send"


@dataclass(frozen=True, slots=True)
class FirstSite:
    """Where a new company's first printers stand and its parcels arrive."""

    address_line_1: str
    city: str
    region: str
    postal_code: str
    name: str = ""


def link(invitation: Invitation, *, is_mailed: bool = False, then: str = "") -> str:
    """The invitation's page; the mailed one carries the proof that the address is the person's."""
    page = settings.PUBLIC_URL + reverse("join", args=[invitation.dealer.slug, invitation.code])
    query = ({"m": invitations.proof(invitation)} if is_mailed else {}) | ({"next": then} if then else {})
    return f"{page}?{urlencode(query)}" if query else page


def mail(invitation: Invitation, *, then: str = "") -> None:
    """Has its link mailed to the person invited."""
    jobs.defer(MAIL_JOB, invitation_id=invitation.pk, then=then)


def accept(
    *,
    invitation: Invitation,
    user: User | None,
    name: str = "",
    password: str | None = None,
    company: str = "",
    first_site: FirstSite | None = None,
    now: datetime,
    at: datetime,
) -> Membership:
    """The person belongs to the company from now on; `user` None: they are new here and choose a password.

    Needs the scope of everything. `now` is the wall clock's, `at` the office's. Raises `Invalid`, `NotFound` (used
    meanwhile).
    """
    taken = Invitation.objects.select_for_update().filter(pk=invitation.pk, accepted_at__isnull=True)
    if not taken.update(accepted_at=now):
        invitations.waiting(code=invitation.code, now=now)  # says that it no longer works
    customer = invitation.customer or _opened(invitation, company=company, first_site=first_site, at=at)
    person = operations.add_person(
        email=invitation.email,
        name=(user.name if user else name.strip()) or invitation.name,
        language=user.language if user else invitation.language,
        role=Role(invitation.role),
        password=password,
        customer=customer,
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=person, customer=customer)
    audit.record(
        action="invitation.accepted", subject=invitation, now=at, customer_id=customer.pk, email=invitation.email
    )
    return Membership.objects.get(user=person, customer=customer)


def _opened(invitation: Invitation, *, company: str, first_site: FirstSite | None, at: datetime) -> Customer:
    name = " ".join(company.split()) or invitation.company
    if first_site is None:
        raise Invalid(_("Give the address where your printers stand."), fields=("address_line_1",))
    customer = operations.open_customer(
        name=name, slug=_free_slug(name), dealer=invitation.dealer, language=invitation.language, now=at
    )
    place = first_site.name.strip() or first_site.city.strip()
    Site.objects.create(
        customer=customer,
        slug=slugify(place)[:50] or "site",
        name=place,
        contact=invitation.name,
        address_line_1=first_site.address_line_1.strip(),
        city=first_site.city.strip(),
        region=first_site.region,
        postal_code=first_site.postal_code,
    )
    audit.record(action="customer.opened", subject=customer, now=at, customer_id=customer.pk, name=name)
    return customer


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "customer"
    taken = set(Customer.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
