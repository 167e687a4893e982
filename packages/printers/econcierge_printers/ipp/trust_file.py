"""Remembered certificates in a JSON file: `{"host:port": "sha-256 in hexadecimal"}`; a person may edit it."""

from __future__ import annotations

import json
from pathlib import Path

from econcierge_printers.errors import PrinterError


class FileTrust:
    """Reads the file once, writes it at each new certificate. Raises `PrinterError` naming the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fingerprints = _read(path)

    def fingerprint(self, device: str) -> str | None:
        return self._fingerprints.get(device)

    def remember(self, device: str, fingerprint: str) -> None:
        self._fingerprints[device] = fingerprint
        draft = self._path.with_name(f"{self._path.name}.new")
        try:
            draft.write_text(json.dumps(self._fingerprints, indent=1, sort_keys=True) + "\n")
            draft.replace(self._path)
        except OSError as error:
            raise _broken(self._path, error.strerror or str(error)) from error


def _read(path: Path) -> dict[str, str]:
    try:
        loaded = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _broken(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise _broken(path, f"is not JSON: {error}") from error
    if not isinstance(loaded, dict) or not all(isinstance(value, str) for value in loaded.values()):
        raise _broken(path, "is not an object of fingerprints")
    return loaded


def _broken(path: Path, reason: str) -> PrinterError:
    return PrinterError(str(path), "trust", reason, permanent=True)
