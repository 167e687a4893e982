"""Takes mail over SMTP (RFC 5321) and keeps it; refuses or hangs up when told to."""

from __future__ import annotations

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from econcierge_printers.clock import Clock
from econcierge_virtual.faults import Faults
from econcierge_virtual.mail.store import MailStore

FAULT_MODES = ("refuse_temporarily", "refuse_permanently", "drop")
MAX_MESSAGE_OCTETS = 10 * 1024 * 1024
HOSTNAME = "mail.catcher.test"


def new_faults() -> Faults:
    return Faults(FAULT_MODES, seconds=0)


class Catcher:
    """What aiosmtpd calls for each message. `drop` keeps the message and hangs up before saying so."""

    def __init__(self, *, store: MailStore, clock: Clock, faults: Faults) -> None:
        self._store = store
        self._clock = clock
        self._faults = faults

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._faults.take()
        if fault == "refuse_temporarily":
            return "451 4.3.0 Try again later"
        if fault == "refuse_permanently":
            return "550 5.7.1 Not wanted here"
        content = envelope.original_content or b""
        self._store.add(
            sender=envelope.mail_from or "",
            recipients=[str(recipient) for recipient in envelope.rcpt_tos],
            source=content,
            at=self._clock(),
        )
        if fault == "drop":
            server.transport.abort()
        return "250 2.0.0 Kept"


class SmtpServer:
    """Listens until closed."""

    def __init__(self, server: asyncio.Server, connections: set[SMTP]) -> None:
        self.port: int = server.sockets[0].getsockname()[1]
        self._server = server
        self._connections = connections

    async def close(self) -> None:
        self._server.close()
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.close()
        await asyncio.sleep(0)
        await self._server.wait_closed()


async def serve(*, catcher: Catcher, address: str, port: int) -> SmtpServer:
    """Take mail on `address:port` (0 picks a free one); `OSError` when the port is taken."""
    connections: set[SMTP] = set()

    def connect() -> SMTP:
        connection = SMTP(
            catcher,
            hostname=HOSTNAME,
            enable_SMTPUTF8=True,
            data_size_limit=MAX_MESSAGE_OCTETS,
            loop=asyncio.get_running_loop(),
        )
        connections.difference_update({one for one in connections if one.transport is None})
        connections.add(connection)
        return connection

    server = await asyncio.get_running_loop().create_server(connect, address, port)
    return SmtpServer(server, connections)
