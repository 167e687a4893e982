"""Authentication: passwords to keys, keys to one engine's keys, and the digest of a message (RFC 3414, RFC 7860)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from econcierge_printers.snmp.credentials import AuthProtocol

_EXPANDED_OCTETS = 1_048_576  # RFC 3414 appendix A.2
_CACHED = 4_096  # one key for each printer and purpose


@dataclass(frozen=True, slots=True)
class Digest:
    """A hash and how much of its HMAC a message carries."""

    hash: str
    octets: int


DIGESTS = {
    AuthProtocol.MD5: Digest("md5", 12),
    AuthProtocol.SHA: Digest("sha1", 12),
    AuthProtocol.SHA_224: Digest("sha224", 16),
    AuthProtocol.SHA_256: Digest("sha256", 24),
    AuthProtocol.SHA_384: Digest("sha384", 32),
    AuthProtocol.SHA_512: Digest("sha512", 48),
}


@lru_cache(maxsize=64)
def master_key(protocol: AuthProtocol, password: bytes) -> bytes:
    """The key of a password: the digest of a megabyte of it (RFC 3414 appendix A.2). Some milliseconds, once."""
    repeated = password * (_EXPANDED_OCTETS // len(password) + 1)
    return _hash(protocol, repeated[:_EXPANDED_OCTETS])


@lru_cache(maxsize=_CACHED)
def localized_key(protocol: AuthProtocol, password: bytes, engine_id: bytes) -> bytes:
    """The key for one engine (RFC 3414 section 2.6), so that one stolen printer opens no other."""
    key = master_key(protocol, password)
    return _hash(protocol, key + engine_id + key)


def extended_blumenthal(protocol: AuthProtocol, key: bytes, octets: int) -> bytes:
    """As long as a cipher needs (draft-blumenthal-aes-usm-04 section 3.1.2.1; net-snmp and most printers)."""
    while len(key) < octets:
        key += _hash(protocol, key)
    return key[:octets]


def extended_reeder(protocol: AuthProtocol, key: bytes, engine_id: bytes, octets: int) -> bytes:
    """As long as a cipher needs (draft-reeder-snmpv3-usm-3desede-00 section 2.1; Cisco and who follows it)."""
    last = key
    while len(key) < octets:
        last = localized_key(protocol, last, engine_id)
        key += last
    return key[:octets]


def sign(protocol: AuthProtocol, key: bytes, message: bytes) -> bytes:
    """The authentication parameter of a message in which its own place holds zeros (RFC 3414 section 6.3)."""
    digest = DIGESTS[protocol]
    return hmac.digest(key, message, digest.hash)[: digest.octets]


def _hash(protocol: AuthProtocol, octets: bytes) -> bytes:
    return hashlib.new(DIGESTS[protocol].hash, octets, usedforsecurity=True).digest()
