"""Joining a batch of readings with printers and writing what they say of themselves: a few statements a batch."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from econcierge.catalogue import queries as catalogue
from econcierge.catalogue import rules as catalogue_rules
from econcierge.core import setbased
from econcierge.fleet import counting, queries, rules
from econcierge.fleet import types as t
from econcierge.fleet.models import Assistant, Printer
from econcierge_printers.model import Reading

IDENTITY_LOCK = 0x0F1EE7  # first half of the advisory lock's key; the customer is the second
COLUMNS = {
    "model_id": "bigint",
    "manufacturer": "text",
    "model_name": "text",
    "serial": "text",
    "serial_key": "text",
    "mac": "text",
    "hostname": "text",
    "hostname_key": "text",
    "firmware": "text",
    "target": "text",
    "networked": "boolean",
    "first_read_at": "timestamptz",
    "last_read_at": "timestamptz",
    "state": "text",
    "conditions": "jsonb",
    "console": "jsonb",
    "device_alerts": "jsonb",
    "pages_total": "bigint",
    "pages_unit": "text",
    "pages_before": "bigint",
    "pages_doubt": "jsonb",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A reading and the printer it is of, which is locked; or why it is not used."""

    reading: Reading
    printer: Printer | None
    refusal: t.Refusal | None = None


def join(*, assistant: Assistant, readings: Sequence[Reading]) -> list[Sighting]:
    """The printer of each reading; new ones are made at the assistant's site. All are locked until the commit.

    Making a printer, or learning a key of one, happens one batch at a time for each customer, so that two
    assistants that read the same printer make one.
    """
    claims = [rules.claim(reading=reading) for reading in readings]
    assigned = _assigned(assistant, claims)
    if assigned.learned:
        _lock_identities(assistant.customer_id)
        assigned = _assigned(assistant, claims)
    made = _make(assistant=assistant, assigned=assigned)
    ids = [match.printer_id for match in assigned.matches if match.printer_id is not None and match.printer_id > 0]
    printers = made | _locked(ids)
    for printer_id, printer in printers.items():
        _set_keys(printer, assigned.printers[printer_id])
    printers |= _locked([p.merged_into_id for p in printers.values() if p.merged_into_id not in (None, *printers)])
    return [_sighting(r, m, printers) for r, m in zip(readings, assigned.matches, strict=True)]


def take_in(printer: Printer, reading: Reading, *, unnamed: set[int]) -> bool:
    """Puts what a reading says of its printer into the printer; False, and nothing, where newer is known.

    Adds the printer to `unnamed` when its model has to be looked up: it is new, says another name, or was last
    looked up on another day, since the catalogue may know more by now.
    """
    if printer.last_read_at is not None and reading.read_at < printer.last_read_at:
        return False
    identity, status = reading.identity, reading.status
    if printer.model_id is None and _may_be_known_now(printer, reading):
        unnamed.add(printer.pk)
    printer.manufacturer = (identity.manufacturer or printer.manufacturer)[:60]
    printer.model_name = (identity.model or printer.model_name)[:120]
    printer.serial = (identity.serial or printer.serial).strip()[:60]
    printer.hostname = (identity.hostname or printer.hostname)[:120]
    printer.firmware = (identity.firmware or printer.firmware)[:120]
    printer.target = reading.target[:120]
    printer.networked = True
    _count_pages(printer, reading)
    printer.first_read_at = printer.first_read_at or reading.read_at
    printer.last_read_at = reading.read_at
    printer.state = status.state.value
    printer.conditions = list(status.conditions)
    printer.console = list(status.console)
    printer.device_alerts = [
        {
            "severity": alert.severity.value,
            "group": alert.group,
            "supply_index": alert.supply_index,
            "code": alert.code,
            "text": alert.text,
        }
        for alert in reading.alerts
    ]
    return True


def write(*, printers: Sequence[Printer], unnamed: set[int]) -> None:
    """Writes printers that `take_in` changed, and joins those of `unnamed` with the catalogue."""
    _join_models([printer for printer in printers if printer.pk in unnamed])
    rows = [(printer.pk, *(_sent(printer, name) for name in COLUMNS)) for printer in printers]
    setbased.update_rows(table=Printer._meta.db_table, types=COLUMNS, rows=rows)


def lifetime_pages(printer: Printer) -> int | None:
    """The printer's pages over all epochs of its counter."""
    return None if printer.pages_total is None else printer.pages_before + printer.pages_total


def _assigned(assistant: Assistant, claims: Sequence[t.Claim]) -> t.Assignment:
    known = queries.candidates(customer_id=assistant.customer_id, claims=claims)
    return rules.assign(claims=claims, known=known)


def _lock_identities(customer_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [IDENTITY_LOCK, customer_id % 2**31])


def _make(*, assistant: Assistant, assigned: t.Assignment) -> dict[int, Printer]:
    wanted = [printer_id for printer_id in assigned.printers if printer_id < 0]
    printers = [
        Printer(
            customer_id=assistant.customer_id, site_id=assistant.site_id, serial_key=assigned.printers[i].serial_key
        )
        for i in wanted
    ]
    Printer.objects.bulk_create(printers)
    return dict(zip(wanted, printers, strict=True))


def _locked(ids: Sequence[int]) -> dict[int, Printer]:
    """In the order of their ids, so that two batches cannot wait for each other."""
    if not ids:
        return {}
    found = Printer.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update()
    return {printer.pk: printer for printer in found}


def _set_keys(printer: Printer, keys: t.KnownPrinter) -> None:
    printer.serial_key, printer.mac, printer.hostname_key = keys.serial_key, keys.mac, keys.hostname_key


def _sighting(reading: Reading, match: t.Match, printers: Mapping[int, Printer]) -> Sighting:
    if match.printer_id is None:
        return Sighting(reading, None, match.refusal)
    printer = printers[match.printer_id]
    if printer.merged_into_id is not None:
        printer = printers[printer.merged_into_id]
    if printer.retired_at is not None:
        return Sighting(reading, None, t.Refusal.PRINTER_RETIRED)
    return Sighting(reading, printer)


def _count_pages(printer: Printer, reading: Reading) -> None:
    before = t.PageCount(
        total=printer.pages_total,
        unit=printer.pages_unit,
        before=printer.pages_before,
        at=printer.last_read_at,
        doubt=_doubt(printer.pages_doubt),
    )
    counted = counting.counted(before=before, said=reading.counters, at=reading.read_at)
    printer.pages_total, printer.pages_unit, printer.pages_before = counted.total, counted.unit, counted.before
    printer.pages_doubt = None if counted.doubt is None else _doubt_to_json(counted.doubt)


def _doubt(kept: Mapping[str, Any] | None) -> t.Doubt | None:
    if kept is None:
        return None
    return t.Doubt(**{**kept, "began_at": datetime.fromisoformat(kept["began_at"])})


def _doubt_to_json(doubt: t.Doubt) -> dict[str, Any]:
    return {**dataclasses.asdict(doubt), "began_at": doubt.began_at.isoformat()}


def _join_models(printers: Sequence[Printer]) -> None:
    if not printers:
        return
    keys = catalogue.model_keys()
    for printer in printers:
        printer.model_id = catalogue_rules.model_id_for(printer.model_name, known=keys)


def _may_be_known_now(printer: Printer, reading: Reading) -> bool:
    said, last = reading.identity.model, printer.last_read_at
    return last is None or last.date() != reading.read_at.date() or bool(said and said[:120] != printer.model_name)


def _sent(printer: Printer, name: str) -> object:
    value = getattr(printer, name)
    return json.dumps(value) if COLUMNS[name] == "jsonb" and value is not None else value
