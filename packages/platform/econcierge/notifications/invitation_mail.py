"""The mail that carries an invitation's link, to somebody who may not be known here yet."""

from __future__ import annotations

from email.utils import formataddr

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from econcierge.accounts.models import Invitation
from econcierge.notifications import mail
from econcierge.notifications.types import Headline, Mail, Sender


def write(*, invitation: Invitation, url: str, message_id: str) -> Mail:
    """In the language that the invitation names; in the dealer's name."""
    dealer = invitation.dealer
    sender = Sender(
        dealer.name, dealer.email, dealer.phone, dealer.website, dealer.postal_address, dealer.accent_colour
    )
    with translation.override(invitation.language):
        headline = _headline(invitation, dealer.name)
        context = {
            "language": invitation.language[:2],
            "headline": headline,
            "accent": mail.accent_of(sender),
            "button_url": url,
            "sender": sender,
            "public_url": settings.PUBLIC_URL,
            "invitation": invitation,
            "why": _(
                "Your address was entered for %(company)s, hence this mail. If that was not you, do nothing: without "
                "this link nobody can join with your address."
            )
            % {"company": invitation.company},
        }
        return Mail(
            subject=headline.subject,
            text=mail.tidied(render_to_string("notifications/invitation.txt", context)),
            html=render_to_string("notifications/invitation.html", context),
            from_header=mail.from_header_of(sender),
            to=invitation.email,
            message_id=message_id,
            reply_to=formataddr((sender.name, sender.email)),
        )


def _headline(invitation: Invitation, dealer: str) -> Headline:
    company = {"company": invitation.company, "dealer": dealer}
    if invitation.is_self_service:
        return Headline(
            subject=_("Finish signing up with %(dealer)s") % company,
            fact=_("One step is left for %(company)s: confirm your address and choose a password.") % company,
            button=_("Confirm and go on"),
        )
    if invitation.customer_id is None:
        return Headline(
            subject=_("%(dealer)s invites %(company)s: toner on time, repairs for free") % company,
            fact=_("The account that %(dealer)s has prepared for %(company)s waits to be opened.") % company,
            button=_("Open the account"),
        )
    return Headline(
        subject=_("You are invited to the printers of %(company)s") % company,
        fact=_("You are invited to look after the printers of %(company)s together with your colleagues.") % company,
        button=_("Join"),
    )
