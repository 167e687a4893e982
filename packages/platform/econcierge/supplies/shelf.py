"""Counting what lies on a site's shelf."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission
from econcierge.audit import operations as audit
from econcierge.catalogue.models import Part
from econcierge.core.errors import Invalid, NotAllowed
from econcierge.fleet.models import Site
from econcierge.supplies.models import ShelfCount

MOST_ON_A_SHELF = 500


def count(*, actor: Actor, site: Site, part: Part, quantity: int, now: datetime) -> ShelfCount:
    """What a person counted of one part; it replaces earlier counts. Raises `NotAllowed`, `Invalid`."""
    if not roles.may(actor.role, Permission.ORDER):
        raise NotAllowed(_("Your role does not include this."))
    if not 0 <= quantity <= MOST_ON_A_SHELF:
        raise Invalid(_("Say a number from 0 to %(most)s.") % {"most": MOST_ON_A_SHELF}, fields=("quantity",))
    counted = ShelfCount.objects.create(
        customer_id=site.customer_id,
        site=site,
        part=part,
        quantity=quantity,
        counted_at=now,
        counted_by_id=actor.user_id,
    )
    audit.record(
        action="shelf.counted", subject=counted, now=now, actor=actor, customer_id=site.customer_id,
        part=part.part_number, quantity=quantity,
    )  # fmt: skip
    return counted
