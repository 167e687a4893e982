"""A reading comes in: is it news? If so it goes into the spool and becomes what the next one is judged against.

Both happen in one transaction, so a reading that could not be written (a full disk, a kill) stays news.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from econcierge_assistant.service import packing, roster, rules, spool, store
from econcierge_printers import clock, model, wire

log = logging.getLogger(__name__)


class Keeper:
    def __init__(self, *, opened: store.Store, into: spool.Spool, heartbeat_every: timedelta, now: clock.Clock) -> None:
        self._store = opened
        self._spool = into
        self.heartbeat_every = heartbeat_every  # may be set anew while it works
        self._now = now

    def keep(self, readings: Sequence[model.Reading], *, told: bool = False) -> list[tuple[int, rules.Rank | None]]:
        """Store what is news, all or nothing; of each reading its printer's id and the rank it was kept at.

        What is `told` is kept in any case: somebody asked for it.
        """
        with self._store.transaction() as connection:
            return [self._keep(connection, reading, told) for reading in readings]

    def _keep(
        self, connection: sqlite3.Connection, reading: model.Reading, told: bool
    ) -> tuple[int, rules.Rank | None]:
        printer_id, _ = roster.resolve(connection, target=reading.target, said=reading.identity, now=self._now)
        silent_since, kept_at, kept = connection.execute(
            "SELECT silent_since, kept_at, kept FROM printer WHERE printer_id = ?", (printer_id,)
        ).fetchone()
        if silent_since is not None:
            log.info("the printer at %s answers again", reading.target)
        rank = rules.rank(
            rules.news(before=_unpacked(kept), after=reading),
            heartbeat_due=told
            or silent_since is not None
            or rules.heartbeat_is_due(kept_at=_moment(kept_at), now=reading.read_at, every=self.heartbeat_every),
        )
        connection.execute(
            "UPDATE printer SET read_at = ?, silent_since = NULL WHERE printer_id = ?",
            (reading.read_at.isoformat(), printer_id),
        )
        if rank is not None:
            self._spool_it(connection, printer_id, reading, rank)
        return printer_id, rank

    def _spool_it(
        self, connection: sqlite3.Connection, printer_id: int, reading: model.Reading, rank: rules.Rank
    ) -> None:
        body = json.dumps(wire.reading_to_json(reading), ensure_ascii=False, separators=(",", ":")).encode()
        connection.execute(
            "UPDATE printer SET kept_at = ?, kept = ? WHERE printer_id = ?",
            (reading.read_at.isoformat(), packing.pack(body), printer_id),
        )
        self._spool.put(connection, rank=rank, body=body)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _unpacked(kept: bytes | None) -> model.Reading | None:
    """None also for what an older version wrote otherwise: then everything is news again, which is safe."""
    if kept is None:
        return None
    try:
        return wire.reading_from_json(json.loads(packing.unpack(kept)))
    except (wire.WireError, ValueError, zlib.error):
        return None
