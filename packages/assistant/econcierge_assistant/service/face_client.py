"""Asks the service that runs on this computer how it is, as the desktop does; for `status` and `pair`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, face, line
from econcierge_assistant.service.install import where

TIMEOUT_S = 2.0


def status(*, data: Path, environment: Mapping[str, str]) -> dict[str, Any] | None:
    """What `GET /v1/status` answers; None when no service runs over this folder or it does not answer."""
    try:
        found = json.loads(_file(data, environment).read_text(encoding="utf-8"))
        here = line.Line(server=line.Server("127.0.0.1", int(found["port"]), tls=False), timeout_s=TIMEOUT_S)
        answer = here.ask("GET", "/v1/status", headers={"Authorization": f"Bearer {found['key']}"})
    except (OSError, ValueError, KeyError, TypeError, errors.Trouble):
        return None
    return line.json_object(answer.body) if answer.status == 200 else None


def _file(data: Path, environment: Mapping[str, str]) -> Path:
    """That of this folder's service; the installed one writes its own where everybody finds it."""
    own = face.files_for(data=data, environment=environment)[0].path
    return own if own.exists() or data != where.installed_data() else where.shared_face()
