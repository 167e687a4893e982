"""The monitoring service on this computer: where it listens."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from econcierge_assistant.desktop.core import fields

VARIABLE = "ECONCIERGE_LOCAL_FACE"
NAME = "local.json"


@dataclass(frozen=True, slots=True)
class Face:
    """Where the service answers on this computer, and the key that it wants."""

    port: int
    key: str = field(repr=False)


def places(*, environment: Mapping[str, str], platform: str = sys.platform, home: Path | None = None) -> list[Path]:
    """Where the service may have written its address: a person's own first, then an installed one's."""
    if named := environment.get(VARIABLE):
        return [Path(named)]
    own = home or Path.home()
    if platform == "win32":
        local = Path(environment.get("LOCALAPPDATA", str(own)))
        common = Path(environment.get("PROGRAMDATA", r"C:\ProgramData"))
        return [local / "econcierge-assistant" / NAME, common / "econcierge-assistant" / NAME]
    if platform == "darwin":
        support = Path("Library") / "Application Support" / "econcierge-assistant" / NAME
        return [own / support, Path("/") / support]
    state = Path(environment.get("XDG_STATE_HOME", str(own / ".local" / "state")))
    return [state / "econcierge-assistant" / NAME, Path("/run/econcierge-assistant") / NAME]


def find(candidates: Iterable[Path]) -> Face | None:
    """The first that can be read; a file that is damaged or not ours is as good as none."""
    return next((found for path in candidates if (found := _read(path)) is not None), None)


def _read(path: Path) -> Face | None:
    try:
        said = fields.mapping(json.loads(path.read_text(encoding="utf-8")[:65_536]))
        port, key = fields.count(said, "port"), fields.key(said, "key")
    except (OSError, ValueError, RecursionError, fields.Unreadable):
        return None
    return Face(port=port, key=key) if 0 < port < 65_536 and key.isascii() and key.isprintable() else None
