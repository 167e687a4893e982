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


class UserFault(StrEnum):
    """What is wrong with a user, for who says it in another language than `BadUser`."""

    USER_NAME = "user_name"
    PRIVACY_ALONE = "privacy_alone"
    AUTHENTICATION_SHORT = "authentication_short"
    AUTHENTICATION_ALONE = "authentication_alone"
    PRIVACY_SHORT = "privacy_short"
    PRIVACY_PASSWORD_ALONE = "privacy_password_alone"  # noqa: S105 - a fault's name


_SENTENCES = {
    UserFault.USER_NAME: f"an SNMPv3 user's name has 1 to {_MAX_NAME_OCTETS} octets",
    UserFault.PRIVACY_ALONE: "SNMPv3 has no privacy without authentication: give an authentication protocol too",
    UserFault.AUTHENTICATION_SHORT: (
        f"an SNMPv3 authentication password has at least {MIN_PASSWORD_CHARACTERS} characters"
    ),
    UserFault.AUTHENTICATION_ALONE: "an SNMPv3 authentication password needs its protocol",
    UserFault.PRIVACY_SHORT: f"an SNMPv3 privacy password has at least {MIN_PASSWORD_CHARACTERS} characters",
    UserFault.PRIVACY_PASSWORD_ALONE: "an SNMPv3 privacy password needs its protocol",
}


class BadUser(ValueError):
    """A user that cannot be, with a sentence in English and its fault for who says it otherwise."""

    def __init__(self, fault: UserFault) -> None:
        super().__init__(_SENTENCES[fault])
        self.fault = fault


@dataclass(frozen=True, slots=True)
class User:
    """Without an authentication protocol noAuthNoPriv, without a privacy protocol authNoPriv.

    Passwords are left out of `repr`, so that no log has them. Raises `BadUser`.
    """

    name: str
    auth_protocol: AuthProtocol | None = None
    auth_password: str = field(default="", repr=False)
    priv_protocol: PrivProtocol | None = None
    priv_password: str = field(default="", repr=False)
    context: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.name.encode()) <= _MAX_NAME_OCTETS:
            raise BadUser(UserFault.USER_NAME)
        if self.priv_protocol and not self.auth_protocol:
            raise BadUser(UserFault.PRIVACY_ALONE)
        for protocol, password, short, alone in (
            (self.auth_protocol, self.auth_password, UserFault.AUTHENTICATION_SHORT, UserFault.AUTHENTICATION_ALONE),
            (self.priv_protocol, self.priv_password, UserFault.PRIVACY_SHORT, UserFault.PRIVACY_PASSWORD_ALONE),
        ):
            if protocol and len(password) < MIN_PASSWORD_CHARACTERS:
                raise BadUser(short)
            if password and not protocol:
                raise BadUser(alone)
