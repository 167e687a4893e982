"""A message of the delivery log as mail: rendered in the reader's language, sent with one Message-ID for ever."""

from __future__ import annotations

import re
import smtplib
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from econcierge.core import colour
from econcierge.notifications import headlines, links, rules
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind, Mail, Outcome, Sender

PROGRAMME_ACCENT = "#0b5d5b"
LINKED = ("order", "already_ordered", "later", "not_ours")


def render(*, delivery: Delivery, sender: Sender | None, customer: str) -> Mail:
    """The mail of a message. `sender` None: no dealer is known, the programme itself writes."""
    kind = Kind(delivery.kind)
    with translation.override(delivery.language):
        told = with_links(delivery)
        headline = headlines.headline(kind, told)
        preferences = headlines.preferences_path(kind)
        context = {
            "c": told,
            "accent": accent_of(sender),
            "language": delivery.language[:2],
            "headline": headline,
            "button_url": links.absolute(headline.button_path),
            "also_url": links.absolute(headline.also_path),
            "public_url": settings.PUBLIC_URL,
            "sender": sender,
            "why": headlines.why(kind, customer=customer),
            "preferences_url": links.absolute(preferences),
        }
        return Mail(
            subject=_one_line(headline.subject),
            text=tidied(render_to_string(f"notifications/{kind.value}.txt", context)),
            html=render_to_string(f"notifications/{kind.value}.html", context),
            from_header=from_header_of(sender),
            to=delivery.address,
            message_id=delivery.message_id,
            reply_to=formataddr((_one_line(sender.name), sender.email)) if sender else "",
            unsubscribe_url=links.stop_url(user_id=delivery.user_id, kind=kind) if preferences else "",
        )


def with_links(delivery: Delivery) -> dict[str, Any]:
    """A message's values, its supplies with the links that this reader can act by without signing in (G10)."""
    told = dict(delivery.context)
    if "parts" in told:
        parts = [{**part, "context": _linked(part["context"], delivery)} for part in told["parts"]]
        told["parts"] = [{**part, "supplies": part["context"].get("items", [])} for part in parts]
    return _linked(told, delivery)


def _linked(told: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    if not any("episode_id" in item for item in told.get("items", ())) or delivery.kind == Kind.DEALER_SUPPLY_EARLY:
        return told
    return {**told, "items": [_item_linked(item, delivery) for item in told["items"]]}


def _item_linked(item: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    if "episode_id" not in item:
        return item
    found = {
        action: links.action_url(
            user_id=delivery.user_id, episode_id=item["episode_id"], action=action, made_at=delivery.created_at
        )
        for action in LINKED
    }
    own = any(one["counts"] and one["user_id"] == delivery.user_id for one in item.get("baskets", ()))
    return {**item, "links": found, "is_in_own_basket": own}


def accent_of(sender: Sender | None) -> str:
    """The dealer's colour, made dark enough to be read on paper and under white; the programme's own without one."""
    found = colour.accents(sender.accent) if sender else None
    return found[0] if found else PROGRAMME_ACCENT


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
        outcome, text = _answered(code, said, connection)
        is_gone = outcome is Outcome.REFUSED and rules.is_address_at_fault(said=text)
        return (Outcome.RETURNED if is_gone else outcome), text
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
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058, 3.1
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
    names = {"dealer": _one_line(sender.name), "programme": programme}
    return formataddr((_("%(dealer)s by %(programme)s") % names, address))


def _one_line(text: str) -> str:
    """As a header can hold it."""
    return re.sub(r"[\r\n\t]+", " ", text).strip()


def tidied(text: str) -> str:
    """Plain text without the blank lines and ends of line that a template's tags leave behind."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
