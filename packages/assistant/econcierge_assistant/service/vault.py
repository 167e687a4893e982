"""Tokens in the system's keyring, through a short-lived child, because loading `keyring` costs memory.

Only where it can work: never for root or a service without a session, which use a file at once; a keyring that asks
somebody for a password and gets none is given up after `TIMEOUT_S`, so nothing ever hangs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from econcierge_assistant.service import errors, texts

COMMAND = "keyring-child"
SERVICE = "econcierge-assistant"
TIMEOUT_S = 30.0
OFF_VARIABLE = "ECONCIERGE_NO_KEYRING"
NO_KEYRING, NOT_THERE, SAID_NO = 3, 4, 5  # exit statuses of the child
_SECRET_BYTES = 16_384


def is_possible(environment: Mapping[str, str]) -> bool:
    """Whether a keyring can belong to whoever runs this; cheap, and without loading or asking anything."""
    if environment.get(OFF_VARIABLE):
        return False
    if sys.platform == "win32":
        return not environment.get("USERNAME", "").endswith("$")  # LocalSystem and its kin have no vault of a person
    if os.geteuid() == 0:
        return False
    return sys.platform == "darwin" or bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))


def put(account: str, token: str) -> bool:
    """Keep it and see it again; False when there is no keyring that would."""
    try:
        return _child("put", account, token)[0] == 0 and get(account) == token
    except errors.Trouble:
        return False


def get(account: str) -> str:
    """Raises `Trouble` when the keyring does not give it out."""
    status, said = _child("get", account)
    if status != 0 or not said:
        reason = {NO_KEYRING: "there is none now", NOT_THERE: "it has no such entry"}.get(status, "it is locked")
        raise errors.Trouble(texts.said("keyring_silent", reason=reason))
    return said


def remove(account: str) -> None:
    """Best effort: an entry that stays is of no use to anybody once the token is withdrawn."""
    _child("remove", account)


def child_command(action: str, account: str) -> list[str]:
    """A frozen programme is its own interpreter and goes through its command line; else the module alone is enough."""
    if getattr(sys, "frozen", False):
        return [sys.executable, COMMAND, action, account]
    return [sys.executable, "-m", "econcierge_assistant.service.keyring_child", action, account]


def _child(action: str, account: str, secret: str = "") -> tuple[int, str]:
    """Exit status and standard output; the secret goes over standard input, never over the command line."""
    try:
        done = subprocess.run(  # noqa: S603 - our own programme
            child_command(action, account),
            input=secret,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeError):
        return SAID_NO, ""
    return done.returncode, done.stdout[:_SECRET_BYTES].strip()
