"""What the service knows, as plain values, read beside it while it runs."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, spool, store


def report(*, data: Path, site: str) -> dict[str, Any]:
    """A JSON object for scripts and the desktop; `AssistantError` when the service never ran here."""
    path = data / store.DATABASE_NAME
    if not path.exists():
        raise errors.StoreUnusable(f"No assistant has run with {data} yet: start it with `econcierge-assistant run`.")
    try:
        with contextlib.closing(store.connect_read_only(path)) as connection:
            return _report(connection, site)
    except sqlite3.DatabaseError as error:
        raise errors.StoreUnusable(
            f"{path} cannot be read now ({error}): try again; a damaged file is set aside when the service starts."
        ) from error


def _report(connection: sqlite3.Connection, site: str) -> dict[str, Any]:
    waiting = spool.contents(connection)
    facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
    return {
        "site": site or None,
        "printers": [_printer(row) for row in connection.execute(_PRINTERS)],
        "spool": {
            "changes": waiting.changes,
            "use": waiting.use,
            "routine": waiting.routine,
            "refused": waiting.refused,
            "bytes": waiting.used_bytes,
        },
        "last_delivery_at": facts.get("delivered_at"),
        "delivery_problem": facts.get("delivery_problem") or None,
    }


_PRINTERS = (
    "SELECT target, model, serial, mac, hostname, found_at, read_at, silent_since FROM printer ORDER BY printer_id"
)


def _printer(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("target", "model", "serial", "mac", "hostname", "found_at", "read_at", "silent_since")
    return dict(zip(names, row, strict=True))
