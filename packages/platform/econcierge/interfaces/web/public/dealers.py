"""A dealer by the name in its addresses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from econcierge.accounts.models import Dealer
from econcierge.core.errors import NotFound


def by_slug(slug: str) -> Dealer:
    """Raises `NotFound`."""
    found = Dealer.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(_("There is no such dealer."))
    return found
