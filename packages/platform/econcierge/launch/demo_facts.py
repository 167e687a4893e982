"""What the demo's preparation tells the launcher: who can sign in, and which assistants to start.

`econcierge demo-seed` writes it to `var/demo/facts.json`:

    {"sign_ins": [{"who": "Customer", "email": "...", "password": "..."}],
     "assistants": [{"name": "lavoie", "token_file": "/.../lavoie.token", "ranges": ["127.20.0.1-127.20.0.9:8004"]}],
     "look_first": ["Open the printer in Reception: its black toner is low."]}
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from econcierge.launch.errors import CannotStart

PASSWORD = "demo"  # noqa: S105  the demo's own, shown where it starts


class SignIn(msgspec.Struct, frozen=True):
    who: str
    email: str
    password: str


class Assistant(msgspec.Struct, frozen=True):
    name: str
    token_file: str
    ranges: list[str]


class DemoFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign_ins: list[SignIn] = []
    assistants: list[Assistant] = []
    look_first: list[str] = []


def read(path: Path) -> DemoFacts:
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoFacts)
    except (OSError, msgspec.DecodeError) as error:
        raise CannotStart(
            f"The demo's preparation did not leave its facts in {path} ({error}).",
            remedy="`make clean`, then `make run`.",
        ) from error


def write(path: Path, facts: DemoFacts) -> None:
    """For whoever prepares the demo. Passwords and addresses of tokens stand in it: for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.encode(facts))
