"""Serials that two printers claim: a person says whether they are one (merge, with undo) or two (P16, P19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, Scope
from econcierge.audit import operations as audit
from econcierge.core.errors import Conflict, NotAllowed
from econcierge.fleet import rules
from econcierge.fleet.models import Printer
from econcierge_printers import identity
from econcierge_printers.model import Identity


@dataclass(frozen=True, slots=True)
class Dispute:
    """A printer whose serial is also another's, and what speaks for their being one device."""

    printer: Printer
    other: Printer
    sameness: identity.Sameness


def disputes(scope: Scope) -> list[Dispute]:
    """All that nobody has decided yet; two queries."""
    rows = accounts.limit(scope, Printer.objects.filter(retired_at__isnull=True)).select_related("site", "customer")
    doubted = list(rows.filter(serial_key="", told_apart_at__isnull=True).exclude(serial="").order_by("id"))
    keys = {printer.pk: rules.serial_key(printer.serial) for printer in doubted}
    known = list(rows.filter(serial_key__in={key for key in keys.values() if key}))
    return [
        Dispute(printer, other, identity.same_device(_identity(printer), _identity(other)))
        for printer in doubted
        if keys[printer.pk] and (other := _other(printer, keys, [*known, *doubted])) is not None
    ]


def merged(scope: Scope) -> list[Printer]:
    """Printers that were said to be another one, the latest first; each can be taken back."""
    rows = accounts.limit(scope, Printer.objects.filter(merged_into__isnull=False))
    return list(rows.select_related("merged_into", "site", "customer").order_by("-retired_at", "id"))


def merge(*, actor: Actor, printer: Printer, into: Printer, now: datetime) -> None:
    """They are one: what is read of `printer` belongs to `into` from now on. Its own history stays, for the undo."""
    _require_fleet_manager(actor)
    if printer.customer_id != into.customer_id or printer.pk == into.pk or into.merged_into_id is not None:
        raise Conflict(_("These two printers cannot be one."))
    if printer.merged_into_id is not None or printer.retired_at is not None:
        raise Conflict(_("This was decided already."))
    printer.merged_into, printer.retired_at = into, now
    printer.save(update_fields=["merged_into", "retired_at"])
    _record("printer.merged", printer, actor, now, into=into.pk)


def take_apart_again(*, actor: Actor, printer: Printer, now: datetime) -> None:
    """Takes a merge back; both are read on their own from now on."""
    _require_fleet_manager(actor)
    if printer.merged_into_id is None:
        raise Conflict(_("This was decided already."))
    printer.merged_into, printer.retired_at = None, None
    printer.save(update_fields=["merged_into", "retired_at"])
    _record("printer.unmerged", printer, actor, now)


def tell_apart(*, actor: Actor, printer: Printer, now: datetime) -> None:
    """They are two: the serial stays the key of neither of them that it was not, and nobody is asked again."""
    _require_fleet_manager(actor)
    printer.told_apart_at = now
    printer.save(update_fields=["told_apart_at"])
    _record("printer.told_apart", printer, actor, now)


def _other(printer: Printer, keys: dict[int, str], known: Iterable[Printer]) -> Printer | None:
    key = keys[printer.pk]
    for one in known:
        is_same_key = (one.serial_key or keys.get(one.pk, "")) == key
        if is_same_key and one.customer_id == printer.customer_id and (one.serial_key or one.pk < printer.pk):
            return one
    return None


def _identity(printer: Printer) -> Identity:
    """All but the serial, which is what is disputed."""
    return Identity(
        manufacturer=printer.manufacturer or None,
        model=printer.model_name or None,
        hostname=printer.hostname or None,
        mac=printer.mac or None,
    )


def _record(action: str, printer: Printer, actor: Actor, now: datetime, **details: object) -> None:
    audit.record(action=action, subject=printer, now=now, actor=actor, customer_id=printer.customer_id, **details)


def _require_fleet_manager(actor: Actor) -> None:
    if not roles.may(actor.role, Permission.MANAGE_FLEET):
        raise NotAllowed(_("Your role does not let you change printers. Ask your company’s administrator."))
