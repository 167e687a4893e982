"""Readings that the platform has not yet acknowledged, on disk before they are sent and until it answered 200.

Readings wait by rank (changes, then use, then routine). A report is *sealed* before its first attempt: its message
id is written to its readings and never changes, so that every retry repeats it and the platform can ignore what it
already has. Near the cap the oldest routine readings go first, changes last and aloud.
"""

from __future__ import annotations

import logging
import sqlite3
import uuid
import zlib
from dataclasses import dataclass

from econcierge_assistant.service import packing, rules, store, texts
from econcierge_printers import clock

REPORT_READINGS = 20
REPORT_BYTES = 900_000  # of JSON, envelope apart; the platform takes 1 MB
KEPT_REFUSALS = 100
PRINTERS_PER_CAP = 100
THIN_TO = 0.9
THIN_STEP = 50
RANK_ROOM = 1 << 40

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A report on its way: the id that every attempt repeats, and the JSON of each reading."""

    message_id: str
    bodies: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What waits, for `status` and `doctor`."""

    changes: int
    use: int
    routine: int
    refused: int
    used_bytes: int


class Spool:
    """The undelivered readings of one store."""

    def __init__(self, *, opened: store.Store, cap_bytes: int, now: clock.Clock) -> None:
        self._store = opened
        """`cap_bytes`: the most that the files hold together for each hundred printers."""
        self._cap_bytes = cap_bytes
        self._now = now

    def put(self, connection: sqlite3.Connection, *, rank: rules.Rank, body: bytes) -> None:
        """Keep one reading's JSON inside the caller's transaction; thins older ones when the cap is near."""
        base = rank * RANK_ROOM
        connection.execute(
            "INSERT INTO reading (reading_id, rank, bytes, body) SELECT COALESCE(MAX(reading_id), :base) + 1,"
            " :rank, :bytes, :body FROM reading WHERE reading_id >= :base AND reading_id < :base + :room",
            {"base": base, "room": RANK_ROOM, "rank": int(rank), "bytes": len(body), "body": packing.pack(body)},
        )
        if store.used_bytes(connection) > self._room(1) and store.used_bytes(connection) > self._room_for(connection):
            self._thin(connection)

    def next_report(self) -> Sealed | None:
        """The report to send now: one already sealed, else the best readings sealed under a new id."""
        with self._store.transaction() as connection:
            row = connection.execute(
                "SELECT message_id FROM reading WHERE message_id IS NOT NULL ORDER BY reading_id LIMIT 1"
            ).fetchone()
            message_id = row[0] if row else _seal(connection, _best_readings(connection))
            return None if message_id is None else _load(connection, message_id)

    def delivered(self, message_id: str, *, duplicate: bool) -> None:
        """The platform answered 200: only now are these readings let go."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM reading WHERE message_id = ?", (message_id,))
            store.set_fact(connection, name="delivered_at", value=self._now().isoformat())
            store.set_fact(connection, name="delivery_problem", value="")
        log.info("report %s delivered%s", message_id, " (the platform had it already)" if duplicate else "")

    def note_problem(self, problem: texts.Said) -> None:
        """Why delivery waits, for `status` and `doctor`, each in its reader's language."""
        with self._store.transaction() as connection:
            store.set_fact(connection, name="delivery_problem", value=texts.kept(problem))

    def split(self, message_id: str) -> bool:
        """Make two reports of one that the platform could not take; False when it holds a single reading.

        New ids are right here: an answer of 400 or 413 says that nothing of it was accepted.
        """
        with self._store.transaction() as connection:
            ids = [row[0] for row in _rows(connection, message_id)]
            if len(ids) < 2:
                return False
            half = len(ids) // 2
            _seal(connection, ids[:half])
            _seal(connection, ids[half:])
            return True

    def refuse(self, message_id: str, *, sentence: str) -> None:
        """Set aside what the platform will never take, with its sentence, so that it blocks nothing."""
        with self._store.transaction() as connection:
            body = b"\n".join(packing.unpack(row[1]) for row in _rows(connection, message_id))
            connection.execute(
                "INSERT OR REPLACE INTO refused (message_id, refused_at, sentence, body) VALUES (?, ?, ?, ?)",
                (message_id, self._now().isoformat(), sentence, packing.pack(body)),
            )
            connection.execute("DELETE FROM reading WHERE message_id = ?", (message_id,))
            connection.execute(
                "DELETE FROM refused WHERE rowid NOT IN (SELECT rowid FROM refused ORDER BY rowid DESC LIMIT ?)",
                (KEPT_REFUSALS,),
            )
        log.error("report %s was refused for good and set aside: %s", message_id, sentence)

    def contents(self) -> Contents:
        with self._store.transaction() as connection:
            return contents(connection)

    def _room_for(self, connection: sqlite3.Connection) -> float:
        """Of a big fleet the changes alone would not fit into what a small office needs."""
        (printers,) = connection.execute("SELECT COUNT(*) FROM printer").fetchone()
        return self._room(-(-printers // PRINTERS_PER_CAP))

    def _room(self, hundreds: int) -> float:
        """For the database itself; beside it lies its log."""
        cap_bytes = self._cap_bytes * max(1, hundreds)
        return cap_bytes - min(store.LOG_BYTES * 1.1, cap_bytes * 0.1)

    def _thin(self, connection: sqlite3.Connection) -> None:
        for rank in sorted(rules.Rank, reverse=True):
            dropped = self._thin_rank(connection, rank)
            if dropped and rank is rules.Rank.CHANGE:
                log.error("The spool is full: the %d oldest CHANGES were given up. Restore the line.", dropped)
            elif dropped:
                log.warning("The spool is near its cap: thinned the %d oldest %s readings.", dropped, rank.name.lower())

    def _thin_rank(self, connection: sqlite3.Connection, rank: rules.Rank) -> int:
        """Oldest first, never what is sealed: its id may already be known to the platform with this content."""
        dropped = 0
        room = self._room_for(connection)
        while store.used_bytes(connection) > room * THIN_TO:
            count = connection.execute(
                "DELETE FROM reading WHERE reading_id IN (SELECT reading_id FROM reading"
                " WHERE reading_id >= ? AND reading_id < ? AND message_id IS NULL ORDER BY reading_id LIMIT ?)",
                (rank * RANK_ROOM, (rank + 1) * RANK_ROOM, THIN_STEP),
            ).rowcount
            if not count:
                break
            dropped += count
        return dropped


def contents(connection: sqlite3.Connection) -> Contents:
    """Counts by rank, also from a read-only connection beside a running service."""
    waiting = dict(connection.execute("SELECT rank, COUNT(*) FROM reading GROUP BY rank").fetchall())
    (refused,) = connection.execute("SELECT COUNT(*) FROM refused").fetchone()
    return Contents(
        changes=waiting.get(rules.Rank.CHANGE, 0),
        use=waiting.get(rules.Rank.USE, 0),
        routine=waiting.get(rules.Rank.ROUTINE, 0),
        refused=refused,
        used_bytes=store.used_bytes(connection),
    )


def _best_readings(connection: sqlite3.Connection) -> list[int]:
    """Ids of the next readings by rank and age, as many as fit one report; at least one if any waits."""
    chosen: list[int] = []
    total_bytes = 0
    rows = connection.execute(
        "SELECT reading_id, bytes FROM reading WHERE message_id IS NULL ORDER BY reading_id LIMIT ?", (REPORT_READINGS,)
    )
    for reading_id, size in rows:
        total_bytes += size
        if chosen and total_bytes > REPORT_BYTES:
            break
        chosen.append(reading_id)
    return chosen


def _seal(connection: sqlite3.Connection, reading_ids: list[int]) -> str | None:
    if not reading_ids:
        return None
    message_id = str(uuid.uuid4())
    connection.executemany(
        "UPDATE reading SET message_id = ? WHERE reading_id = ?", [(message_id, each) for each in reading_ids]
    )
    return message_id


def _rows(connection: sqlite3.Connection, message_id: str) -> list[tuple[int, bytes]]:
    return connection.execute(
        "SELECT reading_id, body FROM reading WHERE message_id = ? ORDER BY reading_id", (message_id,)
    ).fetchall()


def _load(connection: sqlite3.Connection, message_id: str) -> Sealed:
    """The report as it will be sent; a reading whose bytes have rotted on the disk must not block the others."""
    bodies: list[bytes] = []
    for reading_id, packed in _rows(connection, message_id):
        try:
            bodies.append(packing.unpack(packed))
        except zlib.error as error:
            log.error("a stored reading cannot be unpacked (%s) and is given up", error)
            connection.execute("DELETE FROM reading WHERE reading_id = ?", (reading_id,))
    return Sealed(message_id, tuple(bodies))
