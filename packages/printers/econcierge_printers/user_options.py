"""The command line's SNMPv3 user: options, password files and environment variables to a `User`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from econcierge_printers.snmp.credentials import AuthProtocol, PrivProtocol, User

AUTH_PASSWORD_VARIABLE = "ECONCIERGE_SNMP_AUTH_PASSWORD"  # noqa: S105 (a name)
PRIV_PASSWORD_VARIABLE = "ECONCIERGE_SNMP_PRIV_PASSWORD"  # noqa: S105 (a name)
P = TypeVar("P", AuthProtocol, PrivProtocol)
_AUTH_NAMES = [protocol.value for protocol in AuthProtocol]
_PRIV_NAMES = [protocol.value for protocol in PrivProtocol]


def add(parser: argparse.ArgumentParser) -> None:
    """A password is better in a file or the environment: others on this machine can see arguments."""
    group = parser.add_argument_group("SNMPv3 (with --version 3)")
    group.add_argument("--user", help="the user's name")
    group.add_argument("--auth-protocol", choices=_AUTH_NAMES, type=str.upper, help="default: SHA, with a password")
    group.add_argument("--priv-protocol", choices=_PRIV_NAMES, type=str.upper, help="default: AES, with a password")
    for what, variable in (("auth", AUTH_PASSWORD_VARIABLE), ("priv", PRIV_PASSWORD_VARIABLE)):
        group.add_argument(f"--{what}-password", metavar="WORD", help=f"or in the environment, as {variable}")
        group.add_argument(f"--{what}-password-file", metavar="FILE", type=Path, help="its first line")
    group.add_argument("--context", default="", help="context name; HP wants Jetdirect")


def user(options: argparse.Namespace, *, environment: Mapping[str, str] = os.environ) -> User | None:
    """None when no version 3 is asked for. Raises ValueError or OSError, never with a password in it."""
    if options.version != "3":
        if options.user:
            raise ValueError("--user is for --version 3")
        return None
    if not options.user:
        raise ValueError("--version 3 needs a --user")
    auth = _password(options.auth_password, options.auth_password_file, environment.get(AUTH_PASSWORD_VARIABLE))
    priv = _password(options.priv_password, options.priv_password_file, environment.get(PRIV_PASSWORD_VARIABLE))
    return User(
        name=options.user,
        auth_protocol=_protocol(AuthProtocol, options.auth_protocol, AuthProtocol.SHA, auth),
        auth_password=auth,
        priv_protocol=_protocol(PrivProtocol, options.priv_protocol, PrivProtocol.AES, priv),
        priv_password=priv,
        context=options.context,
    )


def _password(word: str | None, file: Path | None, variable: str | None) -> str:
    if file is not None:
        return file.read_text().partition("\n")[0].rstrip("\r")
    return word or variable or ""


def _protocol(kind: type[P], name: str | None, usual: P, password: str) -> P | None:
    if name:
        return kind(name)
    return usual if password else None
