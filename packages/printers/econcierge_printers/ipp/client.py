"""Asks one printer over IPP: finds its path, speaks HTTP or HTTPS, and gives the bytes of the answer decoded.

Only the IPP port is tried, unless a URI says otherwise: no port probes. HTTPS is used where the URI wants it or the
printer insists (426, RFC 8010 section 8.1, or a redirect to itself).
"""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from econcierge_printers.clock import Clock
from econcierge_printers.errors import PrinterError
from econcierge_printers.ipp import codec, decode, http, places, trust
from econcierge_printers.ipp.places import Place
from econcierge_printers.model import Reading
from econcierge_printers.targets import SNMP_PORT, Target

TIMEOUT_S = 10.0  # for one question, a printer waking up included
_NOT_HERE = frozenset({404, 405, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UPGRADE_REQUIRED = 426
_WANTS_PASSWORD = frozenset({401, 403})
_CLIENT_ERRORS = range(400, 500)
_IPP_NOT_FOUND = 0x0406
_NEWER, _OLDER = (2, 0), (1, 1)
_VERSION_NOT_SUPPORTED = 0x0503
_TAKEN_AMISS = frozenset({0x0400, 0x040B})  # bad request, attributes or values not supported
_ATTEMPTS = 8  # questions to one device in all: paths, versions, redirects


class _NotHere(Exception):
    """Nothing at this place: the next one may have it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Access:
    """How to ask: whose certificates are known, which port a host has that names none, whom never to ask."""

    trusted: trust.TrustStore
    port: int = places.IPP_PORT
    timeout_s: float = TIMEOUT_S
    deny: Collection[str] = ()


async def read_printer(where: Target | Place, *, access: Access, clock: Clock) -> Reading:
    """One reading of a host, whose SNMP port means `access.port`, or of a place. Raises `PrinterError`."""
    device = str(where) if isinstance(where, Target) else where.printer_uri
    if await _is_denied(where.host, access.deny):
        raise PrinterError(device, "ipp", "is on the deny list", permanent=True)
    if isinstance(where, Target):
        where_to_ask = places.usual(where.host, access.port if where.port == SNMP_PORT else where.port)
    else:
        where_to_ask = (where,)
    body = await _ask(where_to_ask, device, access)
    return decode.response(body, target=device, read_at=clock())


async def _is_denied(host: str, deny: Collection[str]) -> bool:
    """By the name given or by any address that it has."""
    if not deny or host in deny:
        return bool(deny)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False  # it cannot be asked either
    return any(str(address[0]) in deny for *_, address in found)


async def _ask(where: Sequence[Place], device: str, access: Access) -> bytes:
    """Place after place until one answers with IPP."""
    waiting = list(where)
    tried: set[Place] = set()
    reason = "no IPP"
    while waiting and len(tried) < _ATTEMPTS:
        place = waiting.pop(0)
        if place in tried:
            continue
        tried.add(place)
        try:
            answer = await _post_limited(place, device, access)
        except _NotHere as nothing:
            reason = nothing.reason
            continue
        if not isinstance(answer, Place):
            return answer
        waiting.insert(0, answer)
        reason = f"sends us to {answer.printer_uri}"
    raise PrinterError(device, "ipp", reason, permanent=True)


async def _post_limited(place: Place, device: str, access: Access) -> bytes | Place:
    try:
        async with asyncio.timeout(access.timeout_s):
            return await _post_versions(place, device, access.trusted)
    except TimeoutError:
        raise PrinterError(device, "ipp", f"no answer within {access.timeout_s:g} s") from None


async def _post_versions(place: Place, device: str, trusted: trust.TrustStore) -> bytes | Place:
    """The older version for who wants it; every attribute from who takes a list of them amiss."""
    answer = await _post(place, device, trusted, _NEWER, decode.WANTED)
    status = _ipp_status(answer) if isinstance(answer, http.Answer) else 0
    if status == _VERSION_NOT_SUPPORTED:
        answer = await _post(place, device, trusted, _OLDER, decode.WANTED)
    elif status in _TAKEN_AMISS:
        answer = await _post(place, device, trusted, _OLDER, ())
    if isinstance(answer, Place):
        return answer
    _check_status(device, answer)
    return answer.body


async def _post(
    place: Place, device: str, trusted: trust.TrustStore, version: tuple[int, int], wanted: Sequence[str]
) -> http.Answer | Place:
    """The answer, or the place to ask instead."""
    request = codec.get_printer_attributes(
        uri=place.printer_uri, wanted=wanted, request_id=1 + secrets.randbelow(2**31 - 1), version=version
    )
    reader, writer = await _connect(place, device)
    try:
        if place.secure:
            _check_certificate(place, device, writer, trusted)
        writer.write(http.post(authority=place.authority, path=place.path, body=request))
        answer = await http.read_answer(reader)
        return _moved(place, answer) or answer
    except http.HttpError as error:
        if error.perhaps_tls and not place.secure:
            return dataclasses.replace(place, secure=True)
        raise PrinterError(device, "ipp", f"answers what is not HTTP: {error.reason}", permanent=True) from error
    except OSError as error:
        raise PrinterError(device, "ipp", error.strerror or str(error)) from error
    finally:
        writer.transport.abort()  # the answer is complete or useless; printers are slow to close


async def _connect(place: Place, device: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = None
    if place.secure:
        from econcierge_printers.ipp import tls  # only who uses HTTPS pays for it

        context = tls.context()
    try:
        return await asyncio.open_connection(place.host, place.port, ssl=context)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ValueError is for names that DNS cannot have
        raise PrinterError(device, "https" if place.secure else "connect", _reason(error)) from error


def _check_certificate(place: Place, device: str, writer: asyncio.StreamWriter, trusted: trust.TrustStore) -> None:
    """Before anything is sent. Raises `trust.CertificateChanged`."""
    session = writer.get_extra_info("ssl_object")
    certificate = session.getpeercert(binary_form=True) if session is not None else None
    if not certificate:
        raise PrinterError(device, "https", "shows no certificate", permanent=True)
    trust.check(trusted, device=place.authority, certificate=certificate)


def _moved(place: Place, answer: http.Answer) -> Place | None:
    """Where the printer sends us: to HTTPS on the same port, or to another place on the same host."""
    if answer.status == _UPGRADE_REQUIRED and not place.secure:
        return dataclasses.replace(place, secure=True)
    if answer.status not in _REDIRECTS:
        return None
    location = answer.headers.get("location", "")
    if location.startswith("/"):
        location = f"{'https' if place.secure else 'http'}://{place.authority}{location}"
    try:
        moved = places.parse_uri(location)
    except ValueError:
        return None
    return moved if moved.host == place.host.lower() else None


def _ipp_status(answer: http.Answer) -> int:
    return int.from_bytes(answer.body[2:4])


def _check_status(device: str, answer: http.Answer) -> None:
    """Raises `_NotHere` where another path may do, else `PrinterError`; returns for what may be IPP."""
    if answer.status == 200:
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise _NotHere("answers with a web page")
        if _ipp_status(answer) == _IPP_NOT_FOUND:
            raise _NotHere("client-error-not-found")
        return
    if answer.status in _WANTS_PASSWORD:
        raise PrinterError(device, "ipp", f"wants a password (HTTP {answer.status})", permanent=True)
    if answer.status in _NOT_HERE or answer.status in _CLIENT_ERRORS or answer.status in _REDIRECTS:
        raise _NotHere(f"HTTP {answer.status}")
    raise PrinterError(device, "ipp", f"HTTP {answer.status}")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error)
