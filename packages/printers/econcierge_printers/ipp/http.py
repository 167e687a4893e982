"""Just enough HTTP/1.1 (RFC 9112) for IPP: one POST, its answer with a length, in chunks, or up to the end.

Over asyncio streams; sizes are capped, and whatever the other end says gives an `Answer` or one `HttpError`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from econcierge_printers.errors import PrinterError

MAX_BODY_OCTETS = 4 * 1024 * 1024
MAX_HEAD_OCTETS = 32 * 1024
_MAX_INTERIM_ANSWERS = 5
_MAX_CHUNK_LINE_OCTETS = 1_024
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\Z")
_TLS_ALERT = b"\x15\x03"  # RFC 8446 section 5.1
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{1,8}\Z")


class HttpError(PrinterError):
    """What is not the HTTP we know, or more of it than is sane."""

    def __init__(self, reason: str, *, perhaps_tls: bool = False) -> None:
        super().__init__("message", "HTTP", reason, permanent=True)
        self.perhaps_tls = perhaps_tls  # closed at once, or answered with an alert of TLS


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case; of a repeated one the last
    body: bytes


def post(*, authority: str, path: str, body: bytes) -> bytes:
    """The octets of a request. `authority` and `path` must be free of white space."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/ipp\r\n"
        f"Content-Length: {len(body)}\r\nAccept: application/ipp\r\nUser-Agent: econcierge\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """The final answer; interim ones (1xx) are passed over. Raises `HttpError`; the caller limits the time."""
    for _ in range(_MAX_INTERIM_ANSWERS):
        status, headers = _parse_head(await _read_head(reader))
        if status >= 200:
            return Answer(status, headers, await _read_body(reader, status, headers))
    raise HttpError("nothing but interim answers")


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    head = b""
    while len(head) <= MAX_HEAD_OCTETS:
        line = await _read_line(reader, is_first=not head)
        if line.strip(b"\r\n"):
            head += line
        elif head:
            return head
    raise HttpError(f"a head of more than {MAX_HEAD_OCTETS} octets")


async def _read_line(reader: asyncio.StreamReader, *, is_first: bool = False) -> bytes:
    try:
        line = await reader.readline()
    except ValueError:
        raise HttpError("a line that does not end") from None
    if not line.endswith(b"\n"):
        if is_first and (not line or line.startswith(_TLS_ALERT)):
            raise HttpError("closed without an answer", perhaps_tls=True)
        raise HttpError("cut short within its head")
    return line


def _parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    lines = [line.rstrip(b"\r") for line in head.split(b"\n")]
    found = _STATUS_LINE.match(lines[0])
    if found is None:
        raise HttpError("a first line that is not HTTP")
    pairs = (line.decode("latin-1").partition(":") for line in lines[1:] if line)
    return int(found[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _read_body(reader: asyncio.StreamReader, status: int, headers: Mapping[str, str]) -> bytes:
    if status in (204, 304):
        return b""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return await _read_chunks(reader)
    length = headers.get("content-length")
    if length is None:
        return await _read_to_end(reader)
    if not (length.isascii() and length.isdigit() and len(length) < 12):
        raise HttpError("a length that is no number")
    return await _read_exactly(reader, int(length))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    """RFC 9112 section 7.1; extensions and trailers are passed over."""
    body = bytearray()
    while True:
        line = await _read_line(reader)
        size = line.partition(b";")[0].strip()
        if len(line) > _MAX_CHUNK_LINE_OCTETS or not _HEXADECIMAL.match(size):
            raise HttpError("a chunk without a size")
        if int(size, 16) == 0:
            return bytes(body)
        _check_size(len(body) + int(size, 16))
        body += await _read_exactly(reader, int(size, 16))
        if (await _read_line(reader)).strip():
            raise HttpError("a chunk longer than its size")


async def _read_to_end(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while part := await reader.read(65_536):
        body += part
        _check_size(len(body))
    return bytes(body)


async def _read_exactly(reader: asyncio.StreamReader, octets: int) -> bytes:
    _check_size(octets)
    try:
        return await reader.readexactly(octets)
    except asyncio.IncompleteReadError:
        raise HttpError("cut short within its body") from None


def _check_size(octets: int) -> None:
    if octets > MAX_BODY_OCTETS:
        raise HttpError(f"a body of more than {MAX_BODY_OCTETS} octets")
