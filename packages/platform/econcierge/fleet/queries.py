"""Reading the fleet. Everything takes the scope first; what is not there and what is not yours look the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.core.errors import NotFound
from econcierge.fleet import rules
from econcierge.fleet import types as t
from econcierge.fleet.models import Assistant, Printer, Site


def printers(scope: Scope, *, customer_id: int | None = None) -> QuerySet[Printer]:
    """The printers in use, with site, model and customer."""
    found = accounts.limit(scope, Printer.objects.filter(retired_at__isnull=True))
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    return found.select_related("site", "model", "customer").order_by("customer_id", "label", "hostname", "id")


def printer(scope: Scope, *, printer_id: int) -> Printer:
    """One printer, in use or retired. Raises `NotFound`."""
    found = accounts.limit(scope, Printer.objects.select_related("site", "model", "customer"))
    one = found.filter(pk=printer_id).first()
    if one is None:
        raise NotFound(_("There is no such printer."))
    return one


def sites(scope: Scope, *, customer_id: int | None = None) -> QuerySet[Site]:
    found = accounts.limit(scope, Site.objects.all())
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    return found.select_related("customer").order_by("customer_id", "name")


def assistants(scope: Scope, *, customer_id: int | None = None) -> QuerySet[Assistant]:
    """The computers that report, those whose token was taken back left out."""
    found = accounts.limit(scope, Assistant.objects.filter(revoked_at__isnull=True))
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    return found.select_related("site").order_by("customer_id", "name")


def assistant(scope: Scope, *, assistant_id: int) -> Assistant:
    """One that reports. Raises `NotFound`."""
    found = assistants(scope).filter(pk=assistant_id).first()
    if found is None:
        raise NotFound(_("There is no such computer."))
    return found


def token_digest(token: str) -> str:
    """What is kept of a token: tokens are long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def candidates(*, customer_id: int, claims: Iterable[t.Claim]) -> list[t.KnownPrinter]:
    """A customer's printers that share any key with these claims, in one query, retired ones too."""
    said = list(claims)
    found = Printer.objects.filter(
        Q(serial_key__in={c.serial_key for c in said if c.serial_key})
        | Q(mac__in={c.mac for c in said if c.mac})
        | Q(hostname_key__in={c.hostname_key for c in said if c.hostname_key}),
        customer_id=customer_id,
    ).order_by("id")
    fields = ("id", "serial_key", "mac", "model_name", "hostname_key", "serial")
    return [
        t.KnownPrinter(pk, serial, mac, rules.model_key(model), hostname, rules.serial_key(said_serial))
        for pk, serial, mac, model, hostname, said_serial in found.values_list(*fields)
    ]


def site_named(scope: Scope, *, customer_slug: str, site_slug: str | None) -> Site:
    """A customer's site by its slug, or its only one. Raises `NotFound`, and names the sites there are."""
    there = {site.slug: site for site in sites(scope).filter(customer__slug=customer_slug)}
    if site_slug is None and len(there) == 1:
        return next(iter(there.values()))
    found = there.get(site_slug or "")
    if found is None:
        choices = ", ".join(sorted(there)) or "-"
        raise NotFound(_("There is no such customer or site. Sites of this customer: %(sites)s") % {"sites": choices})
    return found
