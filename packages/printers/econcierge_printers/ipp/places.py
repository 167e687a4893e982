"""Where a printer's IPP is: a URI that says so, or the usual paths of a host (RFC 3510, RFC 7472, RFC 8010)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

IPP_PORT = 631
PATHS = ("/ipp/print", "/ipp/printer", "/ipp", "/")
_SCHEMES = {"ipp": (False, IPP_PORT), "ipps": (True, IPP_PORT), "http": (False, 80), "https": (True, 443)}
_MAX_URI_CHARACTERS = 1_023  # RFC 8011 section 5.1.6


@dataclass(frozen=True, slots=True)
class Place:
    """One resource to ask, over plain or secure HTTP."""

    host: str
    port: int
    path: str
    secure: bool

    @property
    def authority(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def printer_uri(self) -> str:
        return f"{'ipps' if self.secure else 'ipp'}://{self.authority}{self.path}"


def is_uri(text: str) -> bool:
    return "://" in text


def parse_uri(text: str) -> Place:
    """`ipp://host[:port]/path`, also with ipps, http or https. Raises ValueError with a sentence for a person."""
    split = _split(text)
    if split is None or split.scheme.lower() not in _SCHEMES or not split.hostname:
        raise ValueError(f"{text[:80]!r} is not ipp://host[:port]/path")
    secure, usual_port = _SCHEMES[split.scheme.lower()]
    path = split.path + (f"?{split.query}" if split.query else "")
    return Place(split.hostname, split.port or usual_port, path or "/", secure)


def usual(host: str, port: int) -> tuple[Place, ...]:
    """What is worth a try on a host that is known by address only: one port, its usual paths."""
    return tuple(Place(host, port, path, False) for path in PATHS)


def _split(text: str) -> SplitResult | None:
    """None for what is no URI, or one that would break a request line."""
    if len(text) > _MAX_URI_CHARACTERS or not text.isascii() or any(ord(c) <= 32 or ord(c) == 127 for c in text):
        return None
    try:
        split = urlsplit(text)
        _ = split.port
    except ValueError:
        return None
    return split
