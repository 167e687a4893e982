"""Writes econcierge.ico from the product's own sign: four bars, as on the supply page. `python make_icon.py FILE`."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

PAPER, BARS = (0xFB, 0xFA, 0xF7), ((0x1B, 0x1A, 0x17), (0x00, 0x84, 0xB4), (0xB8, 0x24, 0x7A), (0xF2, 0xC5, 0x00))
LENGTHS = (22, 16, 19, 9)  # of 32, as in econcierge.svg
SIZES = (16, 32, 48)


def main(argv: list[str]) -> int:
    images = [picture(size) for size in SIZES]
    offset = 6 + 16 * len(images)
    head, entries = struct.pack("<HHH", 0, 1, len(images)), b""
    for size, image in zip(SIZES, images, strict=True):
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    Path(argv[0]).write_bytes(head + entries + b"".join(images))
    return 0


def picture(size: int) -> bytes:
    """A 32-bit device-independent bitmap, its rows from the bottom up, and the mask that old readers want."""
    rows = b"".join(row(size, y) for y in reversed(range(size)))
    mask = bytes((size + 31) // 32 * 4 * size)
    return struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, len(rows), 0, 0, 0, 0) + rows + mask


def row(size: int, y: int) -> bytes:
    return b"".join(bytes((*reversed(colour(x * 32 / size, y * 32 / size)), 255)) for x in range(size))


def colour(x: float, y: float) -> tuple[int, int, int]:
    for number, (bar, length) in enumerate(zip(BARS, LENGTHS, strict=True)):
        if 5 <= x < 5 + length and 6 + 6 * number <= y < 10 + 6 * number:
            return bar
    return PAPER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
