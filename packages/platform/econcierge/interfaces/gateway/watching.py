"""`/gateway/v1/settings` and `/gateway/v1/heartbeat`: what an assistant is told, and what it says of itself."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from econcierge.accounts import scoping
from econcierge.core import clock
from econcierge.fleet import assistants, rules, site_settings
from econcierge.fleet.models import Assistant, Command
from econcierge.fleet.types import CommandKind, Heartbeat, WatchSettings
from econcierge.interfaces.gateway import answers, bodies, moments, who
from econcierge.interfaces.shared import pace, typed

MOST_BYTES = 100_000
MOST_PROBLEMS = 20
NEXT_S = 60  # how soon somebody's "read now" reaches a computer that has nothing else to do
NEXT_WHILE_ASKED_S = 10
PACE = pace.Pace(per_second=1, burst=60)

Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class Problem(msgspec.Struct, frozen=True):
    code: str = ""
    text: str = ""


class Said(msgspec.Struct, frozen=True):
    """A heartbeat as it comes; fields that are not known are left alone."""

    format: Annotated[int, msgspec.Meta(ge=1)]
    version: str = ""
    host: str = ""
    waiting: Count = 0
    at: datetime | None = None  # by its own clock
    oldest_waiting_at: datetime | None = None
    printers: Count = 0
    silent: Count = 0
    settings_version: Count = 0
    problems: list[Problem] = []
    done: list[UUID] = []


@csrf_exempt
def watch_settings(request: HttpRequest) -> HttpResponse:
    """How to find and read the printers of the site; 304 while nothing changed."""
    if request.method not in ("GET", "HEAD"):
        return answers.error(405, "", "settings are asked for with GET", Allow="GET, HEAD")
    try:
        assistant = who.assistant(request)
    except who.NotKnown as unknown:
        return answers.not_known(unknown)
    if wait_s := PACE.wait_s(assistant.pk):
        return answers.too_many(wait_s)
    with scoping.transaction_as(who.scope(assistant)):
        found = site_settings.of_site(assistant.site)
    told = _told(assistant, found)
    tag = f'"{found.version}-{_fingerprint(told)}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return JsonResponse(told, headers={"ETag": tag, "Cache-Control": "private, no-cache"})


def _told(assistant: Assistant, found: WatchSettings) -> dict[str, Any]:
    """No ranges of ours: the key is left out, and the computer looks where it stands."""
    told: dict[str, Any] = {
        "version": found.version,
        "interval_s": found.interval_s,
        "near_empty_interval_s": found.near_empty_interval_s,
        "night_interval_s": found.night_interval_s,
        "night_from": f"{found.night_from:%H:%M}",
        "night_to": f"{found.night_to:%H:%M}",
        "time_zone": settings.TIME_ZONE,
        "discovery_at": f"{found.discovery_at:%H:%M}",
        "discover": found.discover,
        "methods": list(found.methods),
        "deny": list(found.deny),
        "heartbeat_h": found.heartbeat_h,
        "site": {"slug": assistant.site.slug, "name": assistant.site.name},
        "customer": {"name": assistant.customer.name},
        "language": assistant.customer.language,
    }
    return told | ({"ranges": list(found.ranges)} if found.ranges else {})


def _fingerprint(told: dict[str, Any]) -> str:
    """Names and languages change without a new version of the settings."""
    return f"{zlib.crc32(msgspec.json.encode(told)):08x}"


@csrf_exempt
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Keeps what the computer says of itself; answers what it is asked to do."""
    if request.method != "POST":
        return answers.error(405, "", "a heartbeat is sent with POST", Allow="POST")
    try:
        assistant = who.assistant(request)
        if wait_s := PACE.wait_s(assistant.pk):
            return answers.too_many(wait_s)
        now = clock.now()
        said = _said(bodies.unpacked(request, most=MOST_BYTES, most_unpacked=MOST_BYTES), now=now)
    except who.NotKnown as unknown:
        return answers.not_known(unknown)
    except bodies.Refused as refused:
        return answers.error(refused.status, refused.field, refused.reason)
    with scoping.transaction_as(who.scope(assistant)):
        assistants.note_heartbeat(assistant=assistant, said=said, now=now)
        waiting = assistants.waiting_commands(assistant=assistant)
        version = site_settings.version_of(site_id=assistant.site_id)
    return JsonResponse(_answer(waiting, version=version, now=now))


def _said(body: bytes, *, now: datetime) -> Heartbeat:
    try:
        said = msgspec.json.decode(body, type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bodies.Refused(400, "", f"this is no heartbeat: {error}") from None
    return Heartbeat(
        version=typed.printable(said.version)[:40],
        host=typed.printable(said.host)[:120],
        waiting=said.waiting,
        oldest_waiting_at=_oldest(said, now=now),
        printers=said.printers,
        silent=said.silent,
        settings_version=said.settings_version,
        problems=tuple(
            (typed.printable(one.code)[:40], typed.printable(one.text)[:300]) for one in said.problems[:MOST_PROBLEMS]
        ),
        done=tuple(said.done[:100]),
    )


def _oldest(said: Said, *, now: datetime) -> datetime | None:
    """By our clock, when what waits longest was read. Raises `Refused`."""
    oldest = moments.as_utc(said.oldest_waiting_at, field="oldest_waiting_at")
    skew = rules.clock_skew(said_now=moments.as_utc(said.at, field="at"), now=now)
    if oldest is not None:
        oldest = rules.by_our_clock(moment=oldest, skew=skew, now=now)
    return moments.plausible(oldest, field="oldest_waiting_at", now=now)


def _answer(waiting: list[Command], *, version: int, now: datetime) -> dict[str, Any]:
    reads = [one for one in waiting if one.kind == CommandKind.READ]
    searches = [one for one in waiting if one.kind == CommandKind.DISCOVER]
    return {
        "server_time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "settings_version": version,
        "read_now": [{"command_id": str(one.pk), "targets": one.targets} for one in reads],
        "discover_now": [{"command_id": str(one.pk)} for one in searches],
        "next_in_s": NEXT_WHILE_ASKED_S if waiting else NEXT_S,
    }
