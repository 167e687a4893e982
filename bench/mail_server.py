"""A mail server that takes everything: `python -m bench.mail_server FOLDER`; its first line is its port.

`FOLDER/taken` gets a line a message, "seconds since 1970 Message-ID", at its 250; `FOLDER/first` the first message.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
MARK = b"\nmessage-id:"


class Taking:
    def __init__(self, folder: Path) -> None:
        self._log = (folder / "taken").open("w", buffering=1)
        self._first = folder / "first"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        if not self._first.exists():
            self._first.write_bytes(content)
        start = content.lower().find(MARK) + len(MARK)
        message_id = content[start : content.find(b"\n", start)].strip().decode()
        self._log.write(f"{time.time()} {message_id}\n")
        return "250 taken"


async def main(folder: Path) -> None:
    handler = Taking(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="bench", loop=loop), HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
