"""Asks the service that runs on this computer how it is, as the desktop does; for `status` and `pair`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from econcierge_assistant.service import errors, face, line

TIMEOUT_S = 2.0


def status(*, data: Path, environment: Mapping[str, str]) -> dict[str, Any] | None:
    """What `GET /v1/status` answers; None when no service runs over this folder or it does not answer."""
    answers = (_asked(path) for path in face.places_for(data=data, environment=environment))
    return next((answer for answer in answers if answer is not None), None)


def _asked(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        here = line.Line(server=line.Server("127.0.0.1", int(found["port"]), tls=False), timeout_s=TIMEOUT_S)
        answer = here.ask("GET", "/v1/status", headers={"Authorization": f"Bearer {found['key']}"})
    except (OSError, ValueError, KeyError, TypeError, errors.Trouble):
        return None
    return line.json_object(answer.body) if answer.status == 200 else None
