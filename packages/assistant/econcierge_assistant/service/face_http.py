"""Just enough HTTP/1.1 for the desktop on this computer: one request a connection, small, quick, or turned away.

Whoever sends no key, another Host (a web page that points a name of its own at 127.0.0.1) or an Origin is no desktop.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from econcierge_assistant.service import line, texts

MOST_HEAD_BYTES = 8_192
MOST_BODY_BYTES = 65_536
TIMEOUT_S = 10.0
_REASONS = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    502: "Bad Gateway",
}


class Refused(Exception):
    """A request that gets no answer but why; the connection ends."""

    def __init__(self, status: int, said: texts.Said) -> None:
        super().__init__(said.en)
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body's object; empty for no body. Raises `Refused`."""
        if not self.body:
            return {}
        found = line.json_object(self.body)
        if not found and self.body.strip() != b"{}":
            raise Refused(400, texts.said("face_bad_request"))
        return found


async def read_request(reader: asyncio.StreamReader, *, port: int, key: str) -> Request:
    """Head first, then whether it may ask at all, then the body. Raises `Refused`, or an error of the connection."""
    method, path, headers = _head(await _until_blank_line(reader))
    _check_sender(headers, port=port, key=key)
    return Request(method, path, headers, await _body(reader, headers))


async def _until_blank_line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise Refused(413, texts.said("face_too_large")) from error


def _head(raw: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, path and headers (RFC 9112); nothing folded, nothing twice."""
    first, *rest = raw.decode("latin-1").split("\r\n")[:-2]
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or not words[1].startswith("/"):
        raise Refused(400, texts.said("face_bad_request"))
    headers: dict[str, str] = {}
    for each in rest:
        name, colon, value = each.partition(":")
        if not colon or not name or name != name.strip() or name.lower() in headers:
            raise Refused(400, texts.said("face_bad_request"))
        headers[name.lower()] = value.strip()
    return words[0], words[1].partition("?")[0], headers


def _check_sender(headers: Mapping[str, str], *, port: int, key: str) -> None:
    given = headers.get("authorization", "").encode("latin-1")
    is_key_right = hmac.compare_digest(given, f"Bearer {key}".encode())
    if not is_key_right or headers.get("host") != f"127.0.0.1:{port}" or "origin" in headers:
        raise Refused(403, texts.said("face_forbidden"))


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        raise Refused(400, texts.said("face_bad_request"))
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise Refused(400, texts.said("face_bad_request"))
    if len(text) > 9 or int(text) > MOST_BODY_BYTES:
        raise Refused(413, texts.said("face_too_large"))
    return await reader.readexactly(int(text))


def write_json(writer: asyncio.StreamWriter, status: int, body: Mapping[str, Any]) -> None:
    raw = json.dumps(body, ensure_ascii=False).encode()
    writer.write(_answer_head(status, f"Content-Length: {len(raw)}") + raw)


async def write_in_pieces(writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes]) -> None:
    """Chunked (RFC 9112 section 7.1), so that a thousand printers are never one piece of memory."""
    writer.write(_answer_head(200, "Transfer-Encoding: chunked"))
    async for piece in pieces:
        if piece:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
    writer.write(b"0\r\n\r\n")


def _answer_head(status: int, length: str) -> bytes:
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n{length}\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    ).encode()
