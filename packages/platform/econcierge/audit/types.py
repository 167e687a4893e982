"""Who did it, as far as the record needs to know."""

from __future__ import annotations

from typing import Protocol


class Doer(Protocol):
    """A person who acts (`accounts.types.Actor` is one); no `user_id`: the platform itself."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...
