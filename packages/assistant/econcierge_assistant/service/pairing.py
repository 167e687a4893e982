"""Which platform this computer is paired with, and its token, in a file with owner-only rights.

The token comes from the server's side (`econcierge pair` prints it once). It is bound to the address that it was
stored with, so that a changed `--server` never carries it to somebody else.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from econcierge_assistant.service import errors

PAIRING_NAME = "pairing.json"
TOKEN_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class Pairing:
    server: str
    token: str

    def __repr__(self) -> str:
        return f"Pairing(server={self.server!r}, token=...)"


def save(*, data: Path, pairing: Pairing) -> Path:
    """Replace the pairing in one step; the file is never readable by others, not even for a moment."""
    descriptor, draft = tempfile.mkstemp(dir=data, prefix=".pairing-")  # made with 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(pairing), file)
        file.flush()
        os.fsync(file.fileno())
    path = data / PAIRING_NAME
    Path(draft).replace(path)
    return path


def load(*, data: Path) -> Pairing | None:
    """None when this computer is not paired; a broken or open file is said."""
    path = data / PAIRING_NAME
    if not path.exists():
        return None
    try:
        facts = json.loads(read_private(path))
        pairing = Pairing(server=facts["server"], token=clean_token(facts["token"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.BadSettings(f"{path} is damaged: pair this computer again (econcierge-assistant pair).") from error
    return pairing


def read_private(path: Path) -> str:
    """The text of a file that only its owner may read."""
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise errors.BadSettings(f"{path} holds a token and others can read it: run chmod 600 {path}.")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise errors.BadSettings(f"The token file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise errors.BadSettings(f"The token file {path} holds no token.") from error


def clean_token(text: str) -> str:
    """A token on one line of printable ASCII, as a header can carry it."""
    token = text.strip()
    if not token or len(token) > TOKEN_CHARACTERS or not all("!" <= character <= "~" for character in token):
        raise errors.BadSettings("That is no token: give the one line that `econcierge pair` printed.")
    return token
