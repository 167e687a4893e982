"""The child that `vault` starts: one look into the system's keyring and out again."""

from __future__ import annotations

import sys

from econcierge_assistant.service import vault


def main(action: str, account: str) -> int:
    """Exit status as in `vault`; a secret comes on standard input and leaves on standard output."""
    import keyring  # loaded here only: its memory leaves with this process
    import keyring.errors

    if not _is_safe(keyring.get_keyring()):
        return vault.NO_KEYRING
    try:
        return _act(action, account)
    except keyring.errors.NoKeyringError:
        return vault.NO_KEYRING
    except keyring.errors.KeyringError:
        return vault.SAID_NO


def _act(action: str, account: str) -> int:
    import keyring

    if action == "put":
        keyring.set_password(vault.SERVICE, account, sys.stdin.read())
    elif action == "remove":
        keyring.delete_password(vault.SERVICE, account)
    else:
        found = keyring.get_password(vault.SERVICE, account)
        if found is None:
            return vault.NOT_THERE
        sys.stdout.write(found)
    return 0


def _is_safe(backend: object) -> bool:
    """A keyring of the system: not the one that refuses or forgets, nor a plain file by another name."""
    module = type(backend).__module__
    return module.startswith("keyring.backends.") and not module.endswith((".fail", ".null"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
