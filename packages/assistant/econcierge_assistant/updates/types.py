"""A release as the signed channel file describes it, and what can go wrong on the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why nothing was changed. Each has its sentence in `texts`."""

    NO_ROOT = "no_root"  # a copy from the sources: there is no key to trust
    NOT_OFFERED = "not_offered"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"  # a freeze: old metadata, still signed
    OLDER = "older"  # a rollback: metadata of a lower version than was seen before
    NOT_SIGNED = "not_signed"
    MISMATCH = "mismatch"  # mix-and-match, or a file that is not the one described
    NOT_UNDERSTOOD = "not_understood"
    NOT_FOR_THIS_SYSTEM = "not_for_this_system"
    NOT_ALLOWED = "not_allowed"
    INSTALLER_FAILED = "installer_failed"
    CANNOT_KEEP = "cannot_keep"


class UpdateError(Exception):
    """`trouble` names the sentence, `detail` the technical part (English, for the log)."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One installer; `length` in bytes, `sha256` in hex."""

    file: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """What a channel offers at present; `files` by system, as `rules.system_key` names them."""

    version: str
    published_on: str
    files: dict[str, ReleaseFile]


@dataclass(frozen=True, slots=True)
class Offer:
    """A newer version for this computer."""

    version: str
    published_on: str
    file: ReleaseFile
