"""Where host names lead now."""

from __future__ import annotations

import asyncio
import ipaddress
import socket


async def addresses(host: str) -> tuple[str, ...]:
    """As the system finds them; empty when there are none: then it cannot be asked either."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(str(address[0]) for *_, address in found)


async def public_address(host: str) -> str:
    """The first that is on the Internet; "" when none is."""
    return next((each for each in await addresses(host) if ipaddress.ip_address(each).is_global), "")
