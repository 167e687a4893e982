"""Which release is newer, and which of its files fits a system. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from econcierge_assistant.updates.types import Offer, Release, ReleaseFile, Trouble, UpdateError

_VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){1,3}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~-]{0,199}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers; trailing zeros do not count. `UpdateError` where it is none."""
    if not _VERSION.fullmatch(version):
        raise UpdateError(Trouble.NOT_UNDERSTOOD, f"version {version[:40]!r}")
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def system_key(*, platform: str, machine: str) -> str:
    """The key under `files` for `sys.platform` and `platform.machine()`."""
    kind = _MACHINES.get(machine.lower(), machine.lower())
    if platform == "win32":
        return f"windows-{kind}-exe"
    if platform == "darwin":
        return "macos-universal-pkg"
    return f"linux-{kind}-deb"


def release_from_json(data: bytes) -> Release:
    """The channel file; any bytes give a release or one `UpdateError`."""
    try:
        content = json.loads(data)
        if content["format"] != 1:
            raise UpdateError(Trouble.NOT_UNDERSTOOD, f"format {content['format']!r}")
        files = {str(key): _file(value) for key, value in content["files"].items()}
        version = str(content["version"])
        version_key(version)
        return Release(version, str(content["published_on"])[:10], files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UpdateError(Trouble.NOT_UNDERSTOOD, f"the channel file: {error}") from None


def offer(*, release: Release, installed: str, system: str) -> Offer | None:
    """What to install; None when this is the newest. An older version is never offered, whoever signed it."""
    if version_key(release.version) <= version_key(installed):
        return None
    file = release.files.get(system)
    if file is None:
        raise UpdateError(Trouble.NOT_FOR_THIS_SYSTEM, system)
    return Offer(release.version, release.published_on, file)


def _file(value: Any) -> ReleaseFile:
    file = ReleaseFile(value["file"], value["length"], value["sha256"])
    well = (
        isinstance(file.file, str)
        and bool(_FILE_NAME.fullmatch(file.file))
        and isinstance(file.length, int)
        and file.length > 0
        and isinstance(file.sha256, str)
        and bool(_SHA256.fullmatch(file.sha256))
    )
    if not well:
        raise UpdateError(Trouble.NOT_UNDERSTOOD, "a file of the channel")
    return file
