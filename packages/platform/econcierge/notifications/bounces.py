"""Reading delivery status notifications (RFC 3464): which of our messages did not arrive for good, and why."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage, Message

from econcierge.notifications.types import Bounce


def read(raw: bytes) -> list[Bounce]:
    """Permanent failures that a message tells; [] for delays, relays, out-of-office answers and any other bytes."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return []
    message_id = _original_message_id(message)
    if not message_id:
        return []
    return [Bounce(message_id, recipient, said) for recipient, said in _failed(message)]


def _failed(message: Message) -> Iterator[tuple[str, str]]:
    """(recipient, what was said) of each recipient whose action is "failed" with a status of class 5 (2.3.3, 2.3.4)."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in _groups(part):
            action, status = _field(fields, "Action").casefold(), _field(fields, "Status")
            if action == "failed" and status.startswith("5"):
                recipient = _field(fields, "Original-Recipient") or _field(fields, "Final-Recipient")
                diagnostic = _after_type(_field(fields, "Diagnostic-Code"))
                yield _after_type(recipient), f"{status} {diagnostic}".strip()


def _groups(part: Message) -> list[Message]:
    """The blocks of fields: first of the message, then one a recipient."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _original_message_id(message: Message) -> str:
    """The Message-ID of what came back, from the copy of it, or of its headers, that the report carries."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return _field(inner[0], "Message-ID")
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            if isinstance(text, bytes):
                return _field(email.message_from_bytes(text), "Message-ID")
    return ""


def _field(message: Message | EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _after_type(value: str) -> str:
    """ "rfc822; person@example.test" without its type."""
    return value.partition(";")[2].strip() if ";" in value else value
