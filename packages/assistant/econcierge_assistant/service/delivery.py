"""From the spool to the platform: which report, what its outcome means for it, and how long to pause."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from econcierge_assistant.service import errors, rules, spool, texts, uplink

REVOKED_RETRY_S = 3600.0
TOKEN_LOOK_S = 5.0
MOST_CALL_S = 180.0
T = TypeVar("T")

log = logging.getLogger(__name__)


class Sender(Protocol):
    """The face of `uplink.Uplink` that delivery needs."""

    def send(self, report: spool.Sealed) -> uplink.Outcome: ...

    def token_changed(self) -> bool: ...


class Courier:
    """Delivers until the spool is empty, says each problem once, and never drops what was not answered."""

    def __init__(
        self,
        *,
        waiting: spool.Spool,
        sender: Sender,
        kept: asyncio.Event,
        heard: Callable[[uplink.Outcome], None] = lambda outcome: None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`heard` is told every outcome, on the event loop."""
        self._spool = waiting
        self._sender = sender
        self._kept = kept
        self._heard = heard
        self._jitter = jitter
        self._failures = 0
        self._said: texts.Said | None = None

    async def run(self) -> None:
        while True:
            self._kept.clear()
            outcome = await self.step()
            if outcome is None:
                await self._kept.wait()
            elif outcome.verdict is uplink.Verdict.REVOKED:
                await self._wait_for_a_token()
            elif outcome.verdict is uplink.Verdict.LATER:
                await asyncio.sleep(self._pause_s(outcome))

    async def step(self) -> uplink.Outcome | None:
        """One attempt; None when nothing waits."""
        report = await asyncio.to_thread(self._spool.next_report)
        if report is None:
            return None
        try:
            outcome = await in_daemon_thread(lambda: self._sender.send(report))
        except errors.Trouble as error:
            outcome = uplink.Outcome(uplink.Verdict.LATER, error.said)
        await asyncio.to_thread(self._settle, report, outcome)
        self._heard(outcome)
        return outcome

    def _settle(self, report: spool.Sealed, outcome: uplink.Outcome) -> None:
        match outcome.verdict:
            case uplink.Verdict.DELIVERED:
                self._spool.delivered(report.message_id, duplicate=outcome.duplicate)
                self._recovered()
            case uplink.Verdict.REFUSED | uplink.Verdict.TOO_LARGE:
                self._give_up_or_split(report, outcome)
            case uplink.Verdict.LATER | uplink.Verdict.REVOKED:
                self._failures += 1
                self._say(outcome)

    def _give_up_or_split(self, report: spool.Sealed, outcome: uplink.Outcome) -> None:
        """One bad reading must not take its neighbours along (P33): halves, until it stands alone."""
        if self._spool.split(report.message_id):
            log.warning("report %s is sent again in two halves: %s", report.message_id, outcome.sentence)
        else:
            self._spool.refuse(report.message_id, sentence=outcome.sentence)

    def _say(self, outcome: uplink.Outcome) -> None:
        if outcome.said is None or outcome.said == self._said:
            return
        self._said = outcome.said
        self._spool.note_problem(outcome.said)
        if outcome.verdict is uplink.Verdict.REVOKED:
            log.error("%s Sending stops, reading goes on; pair this computer again.", outcome.sentence)
        else:
            log.warning("%s Readings are kept and sent later.", outcome.sentence)

    def _recovered(self) -> None:
        if self._said:
            log.info("delivery works again")
        self._said, self._failures = None, 0

    def _pause_s(self, outcome: uplink.Outcome) -> float:
        wait_s = rules.back_off_s(self._failures, jitter=self._jitter())
        return max(wait_s, outcome.retry_after_s or 0.0)

    async def _wait_for_a_token(self) -> None:
        """Rarely by itself, soon after somebody paired again."""
        waited_s = 0.0
        while waited_s < REVOKED_RETRY_S and not self._sender.token_changed():
            await asyncio.sleep(TOKEN_LOOK_S)
            waited_s += TOKEN_LOOK_S


async def in_daemon_thread(call: Callable[[], T]) -> T:
    """Await a blocking call that is abandoned when we stop: the process never waits for a dead line.

    What the service tells people (`AssistantError`) is raised here; anything else is a bug, and said to be one. A
    server that drips its answer byte by byte never times out by itself: after `MOST_CALL_S` it is a `Trouble`.
    """
    loop = asyncio.get_running_loop()
    settled: asyncio.Future[T] = loop.create_future()

    def settle(results: list[T | errors.AssistantError]) -> None:
        if settled.done():
            return
        if not results:
            settled.set_exception(RuntimeError("the sending thread died; its trace is above"))
        elif isinstance(found := results[0], errors.AssistantError):
            settled.set_exception(found)
        else:
            settled.set_result(found)

    def work() -> None:
        results: list[T | errors.AssistantError] = []
        try:
            results.append(call())
        except errors.AssistantError as error:
            results.append(error)
        finally:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, results)

    threading.Thread(target=work, name="uplink", daemon=True).start()
    try:
        async with asyncio.timeout(MOST_CALL_S):
            return await settled
    except TimeoutError as error:
        raise errors.Trouble(texts.said("dripping", seconds=round(MOST_CALL_S))) from error
