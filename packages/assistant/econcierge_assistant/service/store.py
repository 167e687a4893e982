"""The service's one SQLite file: durable transactions, and a damaged file set aside so that work goes on.

WAL with synchronous FULL: what a transaction committed survives a kill and a power cut. Spool and roster share the
file, so keeping a reading and remembering that it was kept happen together or not at all.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from econcierge_assistant.service import errors, line, texts
from econcierge_printers import clock

DATABASE_NAME = "assistant.sqlite3"
LOCK_NAME = "running.lock"
SCHEMA_VERSION = 2
KEPT_DAMAGED_FILES = 3
BUSY_TIMEOUT_S = 1.5
LOG_BYTES = 4_194_304  # about a thousand pages, after which SQLite begins its log anew
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PARTS = ("", "-wal", "-shm")

_SCHEMA = """
CREATE TABLE printer (
    printer_id INTEGER PRIMARY KEY,
    serial TEXT, mac TEXT, model TEXT, hostname TEXT,
    target TEXT UNIQUE,             -- where it answered last; NULL when another device answers there now
    community TEXT NOT NULL,
    found_at TEXT NOT NULL,
    read_at TEXT,
    silent_since TEXT,
    kept_at TEXT,
    kept BLOB                       -- the last reading kept for delivery: what news is judged against
);
CREATE TABLE reading (
    reading_id INTEGER PRIMARY KEY, -- by rank, then in order: one rank lies together, so thinning frees whole pages
    message_id TEXT,                -- NULL until it is sealed into a report
    rank INTEGER NOT NULL,
    bytes INTEGER NOT NULL,         -- of its JSON
    body BLOB NOT NULL
);
CREATE INDEX reading_sealed ON reading (message_id) WHERE message_id IS NOT NULL;
CREATE TABLE refused (
    message_id TEXT PRIMARY KEY,
    refused_at TEXT NOT NULL,
    sentence TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# From each version to the next; a new file goes the same way, so that both end alike.
_CHANGES = {
    0: _SCHEMA,
    1: """
ALTER TABLE printer ADD COLUMN snmp_user TEXT NOT NULL DEFAULT '';
ALTER TABLE printer ADD COLUMN ipp_uri TEXT;
""",
}

log = logging.getLogger(__name__)


class Store:
    """One connection behind a lock: the event loop's worker threads take turns."""

    def __init__(self, *, data: Path, now: clock.Clock) -> None:
        self._path = data / DATABASE_NAME
        self._now = now
        self._lock = threading.RLock()
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise _unusable(self._path, error) from error
            self._set_aside(error)
            self._connection = self._open()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is durable when this returns, or has not happened; raises `StoreDamaged` once."""
        with self._lock:
            try:
                with _immediate(self._connection):
                    yield self._connection
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._connection.close()
                name = self._set_aside(error)
                self._connection = self._open()
                raise errors.StoreDamaged(texts.said("spool_damaged", names=name)) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        self._make_private()
        connection = connect(self._path)
        try:
            _prepare(connection, self._path)
        except (sqlite3.DatabaseError, errors.StoreUnusable):
            connection.close()
            raise
        return connection

    def _make_private(self) -> None:
        """Owner only from the first byte: SQLite gives its log and index the mode of the file itself."""
        with contextlib.suppress(OSError):  # it is there already, or SQLite says what is wrong with the folder
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        for part in _PARTS:
            with contextlib.suppress(OSError):  # none yet, or a file system without modes
                self._path.with_name(DATABASE_NAME + part).chmod(0o600)

    def _set_aside(self, error: sqlite3.DatabaseError) -> str:
        stem = f"{DATABASE_NAME}.damaged-{self._now():%Y%m%dT%H%M%SZ}"
        name, count = stem, 1
        while (self._path.parent / name).exists():
            count += 1
            name = f"{stem}-{count}"
        for part in _PARTS:
            source = self._path.with_name(DATABASE_NAME + part)
            if source.exists():
                source.replace(self._path.with_name(name + part))
        log.error("The spool is damaged (%s): set aside as %s, starting a fresh one.", error, name)
        self._forget_old_damage()
        return name

    def _forget_old_damage(self) -> None:
        """A failing disk must not fill itself with broken copies: only the newest few are kept."""
        found = damaged_files(self._path.parent)
        for path in sorted(found, key=lambda p: p.stat().st_mtime_ns)[:-KEPT_DAMAGED_FILES]:
            for part in _PARTS:
                path.with_name(path.name + part).unlink(missing_ok=True)


def damaged_files(data: Path) -> list[Path]:
    """Databases that were set aside, by name, which tells when."""
    found = data.glob(f"{DATABASE_NAME}.damaged-*")
    return sorted(path for path in found if not path.name.endswith(_PARTS[1:]))


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)


def connect_read_only(path: Path) -> sqlite3.Connection:
    """For `status` and `doctor`, beside a running service."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S)


def used_bytes(connection: sqlite3.Connection) -> int:
    """Bytes in use: free pages are room for what comes next, so they do not count against the cap."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def set_fact(connection: sqlite3.Connection, *, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Told apart from a full disk or a busy file, which pass."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and (code & 0xFF) in _DAMAGE


def lock_folder(data: Path) -> sqlite3.Connection:
    """Held for as long as the service runs, released by the system when it dies; works on every system alike."""
    connection = sqlite3.connect(data / LOCK_NAME, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise errors.AlreadyRunning(texts.said("already_running", folder=data)) from error
    return connection


def make_folder(data: Path) -> None:
    """Owner only: it holds the token and the communities."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise errors.StoreUnusable(texts.said("folder_not_made", folder=data, reason=line.explain(error))) from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise errors.StoreUnusable(texts.said("folder_not_writable", folder=data))


@contextlib.contextmanager
def _immediate(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # the first error is the one to tell
            connection.execute("ROLLBACK")
        raise


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
    connection.execute("PRAGMA cache_size = -1024")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        damage = sqlite3.DatabaseError(str(verdict))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise errors.StoreUnusable(texts.said("spool_of_newer", path=path))
    if version < SCHEMA_VERSION:
        with _immediate(connection):
            for known in range(version, SCHEMA_VERSION):
                _change(connection, _CHANGES[known])
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _change(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _unusable(path: Path, error: sqlite3.DatabaseError) -> errors.StoreUnusable:
    return errors.StoreUnusable(texts.said("spool_not_opened", path=path, reason=error))
