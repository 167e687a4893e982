"""The shallow tree of expected failures: each has a code, the fields concerned and a sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class EconciergeError(Exception):
    """An expected failure. `code` is stable; `message` may be a lazy translation; `fields` names inputs to mark."""

    code = "error"

    def __init__(self, message: Any, *, fields: tuple[str, ...] = (), details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields
        self.details = dict(details or {})

    def __str__(self) -> str:
        return str(self.message)


class NotFound(EconciergeError):
    """There is no such thing, or none that this person may see: the two look the same."""

    code = "not_found"


class NotAllowed(EconciergeError):
    code = "not_allowed"


class Conflict(EconciergeError):
    """What was asked does not fit the present state (already shipped, already enrolled)."""

    code = "conflict"


class IllegalMove(Conflict):
    """A thing cannot go from `from_state` to `to_state`; the caller knows whether that is old news."""

    code = "illegal_move"

    def __init__(self, message: Any = None, *, from_state: str, to_state: str) -> None:
        super().__init__(message or f"cannot go from {from_state} to {to_state}", fields=("state",))
        self.from_state = from_state
        self.to_state = to_state


class Invalid(EconciergeError):
    code = "invalid"


class OutsideFailure(EconciergeError):
    """Another party's system failed. `permanent`: asking again the same way will not help.

    `outcome_unknown`: the request may have taken effect all the same, so it has to be asked about first.
    """

    code = "outside_failure"

    def __init__(self, message: Any, *, permanent: bool, outcome_unknown: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.outcome_unknown = outcome_unknown
