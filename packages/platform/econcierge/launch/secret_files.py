"""Secrets that a machine makes for itself: a file each, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_create(directory: Path, name: str) -> str:
    """The secret called `name`, made at random (256 bits) the first time."""
    path = directory / name
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def _write(path: Path, secret: str) -> None:
    """Written beside and linked into place: never half there, and whoever was first stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
