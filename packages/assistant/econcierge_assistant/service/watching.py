"""The reading side of the loop: search when it is time, visit each printer when it is due, keep what is news."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from econcierge_assistant.service import keeping, network, pacing, roster, rules
from econcierge_printers import clock, errors, model, targets

KEEP_AT_ONCE = 32
LOOK_AGAIN_S = 60.0  # at the clock, which may have been set
AT_A_TIME = 64  # printers being visited: readings of more would wait in memory for the disk
GATHER_S = 1.0  # printers due within this are visited together

log = logging.getLogger(__name__)
_Answer = tuple[roster.Known, model.Reading]


@dataclass(slots=True)
class Plan:
    """When a printer is asked next, on the event loop's clock, and what was seen of it."""

    due_s: float = 0.0
    seen: pacing.Seen = field(default_factory=pacing.Seen)
    looked_for: bool = False  # since it fell silent


class Watcher:
    """Reads on real seconds of the event loop; the wall clock stamps what is read and says which hours are quiet."""

    def __init__(
        self,
        *,
        printers: network.Network,
        known: roster.Roster,
        keeper: keeping.Keeper,
        kept: asyncio.Event,
        pace: pacing.Pace,
        now: clock.Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._network = printers
        self._roster = known
        self._keeper = keeper
        self._kept = kept
        self._pace = pace
        self._now = now
        self._jitter = jitter
        self._wake = asyncio.Event()
        self._search_wanted = asyncio.Event()
        self._search: asyncio.Task[int] | None = None
        self._searched_s = -1e9
        self.last_search_at: datetime | None = None
        self._plans: dict[int, Plan] = {}
        self._visiting: set[int] = set()
        self._lost = False
        self._disk_complaint = ""

    @property
    def searching(self) -> bool:
        return self._search is not None and not self._search.done()

    def apply(self, pace: pacing.Pace) -> None:
        """From now on at this pace; what was planned by a slower one is brought forward."""
        if pace == self._pace:
            return
        self._pace = pace
        latest_s = asyncio.get_running_loop().time() + pace.interval_s
        for plan in self._plans.values():
            plan.due_s = min(plan.due_s, latest_s)
        self._wake.set()
        self._search_wanted.set()

    async def discover_forever(self) -> None:
        """At start, at night, and when printers seem to have moved; ends a search that runs when it is ended."""
        try:
            while True:
                self._search_wanted.clear()
                if self._search_is_due():
                    await self.discover_now()
                slice_s = min(self._pace.discovery_interval_s, LOOK_AGAIN_S)
                await _either(self._search_wanted, slice_s)
        finally:
            if self._search is not None:
                self._search.cancel()

    async def discover_now(self) -> int:
        """Search at once, or join the search that runs; how many printers were new."""
        if self._search is None or self._search.done():
            self._search = asyncio.create_task(self.discover())
        return await asyncio.shield(self._search)

    async def discover(self) -> int:
        """One search by every way that is set; how many printers were new."""
        new = 0
        async for met in self._network.discover():
            is_new = await asyncio.to_thread(
                self._roster.found,
                target=met.target,
                community=met.community,
                said=met.identity,
                user=met.user,
                ipp_uri=met.ipp_uri,
            )
            if is_new:
                new += 1
                self._wake.set()
        log.info("discovery done: %d new", new)
        self._searched_s = asyncio.get_running_loop().time()
        self.last_search_at = self._now()
        await asyncio.to_thread(self._roster.searched)
        return new

    async def read_now(self, wanted: Iterable[str] | None = None) -> int:
        """Ask these printers (all for None) at once, whatever their plan, and tell even what is unchanged.

        How many were asked: those that nobody knows, that are denied, or that are being asked already are left out.
        """
        known = await asyncio.to_thread(self._roster.known)
        if wanted is not None:
            chosen = {_plain(each) for each in wanted}
            known = [each for each in known if each.target in chosen]
        asked = 0
        for start in range(0, len(known), AT_A_TIME):
            idle = self._idle(known[start : start + AT_A_TIME])
            await self.visit(idle, told=True)
            asked += len(idle)
        return asked

    async def read_forever(self) -> None:
        """Rounds overlap: a printer that is silent for seconds does not hold up the others."""
        async with asyncio.TaskGroup() as rounds:
            while True:
                self._wake.clear()
                known = await asyncio.to_thread(self._roster.known)
                if due := self._due(known):
                    rounds.create_task(self.visit(due))
                await self._pause(known)

    async def visit(self, due: Sequence[roster.Known], *, told: bool = False) -> None:
        """Ask these printers; what answers is kept at once, several together when many answer.

        `told`: somebody waits for it, so it is delivered even when it says nothing new.
        """
        answers: asyncio.Queue[_Answer | None] = asyncio.Queue()
        asked = {each.printer_id for each in due}
        self._visiting |= asked
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_all(answers, told))
                async for visit in self._network.read(self._with_what_was_seen(due)):
                    await self._note(visit, answers)
                    asked.discard(visit.known.printer_id)
                    self._visiting.discard(visit.known.printer_id)
                    if len(self._visiting) == AT_A_TIME // 2:
                        self._wake.set()
                answers.put_nowait(None)
        finally:
            self._visiting -= asked
            self._wake.set()

    async def _note(self, visit: network.Visit, answers: asyncio.Queue[_Answer | None]) -> None:
        if isinstance(visit.result, errors.PrinterError):
            await self._silent(visit.known, visit.result)
        else:
            answers.put_nowait((visit.known, visit.result))

    async def _keep_all(self, answers: asyncio.Queue[_Answer | None], told: bool) -> None:
        """Until None comes: the readings that are there, in small durable batches."""
        while (answer := await answers.get()) is not None:
            batch = [answer]
            while len(batch) < KEEP_AT_ONCE and not answers.empty():
                following = answers.get_nowait()
                if following is None:
                    answers.put_nowait(None)
                    break
                batch.append(following)
            await self._keep(batch, told)

    def _due(self, known: Sequence[roster.Known]) -> list[roster.Known]:
        """Who is due now and not being asked, as many as there is room for; whoever waits longest comes first.

        They are asked again after their interval even if the visit is cut short.
        """
        now_s = asyncio.get_running_loop().time()
        self._plans = {each.printer_id: self._plans.get(each.printer_id, Plan()) for each in known}
        due = [each for each in self._idle(known) if self._plans[each.printer_id].due_s <= now_s]
        due.sort(key=lambda each: self._plans[each.printer_id].due_s)
        del due[max(0, AT_A_TIME - len(self._visiting)) :]
        for each in due:
            self._plans[each.printer_id].due_s = now_s + self._pace.interval_s
        return due

    def _idle(self, known: Sequence[roster.Known]) -> list[roster.Known]:
        return [each for each in known if each.printer_id not in self._visiting]

    def _with_what_was_seen(self, due: Sequence[roster.Known]) -> list[roster.Known]:
        """Whom IPP may wake is decided here, by what the visits before this one showed."""
        plans = (self._plans.get(each.printer_id, Plan()) for each in due)
        return [
            replace(each, may_ask_over_ipp=pacing.may_ask_over_ipp(p.seen)) for each, p in zip(due, plans, strict=True)
        ]

    def _answered(self, known: roster.Known, reading: model.Reading, *, changed: bool) -> None:
        plan = self._plans.setdefault(known.printer_id, Plan())
        plan.looked_for = False
        plan.seen = pacing.answered(seen=plan.seen, reading=reading, changed=changed)
        self._plan_next(plan)

    async def _silent(self, known: roster.Known, error: errors.PrinterError) -> None:
        plan = self._plans.setdefault(known.printer_id, Plan())
        plan.seen = replace(plan.seen, silences=plan.seen.silences + 1)
        self._plan_next(plan)
        await asyncio.to_thread(self._roster.fell_silent, known.printer_id, reason=str(error))
        if plan.seen.silences >= pacing.LOST_AFTER_SILENCES and not plan.looked_for:
            self._look_for_lost()

    def _plan_next(self, plan: Plan) -> None:
        wait_s = pacing.next_visit_s(pace=self._pace, seen=plan.seen, now=self._now(), jitter=self._jitter())
        plan.due_s = asyncio.get_running_loop().time() + wait_s

    def _look_for_lost(self) -> None:
        """Once for each printer that stays away: it may answer at another address."""
        since_s = asyncio.get_running_loop().time() - self._searched_s
        lost = [plan for plan in self._plans.values() if plan.seen.silences >= pacing.LOST_AFTER_SILENCES]
        if pacing.lost_search_is_due(pace=self._pace, silent=len(lost), known=len(self._plans), since_last_s=since_s):
            for plan in lost:
                plan.looked_for = True
            self._lost = True
            self._search_wanted.set()

    def _search_is_due(self) -> bool:
        lost, self._lost = self._lost, False
        return lost or pacing.search_is_due(pace=self._pace, last=self.last_search_at, now=self._now())

    async def _keep(self, batch: Sequence[_Answer], told: bool) -> None:
        readings = [reading for _, reading in batch]
        try:
            kept = await asyncio.to_thread(self._keeper.keep, readings, told=told)
        except sqlite3.OperationalError as error:  # full disk, busy file: what was not written is news next time
            self._complain(str(error))
            return
        self._complain("")
        for (known, reading), (_, rank) in zip(batch, kept, strict=True):
            self._answered(known, reading, changed=rank in (rules.Rank.CHANGE, rules.Rank.USE))
        if any(rank is not None for _, rank in kept):
            self._kept.set()

    def _complain(self, problem: str) -> None:
        if problem and problem != self._disk_complaint:
            log.error("Readings cannot be stored (%s): check the disk; they are read again later.", problem)
        elif self._disk_complaint and not problem:
            log.info("readings can be stored again")
        self._disk_complaint = problem

    async def _pause(self, known: Sequence[roster.Known]) -> None:
        """Until the next printer is due, or something woke us; who is due soon after comes along."""
        now_s = asyncio.get_running_loop().time()
        due_s = [self._plans[each.printer_id].due_s for each in self._idle(known)]
        wait_s = min(due_s, default=now_s + self._pace.interval_s) - now_s
        least_s = min(GATHER_S, self._pace.interval_s / 10)
        await _either(self._wake, max(wait_s, least_s))


async def _either(event: asyncio.Event, wait_s: float) -> None:
    """Until it is set, or the time is up. `asyncio.wait_for` of Python 3.11 may swallow a cancellation here."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(wait_s):
            await event.wait()


def _plain(target: str) -> str:
    """As the roster writes it: without the usual port, without which of several printers behind an address."""
    try:
        return str(targets.parse_target(target.partition("#")[0]))
    except ValueError:
        return target
