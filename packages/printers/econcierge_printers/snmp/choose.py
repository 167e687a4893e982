"""Which `Security` a device is asked with: a community, or an SNMPv3 user when there is one."""

from __future__ import annotations

from econcierge_printers.errors import PrinterError
from econcierge_printers.snmp.codec import Version
from econcierge_printers.snmp.credentials import User
from econcierge_printers.snmp.security import Community, Security
from econcierge_printers.targets import Target


def security(
    target: Target, *, community: str = "public", version: Version | None = None, user: User | None = None
) -> Security:
    """A `user` is asked in v3; without a `version`, v2c falls back to v1. Raises `PrinterError`."""
    if user is None:
        return Community(community, version=Version.V2C if version is None else version, may_fall_back=version is None)
    from econcierge_printers.snmp.v3 import usm  # only for a user: it may bring a library that most never need

    try:
        return usm.UserSecurity(user)
    except usm.MissingCryptography as error:
        raise PrinterError(str(target), "SNMPv3", str(error), permanent=True) from error
