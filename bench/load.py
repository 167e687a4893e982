"""Posts prepared bodies over several connections that stay open, and notes how long each answer took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.figures import CannotMeasure, percentile

PATH = "/gateway/v1/reports"


@dataclass(frozen=True, slots=True)
class Line:
    """One connection: whose token, and the bodies to post in order."""

    token: str
    bodies: Sequence[bytes]


@dataclass(slots=True)
class Answers:
    """Of one run of load; `took_s` of every accepted request."""

    seconds: float = 0.0
    took_s: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)  # by status

    @property
    def per_s(self) -> float:
        return len(self.took_s) / self.seconds

    @property
    def p50_ms(self) -> float:
        return 1_000 * percentile(self.took_s, 50)

    @property
    def p99_ms(self) -> float:
        return 1_000 * percentile(self.took_s, 99)


def post_all(*, port: int, lines: Sequence[Line], at_most_s: float) -> Answers:
    """Until the time is over or a connection has nothing left. Raises `CannotMeasure` when something is refused."""
    answers = asyncio.run(_post_all(port, lines, at_most_s))
    if answers.refused or len(answers.took_s) < 2:
        raise CannotMeasure(f"{len(answers.took_s)} reports were accepted, others not: {answers.refused}")
    return answers


async def _post_all(port: int, lines: Sequence[Line], at_most_s: float) -> Answers:
    answers = Answers()
    start = time.perf_counter()
    until = start + at_most_s
    await asyncio.gather(*(_post(port, line, until, answers) for line in lines))
    answers.seconds = time.perf_counter() - start
    return answers


async def _post(port: int, line: Line, until: float, answers: Answers) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for body in line.bodies:
            began = time.perf_counter()
            if began >= until:
                return
            writer.write(_head(line.token, len(body), port) + body)
            status = await _status(reader)
            if status == 200:
                answers.took_s.append(time.perf_counter() - began)
            else:
                answers.refused[status] = answers.refused.get(status, 0) + 1
    finally:
        writer.close()
        await writer.wait_closed()


def _head(token: str, length: int, port: int) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
    )
    return head.encode()


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of one answer, its body read to the end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    _, _, after = head.partition("content-length:")
    await reader.readexactly(int(after.partition("\r\n")[0]))
    return int(head.split(" ", 2)[1])
