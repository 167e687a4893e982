"""Many rows in one statement, whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection


def update_rows(*, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Updates the columns named in `types` (column -> PostgreSQL type) of the rows with these ids.

    Each row is its id (bigint), then the values in the order of `types`. Names of tables and columns are ours,
    never a user's; jsonb values are given as JSON text.
    """
    if not rows:
        return
    columns = {"id": "bigint", **types}
    arrays = ", ".join(f"%s::{_sent_as(kind)}[]" for kind in columns.values())
    changes = ", ".join(f"{name} = given.{name}::{kind}" for name, kind in types.items())
    statement = (
        f"UPDATE {table} SET {changes} FROM unnest({arrays}) AS given ({', '.join(columns)})"  # noqa: S608
        f" WHERE {table}.id = given.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values) for values in zip(*rows, strict=True)])


def _sent_as(kind: str) -> str:
    return "text" if kind == "jsonb" else kind
