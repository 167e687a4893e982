"""Deletes all data (`var/`) and what tools left behind. The installation in `.venv` stays. Standard library only."""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = [".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", "dist", "build"]


def main() -> int:
    if runs():
        print("econcierge is running from this checkout. Stop it with Ctrl-C in its terminal first.", file=sys.stderr)
        return 1
    for name in ["var", *LEFT_BEHIND]:
        folder = ROOT / name
        if folder.exists():
            shutil.rmtree(folder)
            print(f"deleted {name}/")
    for cache in (ROOT / "packages").rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    return 0


def runs() -> bool:
    """Whether `make run`, or a command with the database open, holds its lock."""
    return any(held(ROOT / "var" / name) for name in ("run.lock", "postgres/lock"))


def held(lock: Path) -> bool:
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
