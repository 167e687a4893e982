"""What both commands share: where lines go, what numbers are, how a run ends."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from econcierge_printers.snmp.codec import Version

ALL_ANSWERED, SOME_DID_NOT, BAD_USAGE = 0, 1, 2
VERSIONS = {"1": Version.V1, "2c": Version.V2C}
_INTERRUPTED = 130
T = TypeVar("T")


def specifications(texts: Iterable[str]) -> list[str]:
    """Each text, or the lines of `@FILE` without comments. Raises OSError, ValueError for what is no text."""
    found: list[str] = []
    for text in texts:
        if text.startswith("@"):
            lines = (line.partition("#")[0].strip() for line in Path(text[1:]).read_text().splitlines())
            found += [line for line in lines if line]
        else:
            found.append(text)
    return found


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def warn(line: str) -> int:
    sys.stderr.write(line + "\n")
    return SOME_DID_NOT


def usage(parser: argparse.ArgumentParser, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except (ValueError, OSError) as error:
        parser.error(str(error))


def guarded(run: Callable[[], int]) -> int:
    """Ends quietly when the reader of our output goes away, or a person interrupts."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that lacks a character still shows the rest
    try:
        return run()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_DID_NOT
    except KeyboardInterrupt:
        return _INTERRUPTED


def positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise ValueError(text)
    return number


def positive_int(text: str) -> int:
    return int(positive(str(int(text))))
