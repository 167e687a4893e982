"""What the service knows, as plain values, read beside it while it runs."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, packing, rules, spool, store, texts

ROWS_AT_ONCE = 50


def report(*, data: Path, site: str) -> dict[str, Any]:
    """A JSON object for scripts and the desktop; `AssistantError` when the service never ran here."""
    path = data / store.DATABASE_NAME
    if not path.exists():
        raise errors.StoreUnusable(texts.said("never_ran", folder=data))
    try:
        with contextlib.closing(store.connect_read_only(path)) as connection:
            return _report(connection, site) | {"damaged": [found.name for found in store.damaged_files(data)]}
    except sqlite3.DatabaseError as error:
        raise errors.StoreUnusable(texts.said("spool_not_read", path=path, reason=error)) from error


def _report(connection: sqlite3.Connection, site: str) -> dict[str, Any]:
    waiting = spool.contents(connection)
    facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
    problem = facts.get("delivery_problem")
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
        "delivery_problem": texts.of_kept(problem).as_json() if problem else None,
    }


@dataclass(frozen=True, slots=True)
class Census:
    """How much is known and how much waits, for the heartbeat and the desktop."""

    printers: int
    silent: int
    waiting: int
    oldest_waiting_at: str | None
    last_delivery_at: str | None
    last_search_at: str | None


def census(opened: store.Store) -> Census:
    with opened.transaction() as connection:
        printers, silent = connection.execute("SELECT COUNT(*), COUNT(silent_since) FROM printer").fetchone()
        (waiting,) = connection.execute("SELECT COUNT(*) FROM reading").fetchone()
        facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
        return Census(
            printers=printers,
            silent=silent,
            waiting=waiting,
            oldest_waiting_at=_oldest(connection) if waiting else None,
            last_delivery_at=facts.get("delivered_at"),
            last_search_at=facts.get("searched_at"),
        )


def printers_as_json(opened: store.Store) -> Iterator[bytes]:
    """One JSON object a printer with its last kept reading, in small steps: a thousand of them are megabytes."""
    last_id = -1
    while True:
        with opened.transaction() as connection:
            rows = connection.execute(
                "SELECT printer_id, target, read_at, silent_since IS NOT NULL, kept FROM printer"
                " WHERE printer_id > ? ORDER BY printer_id LIMIT ?",
                (last_id, ROWS_AT_ONCE),
            ).fetchall()
        for printer_id, target, read_at, silent, kept in rows:
            last_id = printer_id
            head = {"key": str(printer_id), "target": target, "last_read_at": read_at, "silent": bool(silent)}
            yield json.dumps(head).encode()[:-1] + b', "reading": ' + _reading(kept) + b"}"
        if len(rows) < ROWS_AT_ONCE:
            return


def _reading(kept: bytes | None) -> bytes:
    """Its JSON as it was packed; null when there is none, or when the disk has spoilt it."""
    try:
        return b"null" if kept is None else packing.unpack(kept)
    except zlib.error:
        return b"null"


def _oldest(connection: sqlite3.Connection) -> str | None:
    """When the oldest of what waits was read: the first of one of the ranks, each of which is in order."""
    found: list[str] = []
    for rank in rules.Rank:
        row = connection.execute(
            "SELECT body FROM reading WHERE reading_id >= ? AND reading_id < ? ORDER BY reading_id LIMIT 1",
            (rank * spool.RANK_ROOM, (rank + 1) * spool.RANK_ROOM),
        ).fetchone()
        if row is not None and (at := _read_at(row[0])) is not None:
            found.append(at)
    return min(found, default=None)


def _read_at(body: bytes) -> str | None:
    try:
        return str(json.loads(packing.unpack(body))["read_at"])
    except (zlib.error, ValueError, KeyError, TypeError):
        return None


_PRINTERS = (
    "SELECT target, model, serial, mac, hostname, found_at, read_at, silent_since FROM printer ORDER BY printer_id"
)


def _printer(row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("target", "model", "serial", "mac", "hostname", "found_at", "read_at", "silent_since")
    return dict(zip(names, row, strict=True))
