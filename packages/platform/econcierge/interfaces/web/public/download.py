"""The Supplies Assistant to download, and the signed metadata that installed ones check their updates by."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from econcierge.core.errors import NotFound

CHANNEL = "targets/channels/stable.json"
MOST_METADATA_BYTES = 1_000_000


class Offered(msgspec.Struct, frozen=True):
    file: str
    length: int
    sha256: str


class Channel(msgspec.Struct, frozen=True):
    """What is offered now, by system; written by whoever signs the release."""

    format: int
    version: str
    files: dict[str, Offered]
    published_on: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """How to know it from what a browser says of itself, and what its installer is called."""

    key: str  # as the channel's file names it
    name: Any
    words: tuple[str, ...]  # in a User-Agent


SYSTEMS = (
    System("windows-amd64-exe", _("Windows 10 and newer"), ("windows",)),
    System("macos-universal-pkg", _("macOS 12 and newer"), ("mac os", "macintosh")),
    System("linux-amd64-deb", _("Debian, Ubuntu and their kin (64 bits)"), ("linux", "x11")),
)


@dataclass(frozen=True, slots=True)
class Offer:
    system: System
    offered: Offered
    is_yours: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The right file for the visitor's system first, with its checksum; none there yet is said."""
    channel = _channel()
    agent = request.headers.get("User-Agent", "").lower()
    is_phone = any(word in agent for word in ("android", "iphone", "ipad"))
    offers = [] if channel is None else _offers(channel, "" if is_phone else agent)
    context = {"channel": channel, "offers": offers, "yours": next((one for one in offers if one.is_yours), None)}
    return render(request, "public/download.html", context)


def _offers(channel: Channel, agent: str) -> list[Offer]:
    """In our order; a file that is not there is not offered."""
    yours = next((system.key for system in SYSTEMS if any(word in agent for word in system.words)), "")
    return [
        Offer(system, channel.files[system.key], system.key == yours)
        for system in SYSTEMS
        if system.key in channel.files and _path(f"targets/{channel.files[system.key].file}").is_file()
    ]


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files of the present release."""
    channel = _channel()
    if channel is None or name not in {one.file for one in channel.files.values()}:
        raise NotFound(_("There is no such file."))
    return _sent(f"targets/{name}", as_attachment=True)


@require_safe
def update(request: HttpRequest, path: str) -> HttpResponse:
    """`/updates/metadata/…` and `/updates/targets/…` as they lie in the folder; signed, so nothing is to be hidden."""
    if not path.startswith(("metadata/", "targets/")):
        raise NotFound(_("There is no such file."))
    return _sent(path)


def _channel() -> Channel | None:
    try:
        return msgspec.json.decode(_path(CHANNEL).read_bytes()[:MOST_METADATA_BYTES], type=Channel)
    except (OSError, msgspec.DecodeError):
        return None


def _path(name: str) -> Path:
    """Below the folder of releases and nowhere else. Raises `NotFound`."""
    root = Path(settings.RELEASES_DIR).resolve()
    found = (root / name.replace("\0", "")).resolve()
    if not found.is_relative_to(root) or "\0" in name:
        raise NotFound(_("There is no such file."))
    return found


def _sent(name: str, *, as_attachment: bool = False) -> HttpResponse:
    found = _path(name)
    if not found.is_file():
        raise NotFound(_("There is no such file."))
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    answer = FileResponse(found.open("rb"), as_attachment=as_attachment, filename=found.name, content_type=kind)
    # Metadata is asked for anew each time; a target's name is never used twice.
    answer["Cache-Control"] = "no-cache" if name.endswith(".json") else "public, max-age=3600"
    return answer
