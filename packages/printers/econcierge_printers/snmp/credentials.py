"""Who asks in SNMPv3: a user, its two passwords and what they are used with. Light: nothing of SNMPv3 is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MIN_PASSWORD_CHARACTERS = 8  # RFC 3414 section 11.2
_MAX_NAME_OCTETS = 32  # RFC 3414 section 2.4


class AuthProtocol(StrEnum):
    """RFC 3414 section 6 and 7, RFC 7860."""

    MD5 = "MD5"
    SHA = "SHA"
    SHA_224 = "SHA-224"
    SHA_256 = "SHA-256"
    SHA_384 = "SHA-384"
    SHA_512 = "SHA-512"


class PrivProtocol(StrEnum):
    """RFC 3414 section 8, RFC 3826; longer AES keys are made after Blumenthal, or after Reeder as Cisco does."""

    DES = "DES"
    AES = "AES"
    AES_192 = "AES-192"
    AES_256 = "AES-256"
    AES_192_REEDER = "AES-192-C"
    AES_256_REEDER = "AES-256-C"


@dataclass(frozen=True, slots=True)
class User:
    """Without an authentication protocol noAuthNoPriv, without a privacy protocol authNoPriv.

    Passwords are left out of `repr`, so that no log has them. Raises ValueError with a sentence for a person.
    """

    name: str
    auth_protocol: AuthProtocol | None = None
    auth_password: str = field(default="", repr=False)
    priv_protocol: PrivProtocol | None = None
    priv_password: str = field(default="", repr=False)
    context: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.name.encode()) <= _MAX_NAME_OCTETS:
            raise ValueError(f"an SNMPv3 user's name has 1 to {_MAX_NAME_OCTETS} octets")
        if self.priv_protocol and not self.auth_protocol:
            raise ValueError("SNMPv3 has no privacy without authentication: give an authentication protocol too")
        _check_password("authentication", self.auth_protocol, self.auth_password)
        _check_password("privacy", self.priv_protocol, self.priv_password)


def _check_password(what: str, protocol: StrEnum | None, password: str) -> None:
    if protocol and len(password) < MIN_PASSWORD_CHARACTERS:
        raise ValueError(f"an SNMPv3 {what} password has at least {MIN_PASSWORD_CHARACTERS} characters")
    if password and not protocol:
        raise ValueError(f"an SNMPv3 {what} password needs its protocol")
