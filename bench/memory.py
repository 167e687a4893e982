"""What this process holds, as Linux counts it."""

from __future__ import annotations

from pathlib import Path


def resident_mb(name: str = "VmRSS") -> float:
    """VmRSS: now; VmHWM: at most so far. In MB of 1,048,576 bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"there is no {name} in /proc/self/status")


def share_mb() -> float:
    """PSS: pages that several processes hold are counted in parts."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise OSError("there is no Pss in /proc/self/smaps_rollup")


def own_mb() -> float:
    """Without the pages of files, which other processes share and the kernel can drop: what only this one holds."""
    return resident_mb("RssAnon") + resident_mb("RssShmem")
