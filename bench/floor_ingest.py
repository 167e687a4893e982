"""The floor of taking reports in: a bare WSGI application that keeps what it gets with one commit a request.

No tenants, no duplicates, no printers, no alerts: unpack, parse, insert, commit, answer.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import psycopg

DATABASE_VARIABLE = "BENCH_DATABASE_URL"
TABLE = "CREATE TABLE bench_floor (id bigserial PRIMARY KEY, target text, read_at timestamptz, reading jsonb)"
INSERT = """
    INSERT INTO bench_floor (target, read_at, reading)
    SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::jsonb[])
"""
OK = b'{"accepted": 1}'
_kept: list[psycopg.Connection[Any]] = []  # one connection a process


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        _keep(msgspec.json.decode(gzip.decompress(body))["readings"])
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(OK)))])
    return [OK]


def _keep(readings: list[dict[str, Any]]) -> None:
    """Answers come after the commit, so they mean durable."""
    if not _kept:
        _kept.append(psycopg.connect(os.environ[DATABASE_VARIABLE]))
    with _kept[0].transaction():
        columns = [[one["target"] for one in readings], [one["read_at"] for one in readings]]
        _kept[0].execute(INSERT, [*columns, [msgspec.json.encode(one).decode() for one in readings]])
