"""Where to ask: `host`, `host:port`, `[IPv6]` or `[IPv6]:port`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

SNMP_PORT = 161
_MAX_HOST_CHARACTERS = 253  # RFC 1035 section 2.3.4


@dataclass(frozen=True, slots=True)
class Target:
    """A host name or an address (IPv6 without brackets) and a UDP port."""

    host: str
    port: int = SNMP_PORT

    def __str__(self) -> str:
        if self.port == SNMP_PORT:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_target(text: str) -> Target:
    """Raises ValueError with a sentence for a person."""
    stripped = text.strip()
    if stripped.startswith("["):
        host, closing, rest = stripped[1:].partition("]")
        if not closing or (rest and not rest.startswith(":")):
            raise ValueError(f"{text!r} is not host[:port]")
        port = rest.removeprefix(":")
        host = str(ipaddress.IPv6Address(host))
    elif stripped.count(":") > 1:
        host, port = str(ipaddress.IPv6Address(stripped)), ""
    else:
        host, _, port = stripped.partition(":")
    if not 0 < len(host) <= _MAX_HOST_CHARACTERS or any(c.isspace() or c == "\0" for c in host):
        raise ValueError(f"{text!r} is not host[:port]")
    return Target(host, _port(port, text) if port else SNMP_PORT)


def _port(digits: str, text: str) -> int:
    port = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 5 else 0
    if not 0 < port < 65_536:
        raise ValueError(f"{text!r} has no port between 1 and 65535")
    return port
