"""Where this computer stands with the platform, and what is in its way: the one place where that is kept.

It belongs to the event loop and changes only there; whoever waits for a change awaits `until`.
"""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from econcierge_assistant.service import device_flow, pairing, policy, texts
from econcierge_printers import clock


class State(StrEnum):
    STARTING = "starting"
    NOT_PAIRED = "not_paired"
    PAIRING = "pairing"
    WORKING = "working"
    CANNOT_DELIVER = "cannot_deliver"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Shown:
    """A code that waits for approval, until when by the system's clock."""

    offer: device_flow.Offer
    expires_at: datetime


class Standing:
    def __init__(self, *, now: clock.Clock) -> None:
        self.now = now
        self.host = platform.node()
        self.looked = False  # whether anybody has looked for a pairing yet
        self.paired: pairing.Pairing | None = None
        self.pairing_number = 0  # grows with every pairing and unpairing
        self.is_given = False  # the token was given by option: it is neither stored nor changed here
        self.refused: texts.Said | None = None
        self.shown: Shown | None = None
        self.policy: policy.Policy | None = None
        self.problems: dict[str, texts.Said] = {}  # by who noticed
        self._changed = asyncio.Event()

    @property
    def state(self) -> State:
        if self.shown is not None:
            return State.PAIRING
        if self.paired is None:
            return State.NOT_PAIRED if self.looked else State.STARTING
        if self.refused is not None:
            return State.REVOKED
        if self.problems.keys() & {"line", "delivery"}:
            return State.CANNOT_DELIVER
        return State.WORKING if self.policy is not None else State.STARTING

    @property
    def may_work(self) -> bool:
        return self.paired is not None and self.refused is None and self.policy is not None

    @property
    def text(self) -> texts.Said:
        if self.shown is not None:
            offer = self.shown.offer
            return texts.said("pairing", user_code=offer.user_code, uri=offer.verification_uri)
        if self.state is State.CANNOT_DELIVER and self.policy is None:  # nothing is read either
            return self.problems.get("line") or self.problems["delivery"]
        if self.state is State.WORKING and self.policy is not None and self.policy.ranges == ():
            return self._public(self.policy) or texts.said("nothing_in_common")
        return texts.said(self.state.value)

    def told(self) -> list[texts.Said]:
        """Everything that is in the way, once each."""
        return list(dict.fromkeys(self._told()))

    def _told(self) -> Iterator[texts.Said]:
        if self.refused is not None:
            yield self.refused
        yield from self.problems.values()
        if self.policy is not None:
            yield from (texts.said("setting_unusable", name=name) for name in self.policy.unusable)
            if public := self._public(self.policy):
                yield public
            elif self.policy.ranges == ():
                yield texts.said("nothing_in_common")

    @staticmethod
    def _public(wanted: policy.Policy) -> texts.Said | None:
        return texts.said("places_public", names=", ".join(wanted.public)) if wanted.public else None

    def note(self, who: str, problem: texts.Said | None) -> None:
        """What `who` noticed now; None when that is over."""
        before = self.problems.get(who)
        if before == problem:
            return
        if problem is None:
            del self.problems[who]
        else:
            self.problems[who] = problem
        self.touch()

    def pair(self, found: pairing.Pairing | None, *, is_given: bool = False) -> None:
        """Another pairing, or none: what was said of the one before is forgotten."""
        if found is not None or self.paired is not None:
            self.problems = {who: said for who, said in self.problems.items() if who == "face"}
        self.paired, self.is_given, self.looked = found, is_given, True
        self.refused, self.policy = None, None
        self.pairing_number += 1
        self.touch()

    def renew(self, found: pairing.Pairing) -> None:
        """The same pairing with another token."""
        self.paired = found
        self.touch()

    def refuse(self, said: texts.Said | None) -> None:
        if said != self.refused:
            self.refused = said
            self.touch()

    def show(self, offer: device_flow.Offer | None) -> None:
        lasts = timedelta(seconds=offer.expires_in_s) if offer else timedelta()
        self.shown = Shown(offer, clock.system_clock() + lasts) if offer else None
        self.touch()

    def rule(self, wanted: policy.Policy) -> None:
        if wanted != self.policy:
            self.policy = wanted
            self.touch()

    def touch(self) -> None:
        """Wake whoever waits for a change."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._changed.wait()

    def token(self) -> str:
        """The token to send now; empty when there is none."""
        return "" if self.paired is None else self.paired.token
