"""The printers' network as the loop sees it: who is there, and what each one says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from econcierge_assistant.service import roster
from econcierge_printers import errors, model


@dataclass(frozen=True, slots=True)
class Met:
    """A printer that answered a discovery."""

    target: str
    community: str
    identity: model.Identity


@dataclass(frozen=True, slots=True)
class Visit:
    """One printer asked once: its reading, or why there is none."""

    known: roster.Known
    result: model.Reading | errors.PrinterError


class Network(Protocol):
    def discover(self) -> AsyncIterator[Met]: ...

    def read(self, printers: Sequence[roster.Known]) -> AsyncIterator[Visit]: ...
