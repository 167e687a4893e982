"""The signed words of a link in a mail: whose it is and for which proposed order, until when. Nobody signs in (R27).

The platform's own clock decides whether one has expired, so the time stands inside and not in Django's own stamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from econcierge.core.errors import Conflict, NotFound

SALT = "econcierge.replenishment.proposed-order"
LASTS = timedelta(days=30)


class Expired(Conflict):
    code = "link_expired"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who may decide about which proposal; what they may do is looked up when they do it."""

    customer_id: int
    proposed_order_id: int
    user_id: int


def sign(claim: Claim, *, now: datetime) -> str:
    until = int((now + LASTS).timestamp())
    return signing.Signer(salt=SALT).sign_object([claim.customer_id, claim.proposed_order_id, claim.user_id, until])


def read(token: str, *, now: datetime) -> Claim:
    """Raises `NotFound` for a link that is not ours, `Expired` for one that was."""
    try:
        customer_id, proposed_order_id, user_id, until = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("This link is not complete. Open it again from the mail.")) from None
    if now >= datetime.fromtimestamp(until, tz=UTC):
        raise Expired(_("This link has expired. Sign in to see what became of the order."))
    return Claim(customer_id, proposed_order_id, user_id)
