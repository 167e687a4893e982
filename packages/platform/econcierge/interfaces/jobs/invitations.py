"""Mailing invitations: their people may not be known here yet, so they are not in the delivery log."""

from __future__ import annotations

import logging

from django.core import mail as django_mail
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from econcierge.accounts import scoping
from econcierge.accounts.models import Invitation
from econcierge.accounts.types import Scope
from econcierge.journeys import join
from econcierge.notifications import invitation_mail, mail
from econcierge.notifications.types import Outcome

log = logging.getLogger(__name__)
AGAIN = RetryStrategy(max_attempts=12, exponential_wait=4)  # over about three hours


class NotTaken(Exception):
    """The mail server did not take it now."""


@app.task(name=join.MAIL_JOB, retry=AGAIN)
def send(invitation_id: int, then: str) -> None:
    """One Message-ID for ever: a repeat after a crash can be recognised as one."""
    with scoping.transaction_as(Scope.everything()):
        invitation = Invitation.objects.select_related("dealer").filter(pk=invitation_id).first()
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        return
    written = invitation_mail.write(
        invitation=invitation,
        url=join.link(invitation, is_mailed=True, then=then),
        message_id=f"<invitation-{invitation.pk}.{invitation.code.lower()}@econcierge>",
    )
    connection = django_mail.get_connection()
    try:
        outcome, said = mail.send(mail=written, connection=connection)
    finally:
        connection.close()
    if outcome is Outcome.TRY_LATER:
        raise NotTaken(said)
    if outcome is Outcome.REFUSED:
        log.warning("the invitation %s was refused by the mail server: %s", invitation.pk, said)
