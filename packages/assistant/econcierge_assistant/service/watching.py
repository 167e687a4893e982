"""The reading side of the loop: discover on a schedule, visit each printer when it is due, keep what is news."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from econcierge_assistant.service import keeping, network, roster, rules
from econcierge_printers import errors, model

KEEP_AT_ONCE = 32

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Plan:
    """When a printer is asked next, on the event loop's clock, and how often in a row it was silent."""

    due_s: float = 0.0
    silences: int = 0


class Watcher:
    """Reads on real seconds of the event loop; the wall clock only stamps what is read."""

    def __init__(
        self,
        *,
        printers: network.Network,
        known: roster.Roster,
        keeper: keeping.Keeper,
        kept: asyncio.Event,
        interval_s: float,
        discovery_interval_s: float,
    ) -> None:
        self._network = printers
        self._roster = known
        self._keeper = keeper
        self._kept = kept
        self._interval_s = interval_s
        self._discovery_interval_s = discovery_interval_s
        self._found = asyncio.Event()
        self._plans: dict[int, Plan] = {}
        self._visiting: set[int] = set()
        self._disk_complaint = ""

    async def discover_forever(self) -> None:
        while True:
            await self.discover()
            await asyncio.sleep(self._discovery_interval_s)

    async def discover(self) -> int:
        """One sweep of the ranges; how many printers were new."""
        new = 0
        async for met in self._network.discover():
            is_new = await asyncio.to_thread(
                self._roster.found, target=met.target, community=met.community, said=met.identity
            )
            if is_new:
                new += 1
                self._found.set()
        log.info("discovery done: %d new", new)
        return new

    async def read_forever(self) -> None:
        """Rounds overlap: a printer that is silent for seconds does not hold up the others."""
        async with asyncio.TaskGroup() as rounds:
            while True:
                self._found.clear()
                known = await asyncio.to_thread(self._roster.known)
                if due := self._due(known):
                    rounds.create_task(self.visit(due))
                await self._pause(known)

    async def visit(self, due: Sequence[roster.Known]) -> None:
        """Ask these printers; what answers is kept at once, several together when many answer."""
        answers: asyncio.Queue[model.Reading | None] = asyncio.Queue()
        asked = {each.printer_id for each in due}
        self._visiting |= asked
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_all(answers))
                async for visit in self._network.read(due):
                    await self._note(visit, answers)
                    asked.discard(visit.known.printer_id)
                    self._visiting.discard(visit.known.printer_id)
                answers.put_nowait(None)
        finally:
            self._visiting -= asked

    async def _note(self, visit: network.Visit, answers: asyncio.Queue[model.Reading | None]) -> None:
        if isinstance(visit.result, errors.PrinterError):
            await self._silent(visit.known, visit.result)
        else:
            self._answered(visit.known)
            answers.put_nowait(visit.result)

    async def _keep_all(self, answers: asyncio.Queue[model.Reading | None]) -> None:
        """Until None comes: the readings that are there, in small durable batches."""
        while (reading := await answers.get()) is not None:
            batch = [reading]
            while len(batch) < KEEP_AT_ONCE and not answers.empty():
                following = answers.get_nowait()
                if following is None:
                    answers.put_nowait(None)
                    break
                batch.append(following)
            await self._keep(batch)

    def _due(self, known: Sequence[roster.Known]) -> list[roster.Known]:
        """Who is due now and not being asked; asked again after their interval even if the visit is cut short."""
        now_s = asyncio.get_running_loop().time()
        self._plans = {each.printer_id: self._plans.get(each.printer_id, Plan()) for each in known}
        due = [each for each in self._idle(known) if self._plans[each.printer_id].due_s <= now_s]
        for each in due:
            self._plans[each.printer_id].due_s = now_s + self._interval_s
        return due

    def _idle(self, known: Sequence[roster.Known]) -> list[roster.Known]:
        return [each for each in known if each.printer_id not in self._visiting]

    def _answered(self, known: roster.Known) -> None:
        self._plans.setdefault(known.printer_id, Plan()).silences = 0

    async def _silent(self, known: roster.Known, error: errors.PrinterError) -> None:
        plan = self._plans.setdefault(known.printer_id, Plan())
        plan.silences += 1
        pause_s = rules.next_visit_s(interval_s=self._interval_s, silences=plan.silences)
        plan.due_s = asyncio.get_running_loop().time() + pause_s
        await asyncio.to_thread(self._roster.fell_silent, known.printer_id, reason=str(error))

    async def _keep(self, readings: Sequence[model.Reading]) -> None:
        try:
            kept = await asyncio.to_thread(self._keeper.keep, readings)
        except sqlite3.OperationalError as error:  # full disk, busy file: what was not written is news next time
            self._complain(str(error))
            return
        self._complain("")
        if any(rank is not None for _, rank in kept):
            self._kept.set()

    def _complain(self, problem: str) -> None:
        if problem and problem != self._disk_complaint:
            log.error("Readings cannot be stored (%s): check the disk; they are read again later.", problem)
        elif self._disk_complaint and not problem:
            log.info("readings can be stored again")
        self._disk_complaint = problem

    async def _pause(self, known: Sequence[roster.Known]) -> None:
        """Until the next printer is due, or discovery found one."""
        now_s = asyncio.get_running_loop().time()
        due_s = [self._plans[each.printer_id].due_s for each in self._idle(known)]
        wait_s = min(due_s, default=now_s + self._interval_s) - now_s
        try:
            await asyncio.wait_for(self._found.wait(), timeout=max(wait_s, 0.01))
        except TimeoutError:
            return
