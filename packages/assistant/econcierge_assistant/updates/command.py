"""`econcierge-assistant update`: one run of looking, checking and installing; exit status 0 done, 1 not."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import econcierge_assistant
from econcierge_assistant.updates import client, installing, rules, texts
from econcierge_assistant.updates.types import Offer, Trouble, UpdateError


def run(*, server: str, kept_in: Path, language: str, check_only: bool, root_file: Path | None = None) -> int:
    """`server` is the paired platform's address; speaks `language` (en, fr).

    `kept_in` holds trusted metadata and fetched installers: only who installs may be able to write there.
    """
    facts = {"server": server, "installed": econcierge_assistant.__version__, "version": "", "published_on": ""}
    try:
        root = client.built_in_root() if root_file is None else _read(root_file)
        channel = client.Channel(server=server, kept_in=kept_in, root=root)
        found = _offer(channel, installed=facts["installed"])
        if found is None:
            _say(texts.said("newest", language=language, **facts))
            return 0
        facts |= {"version": found.version, "published_on": found.published_on}
        if check_only:
            _say(texts.said("available", language=language, **facts))
            return 0
        installing.install(file=channel.fetch(found), version=found.version)
    except UpdateError as error:
        _say(texts.trouble(error.trouble, language=language, detail=error.detail, **facts))
        return 1
    _say(texts.said("installed", language=language, **facts))
    return 0


def _offer(channel: client.Channel, *, installed: str) -> Offer | None:
    system = rules.system_key(platform=sys.platform, machine=platform.machine())
    return rules.offer(release=channel.release(), installed=installed, system=system)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UpdateError(Trouble.CANNOT_KEEP, f"{file}: {error.strerror}") from None


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
