"""`econcierge-desktop --keyring get|set|delete SERVER`: the short process that asks the system's keyring.

The token comes on standard input and goes out on standard output. Exit status 0 done, 1 no keyring or no token.
"""

from __future__ import annotations

import sys

SERVICE = "econcierge-desktop"
LONGEST = 4096


def main(action: str, server: str) -> int:
    import keyring
    from keyring import errors

    try:
        if action == "get":
            token = keyring.get_password(SERVICE, server)
            sys.stdout.write(token or "")
            return 0 if token else 1
        if action == "set":
            token = sys.stdin.read(LONGEST)
            keyring.set_password(SERVICE, server, token)
            # Some keyrings take everything and keep nothing.
            return 0 if keyring.get_password(SERVICE, server) == token else 1
        keyring.delete_password(SERVICE, server)
    except (errors.KeyringError, RuntimeError, OSError) as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return 1
    return 0
