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
        while True:
            self._found.clear()
            known = await asyncio.to_thread(self._roster.known)
            await self.visit(self._due(known))
            await self._pause(known)

    async def visit(self, due: Sequence[roster.Known]) -> None:
        """Ask these printers, keep the answers in small durable batches."""
        readings: list[model.Reading] = []
        if not due:
            return
        async for visit in self._network.read(due):
            if isinstance(visit.result, errors.PrinterError):
                await self._silent(visit.known, visit.result)
                continue
            self._answered(visit.known)
            readings.append(visit.result)
            if len(readings) >= KEEP_AT_ONCE:
                await self._keep(readings)
                readings = []
        await self._keep(readings)

    def _due(self, known: Sequence[roster.Known]) -> list[roster.Known]:
        """Who is due now; asked again after their interval even if the visit is cut short."""
        now_s = asyncio.get_running_loop().time()
        self._plans = {each.printer_id: self._plans.get(each.printer_id, Plan()) for each in known}
        due = [each for each in known if self._plans[each.printer_id].due_s <= now_s]
        for each in due:
            self._plans[each.printer_id].due_s = now_s + self._interval_s
        return due

    def _answered(self, known: roster.Known) -> None:
        self._plans.setdefault(known.printer_id, Plan()).silences = 0

    async def _silent(self, known: roster.Known, error: errors.PrinterError) -> None:
        plan = self._plans.setdefault(known.printer_id, Plan())
        plan.silences += 1
        pause_s = rules.next_visit_s(interval_s=self._interval_s, failures=plan.silences)
        plan.due_s = asyncio.get_running_loop().time() + pause_s
        await asyncio.to_thread(self._roster.fell_silent, known.printer_id, reason=str(error))

    async def _keep(self, readings: Sequence[model.Reading]) -> None:
        if not readings:
            return
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
        wait_s = min((self._plans[each.printer_id].due_s for each in known), default=now_s + self._interval_s) - now_s
        try:
            await asyncio.wait_for(self._found.wait(), timeout=max(wait_s, 0.01))
        except TimeoutError:
            return
