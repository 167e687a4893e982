"""Purchase orders in a SQLite file: the facts that `rules` tells the story from."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from econcierge_virtual.distributor import orders, rules, stock

SHELF_FILLED_AFTER = timedelta(days=14)
SCHEMA = """
CREATE TABLE IF NOT EXISTS purchase_orders (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    received_at TEXT NOT NULL,
    available TEXT NOT NULL,
    is_refused INTEGER NOT NULL,
    cancelled_at TEXT
)
"""
COLUMNS = "sequence, number, body, received_at, available, is_refused, cancelled_at"
Row = tuple[int, str, str, str, str, int, str | None]


class OtherContent(Exception):
    """An order of that number was received before, and it said something else."""


class Store:
    """One writer: the process that answers. Every method leaves the file committed."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def receive(
        self, *, order: orders.PurchaseOrder, fingerprint: str, at: datetime, is_refused: bool
    ) -> tuple[rules.Received, bool]:
        """(the order, whether it is new). The same number again gives what was received first."""
        known = self._row(order.number)
        if known is not None:
            if known[2] != fingerprint:
                raise OtherContent(order.number)
            return _received(known), False
        available = self.available((line.part_number for line in order.lines), at=at)
        self._connection.execute(
            "INSERT INTO purchase_orders (number, body, received_at, available, is_refused) VALUES (?, ?, ?, ?, ?)",
            (order.number, fingerprint, _moment(at), json.dumps(available), int(is_refused)),
        )
        received = self.get(order.number)
        assert received is not None
        return received, True

    def get(self, number: str) -> rules.Received | None:
        row = self._row(number)
        return None if row is None else _received(row)

    def every(self) -> list[rules.Received]:
        with closing(
            self._connection.execute(f"SELECT {COLUMNS} FROM purchase_orders ORDER BY sequence")  # noqa: S608
        ) as rows:
            return [_received(row) for row in rows]

    def cancel(self, number: str, *, at: datetime) -> None:
        self._connection.execute(
            "UPDATE purchase_orders SET cancelled_at = ? WHERE number = ? AND cancelled_at IS NULL",
            (_moment(at), number),
        )

    def available(self, part_numbers: Iterable[str], *, at: datetime) -> dict[str, int]:
        """How many of each could be sold now; parts that are not sold here are left out."""
        taken = self._taken_since(at - SHELF_FILLED_AFTER)
        known = stock.offers()
        return {number: max(0, known[number].full_shelf - taken[number]) for number in part_numbers if number in known}

    def _taken_since(self, since: datetime) -> Mapping[str, int]:
        taken: Counter[str] = Counter()
        rows = self._connection.execute(
            "SELECT body FROM purchase_orders WHERE received_at > ? AND cancelled_at IS NULL AND is_refused = 0",
            (_moment(since),),
        )
        for (body,) in rows:
            for line in json.loads(body)["lines"]:
                taken[line["part_number"]] += line["quantity"]
        return taken

    def _row(self, number: str) -> Row | None:
        row: Row | None = self._connection.execute(
            f"SELECT {COLUMNS} FROM purchase_orders WHERE number = ?",  # noqa: S608
            (number,),
        ).fetchone()
        return row


def _moment(at: datetime) -> str:
    """Of one width, so that the text sorts as the moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _received(row: Row) -> rules.Received:
    sequence, number, body, received_at, available, is_refused, cancelled_at = row
    return rules.Received(
        order=orders.parse(json.loads(body), number=number),
        sequence=sequence,
        received_at=datetime.fromisoformat(received_at),
        available=json.loads(available),
        is_refused=bool(is_refused),
        cancelled_at=datetime.fromisoformat(cancelled_at) if cancelled_at else None,
    )
