"""The project's own responder on many addresses: `python -m bench.own_farm PORT FILE`, one address a line."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from econcierge_virtual.printers import agent, fleet, living, mib, responder


async def answer(*, port: int, hosts: list[str]) -> int:
    """Until SIGTERM; gives back how many questions there were. All hosts show the first printer of the demo."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    spec = fleet.default_fleet()[0]
    view = agent.TableView(mib.table(spec, living.first_state(spec, at=datetime(2026, 11, 23, 12, tzinfo=UTC))))
    async with contextlib.AsyncExitStack() as stack:
        answering = []
        for host in hosts:
            one = await responder.listen(address=host, port=port, source=lambda: view)
            stack.push_async_callback(one.close)
            answering.append(one)
        await stop.wait()
    return sum(one.asked for one in answering)


def main() -> None:
    hosts = Path(sys.argv[2]).read_text().split()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, len(hosts) + 100), most))
    asked = asyncio.run(answer(port=int(sys.argv[1]), hosts=hosts))
    sys.stderr.write(f"requests={asked}\n")


if __name__ == "__main__":
    main()
