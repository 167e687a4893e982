"""An assistant's token: who it is, giving it a new one; what its heartbeat says; what it is asked to do."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import uuid4

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission
from econcierge.audit import operations as audit
from econcierge.core.errors import NotAllowed
from econcierge.fleet import operations, queries
from econcierge.fleet.models import Assistant, Command, Printer
from econcierge.fleet.types import CommandKind, Heartbeat, TokenFailure

MOST_COMMANDS = 20


def by_token(*, token: str) -> Assistant | TokenFailure:
    """The paired computer of a token. Needs the scope of everything.

    The first use of a new token makes it the token; the one before works on until then, however long that takes: a
    computer that never got the answer, or broke down with it, is not locked out, and asks again.
    """
    digest = queries.token_digest(token)
    found = Assistant.objects.select_related("customer", "site").filter(
        Q(token_sha256=digest) | Q(next_token_sha256=digest)
    )
    assistant = found.first()
    if assistant is None:
        return TokenFailure.UNKNOWN
    if assistant.revoked_at is not None:
        return TokenFailure.REVOKED
    if assistant.next_token_sha256 == digest:
        _now_uses_next(assistant)
    return assistant


def _now_uses_next(assistant: Assistant) -> None:
    used = {"token_sha256": assistant.next_token_sha256, "next_token_sha256": None}
    Assistant.objects.filter(pk=assistant.pk, next_token_sha256=assistant.next_token_sha256).update(**used)
    for name, value in used.items():
        setattr(assistant, name, value)


def rotate(*, assistant: Assistant, now: datetime) -> str:
    """A new token beside the present one; asked again before it is used, another takes its place."""
    token = secrets.token_urlsafe(operations.TOKEN_BYTES)
    assistant.next_token_sha256 = queries.token_digest(token)
    assistant.save(update_fields=["next_token_sha256"])
    audit.record(action="assistant.token_rotated", subject=assistant, now=now, customer_id=assistant.customer_id)
    return token


def note_heartbeat(*, assistant: Assistant, said: Heartbeat, now: datetime) -> None:
    """Keeps what a computer says of itself, and which commands it has done."""
    Assistant.objects.filter(pk=assistant.pk).update(
        last_heartbeat_at=now,
        version=said.version,
        host=said.host,
        waiting=said.waiting,
        oldest_waiting_at=said.oldest_waiting_at,
        printers_read=said.printers,
        printers_silent=said.silent,
        settings_version=said.settings_version,
        problems=[{"code": code, "text": text} for code, text in said.problems],
    )
    if said.done:
        Command.objects.filter(assistant=assistant, pk__in=said.done, done_at__isnull=True).update(done_at=now)


def waiting_commands(*, assistant: Assistant) -> list[Command]:
    """What was asked of it and is not done, the oldest first."""
    return list(Command.objects.filter(assistant=assistant, done_at__isnull=True).order_by("asked_at")[:MOST_COMMANDS])


def ask_to_read_printer(*, actor: Actor, printer: Printer, now: datetime) -> int:
    """Asks every computer of its site to read a printer now. How many were asked.

    Whoever may see a printer may have it read: it only reads. What waits already is not asked twice.
    """
    if not (printer.networked and printer.target):
        return 0
    return _ask(CommandKind.READ, actor=actor, site_id=printer.site_id, targets=[printer.target], now=now)


def ask_to_search(*, actor: Actor, site_id: int, now: datetime) -> int:
    """Asks every computer of a site to look for printers now. Raises `NotAllowed`."""
    if not roles.may(actor.role, Permission.MANAGE_FLEET):
        raise NotAllowed(_("Your role does not let you search for printers. Ask your company’s administrator."))
    return _ask(CommandKind.DISCOVER, actor=actor, site_id=site_id, targets=None, now=now)


def _ask(kind: CommandKind, *, actor: Actor, site_id: int, targets: list[str] | None, now: datetime) -> int:
    found = list(queries.assistants(actor.scope).filter(site_id=site_id))
    for assistant in found:
        if not any(one.kind == kind and one.targets == targets for one in waiting_commands(assistant=assistant)):
            Command.objects.create(
                id=uuid4(), customer_id=assistant.customer_id, assistant=assistant, kind=kind, targets=targets,
                asked_at=now, asked_by_id=actor.user_id,
            )  # fmt: skip
    return len(found)
