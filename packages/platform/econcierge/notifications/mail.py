"""A message of the delivery log as mail: rendered in the reader's language, sent with one Message-ID for ever."""

from __future__ import annotations

import re
import smtplib
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from econcierge.notifications import headlines
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind, Mail, Outcome, Sender


def render(*, delivery: Delivery, sender: Sender | None, customer: str) -> Mail:
    """The mail of a message. `sender` None: no dealer is known, the programme itself writes."""
    kind = Kind(delivery.kind)
    with translation.override(delivery.language):
        headline = headlines.headline(kind, delivery.context)
        preferences = headlines.preferences_path(kind)
        context = {
            "c": delivery.context,
            "language": delivery.language[:2],
            "headline": headline,
            "button_url": _absolute(headline.button_path),
            "also_url": _absolute(headline.also_path),
            "public_url": settings.PUBLIC_URL,
            "sender": sender,
            "why": headlines.why(kind, customer=customer),
            "preferences_url": _absolute(preferences),
        }
        return Mail(
            subject=re.sub(r"[\r\n\t]+", " ", headline.subject).strip(),
            text=tidied(render_to_string(f"notifications/{kind.value}.txt", context)),
            html=render_to_string(f"notifications/{kind.value}.html", context),
            from_header=from_header_of(sender),
            to=delivery.address,
            message_id=delivery.message_id,
            reply_to=formataddr((sender.name, sender.email)) if sender else "",
            unsubscribe_url=_absolute(preferences),
        )


def send(*, mail: Mail, connection: BaseEmailBackend) -> tuple[Outcome, str]:
    """Hands one mail over, and says what became of it; the words of the server where it did not take it.

    After a broken line nobody knows whether it was taken: it is tried again under the same Message-ID. The
    connection is closed then, so that the next message opens a new one.
    """
    try:
        connection.open()  # else each message would open and close one of its own
        connection.send_messages([_message(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said, connection)
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        return _answered(error.smtp_code, error.smtp_error, connection)
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        return Outcome.TRY_LATER, f"{type(error).__name__}: {error}"
    return Outcome.SENT, ""


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.from_header,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _answered(code: int, said: bytes | str, connection: BaseEmailBackend) -> tuple[Outcome, str]:
    """The server said no: 4xx not now, 5xx never; 421 also ends the connection."""
    if code == 421:
        connection.close()
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return (Outcome.REFUSED if 500 <= code < 600 else Outcome.TRY_LATER), f"{code} {text}"


def from_header_of(sender: Sender | None) -> str:
    """ "Papeterie du Port par econcierge": the dealer writes, through the programme."""
    programme, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    programme = programme or "econcierge"
    if sender is None:
        return formataddr((programme, address))
    return formataddr((_("%(dealer)s by %(programme)s") % {"dealer": sender.name, "programme": programme}, address))


def tidied(text: str) -> str:
    """Plain text without the blank lines and ends of line that a template's tags leave behind."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _absolute(path: str) -> str:
    return settings.PUBLIC_URL + path if path.startswith("/") else path
