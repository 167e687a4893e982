"""Pairing assistants, describing printers, and taking in what readings say of them."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.models import Customer
from econcierge.accounts.types import Actor, Permission
from econcierge.audit import operations as audit
from econcierge.catalogue.models import PrinterModel
from econcierge.core.errors import Conflict, Invalid, NotAllowed
from econcierge.fleet import queries, rules
from econcierge.fleet.models import Assistant, Printer, Site

TOKEN_BYTES = 32
DESCRIBED = frozenset({"label", "place", "installed_on", "warranty_ends_on", "extension_ends_on", "managed_print"})


def pair_assistant(*, customer: Customer, site: Site, name: str, now: datetime) -> tuple[Assistant, str]:
    """A computer that may report for a site, and its token, which is shown this once and kept as a hash."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    assistant = Assistant.objects.create(
        customer=customer, site=site, name=name, token_sha256=queries.token_digest(token), paired_at=now
    )
    audit.record(action="assistant.paired", subject=assistant, now=now, customer_id=customer.pk, name=name)
    return assistant, token


def revoke_assistant(*, actor: Actor, assistant: Assistant, now: datetime) -> None:
    """Takes the token back; what the computer delivers from now on is refused. Raises `NotAllowed`."""
    _require_fleet_manager(actor)
    assistant.revoked_at = now
    assistant.save(update_fields=["revoked_at"])
    audit.record(action="assistant.revoked", subject=assistant, now=now, actor=actor, customer_id=assistant.customer_id)


def add_printer_by_hand(
    *,
    actor: Actor,
    site: Site,
    label: str,
    now: datetime,
    model: PrinterModel | None = None,
    serial: str = "",
    place: str = "",
    installed_on: date | None = None,
    warranty_ends_on: date | None = None,
) -> Printer:
    """A printer that is not on the network (R08). Raises `NotAllowed`, `Invalid`, `Conflict` (the serial is known)."""
    _require_fleet_manager(actor)
    if not (label.strip() or model):
        raise Invalid(_("Give the printer a name or choose its model."), fields=("label", "model"))
    key = rules.serial_key(serial)
    if key and Printer.objects.filter(customer_id=site.customer_id, serial_key=key).exists():
        raise Conflict(_("A printer with this serial number is already there."), fields=("serial",))
    printer = Printer.objects.create(
        customer_id=site.customer_id,
        site=site,
        model=model,
        label=label.strip(),
        place=place.strip(),
        manufacturer=model.manufacturer if model else "",
        model_name=model.name if model else "",
        serial=serial.strip(),
        serial_key=key,
        networked=False,
        installed_on=installed_on,
        warranty_ends_on=warranty_ends_on,
    )
    audit.record(action="printer.added", subject=printer, now=now, actor=actor, customer_id=printer.customer_id)
    return printer


def describe_printer(*, actor: Actor, printer: Printer, now: datetime, **described: Any) -> Printer:
    """Changes what people say of a printer: any of `DESCRIBED`. Raises `NotAllowed`, `Invalid`."""
    _require_fleet_manager(actor)
    if unknown := set(described) - DESCRIBED:
        raise TypeError(f"a printer is not described by {', '.join(sorted(unknown))}")
    for name, value in described.items():
        setattr(printer, name, value.strip() if isinstance(value, str) else value)
    if printer.extension_ends_on and not printer.warranty_ends_on:
        raise Invalid(_("An extension needs the day on which the warranty ends."), fields=("warranty_ends_on",))
    printer.save(update_fields=list(described))
    changed = {name: str(value) for name, value in described.items()}
    audit.record(
        action="printer.described", subject=printer, now=now, actor=actor, customer_id=printer.customer_id, **changed
    )
    return printer


def retire_printer(*, actor: Actor, printer: Printer, now: datetime) -> None:
    """A printer that is gone; its history stays, and readings that still come are refused. Raises `NotAllowed`."""
    _require_fleet_manager(actor)
    printer.retired_at = now
    printer.save(update_fields=["retired_at"])
    audit.record(action="printer.retired", subject=printer, now=now, actor=actor, customer_id=printer.customer_id)


def restore_printer(*, actor: Actor, printer: Printer, now: datetime) -> None:
    """A printer that was retired by mistake; readings count again from now on. Raises `NotAllowed`."""
    _require_fleet_manager(actor)
    printer.retired_at = None
    printer.save(update_fields=["retired_at"])
    audit.record(action="printer.restored", subject=printer, now=now, actor=actor, customer_id=printer.customer_id)


def touch_assistant(*, assistant: Assistant, now: datetime, clock_skew_s: int | None = None) -> None:
    """It reported; `clock_skew_s` is our clock less its own, None where it did not say what its own shows."""
    Assistant.objects.filter(pk=assistant.pk).update(last_report_at=now, clock_skew_s=clock_skew_s)


def _require_fleet_manager(actor: Actor) -> None:
    if not roles.may(actor.role, Permission.MANAGE_FLEET):
        raise NotAllowed(_("Your role does not let you change printers. Ask your company’s administrator."))
