"""Whom to believe over HTTPS: printers sign their own certificates, so the first one seen is remembered.

Trust on first use, a pure rule over SHA-256 fingerprints; where they are kept is the caller's affair.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Protocol

from econcierge_printers.errors import PrinterError


class Verdict(StrEnum):
    FIRST_SEEN = "first_seen"
    KNOWN = "known"
    CHANGED = "changed"


class CertificateChanged(PrinterError):
    """Not the certificate that this device had: it was replaced or set up anew, or somebody stands in between."""

    def __init__(self, device: str, *, known: str, seen: str) -> None:
        super().__init__(
            device,
            "https",
            f"its certificate has changed (SHA-256 was {known}, now {seen}). If the printer or its certificate was "
            "renewed, forget the old fingerprint of this device and read it again; otherwise somebody may stand "
            "between you and the printer",
            permanent=True,
        )
        self.known = known
        self.seen = seen


class TrustStore(Protocol):
    """Fingerprints by device (`host:port`)."""

    def fingerprint(self, device: str) -> str | None: ...

    def remember(self, device: str, fingerprint: str) -> None: ...


class MemoryTrust:
    """Remembers as long as it lives."""

    def __init__(self) -> None:
        self.fingerprints: dict[str, str] = {}

    def fingerprint(self, device: str) -> str | None:
        return self.fingerprints.get(device)

    def remember(self, device: str, fingerprint: str) -> None:
        self.fingerprints[device] = fingerprint


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER, as `openssl x509 -fingerprint` prints it but in lower case without colons."""
    return hashlib.sha256(certificate).hexdigest()


def judge(*, known: str | None, seen: str) -> Verdict:
    if known is None:
        return Verdict.FIRST_SEEN
    return Verdict.KNOWN if _bare(known) == _bare(seen) else Verdict.CHANGED


def check(store: TrustStore, *, device: str, certificate: bytes) -> Verdict:
    """Remembers a first certificate. Raises `CertificateChanged`, and leaves the old one in the store."""
    seen, known = fingerprint_of(certificate), store.fingerprint(device)
    verdict = judge(known=known, seen=seen)
    if verdict is Verdict.CHANGED:
        raise CertificateChanged(device, known=known or "", seen=seen)
    if verdict is Verdict.FIRST_SEEN:
        store.remember(device, seen)
    return verdict


def _bare(fingerprint: str) -> str:
    return fingerprint.replace(":", "").strip().casefold()
