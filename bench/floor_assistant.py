"""The floor of the monitoring service's memory: bare Python with asyncio, TLS, HTTP and an open SQLite file, waiting.

`python -I floor_assistant.py DATABASE CA_FILE` says "ready" and waits for the end of its input.
"""

from __future__ import annotations

import asyncio
import http.client
import sqlite3
import ssl
import sys


async def wait() -> None:
    database, authorities = sys.argv[1:]
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    line = http.client.HTTPSConnection("127.0.0.1", 9, context=ssl.create_default_context(cafile=authorities))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    line.close()
    connection.close()


if __name__ == "__main__":
    asyncio.run(wait())
