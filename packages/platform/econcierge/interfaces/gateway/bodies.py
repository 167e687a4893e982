"""The body of a request, unpacked within limits: what is too large is refused before it is held."""

from __future__ import annotations

import io
import zlib
from typing import Any

import msgspec
import zstandard
from django.http import HttpRequest

GZIP = 16 + zlib.MAX_WBITS
LARGEST_WINDOW = 8 << 20  # bytes: what every decoder should manage (RFC 8878 section 3.1.1.1.2)


class Refused(Exception):
    """The body cannot be used; `status` is the answer's, `field` and `reason` name why."""

    def __init__(self, status: int, field: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.field = field
        self.reason = reason


def unpacked(request: HttpRequest, *, most: int, most_unpacked: int) -> bytes:
    """The bytes of a JSON body: plain, gzip or zstd. Raises `Refused` (400, 413, 415)."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "zstd"):
        raise Refused(415, "Content-Encoding", f"{encoding} is not understood here; send gzip, zstd or no encoding")
    body = _received(request, most)
    if encoding == "zstd":
        return _unzstded(body, most_unpacked)
    return _gunzipped(body, most_unpacked) if encoding == "gzip" else body


def decoded(body: bytes) -> Any:
    """What stands in a JSON body. Raises `Refused`."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, "", f"the body is not JSON: {error}") from None


def _received(request: HttpRequest, most: int) -> bytes:
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > most:
        raise Refused(413, "", f"the report is larger than {most} bytes; split it")
    body = request.read(most + 1)
    if len(body) > most:
        raise Refused(413, "", f"the report is larger than {most} bytes; split it")
    return bytes(body)


def _gunzipped(body: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(GZIP)
    try:
        data = unpacker.decompress(body, most + 1)
    except zlib.error:
        raise Refused(400, "", "the body is not gzip") from None
    if len(data) > most:
        raise _too_large_unpacked(most)
    if not unpacker.eof or unpacker.unused_data:
        raise Refused(400, "", "the gzip body does not end where it should")
    return data


def _unzstded(body: bytes, most: int) -> bytes:
    """One frame (RFC 8878). What it says of its own size is not believed: it is read once only to measure it."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
    try:
        if len(unpacker.stream_reader(io.BytesIO(body)).read(most + 1)) > most:
            raise _too_large_unpacked(most)
        frame = unpacker.decompressobj()
        data = frame.decompress(body)
    except zstandard.ZstdError:
        raise Refused(400, "", "the body is not zstd, or its window is larger than 8 MB") from None
    if not frame.eof or frame.unused_data:
        raise Refused(400, "", "the zstd body does not end where it should")
    return data


def _too_large_unpacked(most: int) -> Refused:
    return Refused(413, "", f"the report is larger than {most} bytes once unpacked; split it")
