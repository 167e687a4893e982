"""The Windows set-up program, by NSIS. Runs on Windows only; see docs/how-to/build-installers.md for what was tried."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

from problems import CannotBuild

import econcierge_assistant

SCRIPT = Path(__file__).resolve().parent / "setup.nsi"
_MACHINES = {"AMD64": "amd64", "ARM64": "arm64"}


def pack(*, programs: Path, out: Path, quick: bool) -> Path:
    """`programs` is what PyInstaller made; the set-up program lands in `out`."""
    makensis = shutil.which("makensis")
    if makensis is None:
        raise CannotBuild("makensis is missing: install NSIS 3 (choco install nsis).")
    version = econcierge_assistant.__version__
    machine = _MACHINES.get(platform.machine(), platform.machine().lower())
    file = out / f"econcierge-assistant_{version}_{machine}.exe"
    command = [
        makensis,
        *(["/XSetCompress off"] if quick else []),
        f"/DVERSION={version}",
        f"/DPROGRAMS={programs}",
        f"/DOUTFILE={file}",
        str(SCRIPT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotBuild(f"makensis stopped: {done.stdout.strip().splitlines()[-1] if done.stdout else ''}")
    return file
