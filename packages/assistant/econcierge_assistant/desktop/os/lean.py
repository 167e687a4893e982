"""Giving back to the system what was needed once, at the start.

Qt's libraries are read all over while they are set up: more than half of what the process holds are pages of files
that it does not look at again. As Windows does by itself with a window that was put away, they are given back here;
those that are wanted again come from the system's cache, mostly without a look at the disk.
"""

from __future__ import annotations

import ctypes
import linecache
import sys
from collections.abc import Iterable
from pathlib import Path

_DONTNEED = 4  # MADV_DONTNEED of Linux


def give_back() -> None:
    """Pages of libraries as they lie on the disk (on Linux), and the source lines that PySide makes Python keep."""
    linecache.clearcache()
    if sys.platform == "linux":
        madvise = ctypes.CDLL(None).madvise
        with Path("/proc/self/smaps").open(encoding="utf-8", errors="replace") as lines:
            ranges = unwritten(lines)
        for start, end in ranges:
            madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONTNEED)


def unwritten(smaps: Iterable[str]) -> list[tuple[int, int]]:
    """First address and the one after the last, of what nobody can write and nobody has written in loaded libraries.

    A library that another thread is just loading lies there whole and read-only for a moment, before its writable part
    is put over it: only those count that have theirs already.
    """
    found: list[tuple[str, int, int]] = []
    loaded: set[str] = set()
    path, rights, start, end = "", "", 0, 0
    for line in smaps:
        first, _, rest = line.partition(" ")
        if not first.endswith(":"):
            start, end = (int(address, 16) for address in first.split("-"))
            rights, *_others, path = [*rest.split(maxsplit=4), ""][:5]
            if "w" in rights:
                loaded.add(path)
        elif first == "Anonymous:" and "w" not in rights and rest.split()[0] == "0":
            found.append((path, start, end))
    return [(start, end) for path, start, end in found if path.startswith("/") and path in loaded]
