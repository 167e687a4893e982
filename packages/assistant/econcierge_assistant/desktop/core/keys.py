"""Keys that make one wish one order: random UUIDs, without the library of that name, which costs half a megabyte."""

from __future__ import annotations

import os


def new() -> str:
    """A UUID of version 4 (RFC 9562, section 5.4)."""
    data = bytearray(os.urandom(16))
    data[6] = data[6] & 0x0F | 0x40
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
