"""Readings that come late, put where they belong in a slot's history."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from econcierge.supplies.models import LevelChange

# A row of history holds until the next one, so a late reading that says what the row before it says is no news. It
# belongs to the cartridge that was there then; of a time before the slot's first cartridge nothing is kept.
_INSERT = """
INSERT INTO supplies_levelchange
    (customer_id, slot_id, cartridge_id, at, state, percent, raw_level, raw_capacity, pages_total)
SELECT late.customer_id, late.slot_id, stay.id, late.at, late.state, late.percent, late.raw_level, late.raw_capacity,
    before.pages_total
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[], %s::numeric[], %s::bigint[], %s::bigint[])
    AS late (customer_id, slot_id, at, state, percent, raw_level, raw_capacity)
JOIN supplies_cartridge stay ON stay.slot_id = late.slot_id AND stay.installed_at <= late.at
    AND (stay.removed_at IS NULL OR stay.removed_at > late.at)
JOIN LATERAL (
    SELECT * FROM supplies_levelchange earlier
    WHERE earlier.slot_id = late.slot_id AND earlier.at <= late.at ORDER BY earlier.at DESC LIMIT 1
) before ON (before.state, before.percent, before.raw_level, before.raw_capacity)
    IS DISTINCT FROM (late.state, late.percent, late.raw_level, late.raw_capacity)
ON CONFLICT DO NOTHING
"""
_COLUMNS = ("customer_id", "slot_id", "at", "state", "percent", "raw_level", "raw_capacity")


def insert_late(*, levels: Sequence[LevelChange]) -> None:
    """One statement; `levels` are of known slots, their `slot` saved."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [[getattr(level, name) for level in levels] for name in _COLUMNS])
