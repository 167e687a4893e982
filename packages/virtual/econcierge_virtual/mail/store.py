"""Caught messages in a SQLite file; the oldest go when there are too many."""

from __future__ import annotations

import email
import email.policy
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

KEPT_MESSAGES = 2000
SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    source BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_message_id ON messages (message_id);
"""
LIST_COLUMNS = """
number, received_at, sender, recipients, message_id, subject,
(SELECT count(*) FROM messages AS same WHERE same.message_id = messages.message_id AND messages.message_id <> '')
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list. `recipients` are those of the envelope; `copies` how often its Message-ID was caught."""

    number: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    subject: str
    copies: int

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "received_at": self.received_at.isoformat(),
            "from": self.sender,
            "to": list(self.recipients),
            "message_id": self.message_id,
            "subject": self.subject,
            "copies": self.copies,
        }


@dataclass(frozen=True, slots=True)
class Caught:
    """A whole message."""

    summary: Summary
    source: bytes
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    attachments: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            **self.summary.to_json(),
            "headers": [list(header) for header in self.headers],
            "text": self.text,
            "html": self.html,
            "attachments": list(self.attachments),
        }


class MailStore:
    """Every method leaves the file committed."""

    def __init__(self, path: Path, *, kept: int = KEPT_MESSAGES) -> None:
        self._kept = kept
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def add(self, *, sender: str, recipients: list[str], source: bytes, at: datetime) -> int:
        message = _parsed(source)
        cursor = self._connection.execute(
            "INSERT INTO messages (received_at, sender, recipients, message_id, subject, source)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                at.astimezone(UTC).isoformat(),
                sender,
                "\n".join(recipients),
                str(message.get("Message-ID", "")).strip(),
                str(message.get("Subject", "")).strip(),  # a folded header begins on its second line
                source,
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._connection.execute("DELETE FROM messages WHERE number <= ?", (number - self._kept,))
        return number

    def summaries(self, *, recipient: str = "", limit: int = 200) -> list[Summary]:
        """Newest first; `recipient` is any part of an address."""
        rows = self._connection.execute(
            f"SELECT {LIST_COLUMNS} FROM messages"  # noqa: S608 (columns are a constant)
            " WHERE instr(lower(recipients), ?) ORDER BY number DESC LIMIT ?",
            (recipient.strip().lower(), limit),
        )
        return [_summary(row) for row in rows]

    def get(self, number: int) -> Caught | None:
        row = self._connection.execute(
            f"SELECT {LIST_COLUMNS}, source FROM messages WHERE number = ?",  # noqa: S608
            (number,),
        ).fetchone()
        if row is None:
            return None
        *facts, source = row
        message = _parsed(source)
        return Caught(
            summary=_summary(tuple(facts)),
            source=source,
            headers=tuple((name, str(value).strip()) for name, value in message.items()),
            text=_part(message, "plain"),
            html=_part(message, "html"),
            attachments=tuple(part.get_filename() or "" for part in message.iter_attachments()),
        )

    def clear(self) -> None:
        self._connection.execute("DELETE FROM messages")


def _parsed(source: bytes) -> EmailMessage:
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _part(message: EmailMessage, kind: str) -> str | None:
    """The body of a kind; undecodable bytes are replaced, an unknown character set is read as UTF-8."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    try:
        return octets.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return octets.decode("utf-8", "replace")


def _summary(row: tuple[Any, ...]) -> Summary:
    number, received_at, sender, recipients, message_id, subject, copies = row
    return Summary(
        number=number,
        received_at=datetime.fromisoformat(received_at),
        sender=sender,
        recipients=tuple(recipients.splitlines()),
        message_id=message_id,
        subject=subject,
        copies=max(1, copies),
    )
