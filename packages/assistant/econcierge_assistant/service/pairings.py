"""Whom this computer is paired with, followed while the service runs; and pairing it when the desktop asks for it."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

from econcierge_assistant.service import (
    delivery,
    device_flow,
    errors,
    line,
    pairing,
    settings,
    standing,
    texts,
)
from econcierge_printers import clock

LOOK_S = 2.0
KEYRING_AGAIN_S = 60.0
_Stamp = tuple[int, int] | None

log = logging.getLogger(__name__)


_TYPED = {
    "server_no_address": "typed_no_address",
    "server_with_more": "typed_with_more",
    "server_in_clear": "typed_in_clear",
}


def _as_typed(said: texts.Said, server: str) -> texts.Said:
    """For somebody at a window, who knows no options of a command line."""
    code = _TYPED.get(said.code)
    reason = texts.said(code, url=line.printable(server)) if code else said
    return texts.said("wrong_address", reason=reason)


class Pairings:
    """Its line to the paired server is made anew with every pairing, because it holds the certificates in memory."""

    def __init__(self, *, chosen: settings.Settings, stands: standing.Standing) -> None:
        self._chosen = chosen
        self._stands = stands
        self._line: line.Line | None = None
        self._seen: _Stamp | bool = False  # False: not looked yet
        self._look_again_s = 0.0
        self._beginning = asyncio.Lock()
        self._wanted: tuple[str, str | None] | None = None
        self._waiting: asyncio.Task[None] | None = None

    def current_line(self) -> line.Line:
        """Only while this computer is paired."""
        assert self._line is not None
        return self._line

    async def follow(self) -> None:
        """Look now and then whether somebody paired or unpaired this computer; at once when it begins."""
        try:
            while True:
                stamp = await asyncio.to_thread(self._stamp)
                if stamp != self._seen or self._is_time_again():
                    self._seen = stamp
                    await self._look()
                await asyncio.sleep(LOOK_S)
        finally:
            self._stop_waiting()

    async def begin(self, *, server: str, invitation: str | None) -> standing.Shown:
        """A code to show, for the desktop; `Trouble` says why there is none."""
        self._check_may_begin(server)
        try:
            at = await asyncio.to_thread(settings.line_of, self._chosen, server)
        except errors.BadSettings as error:
            raise errors.Trouble(_as_typed(error.said, server)) from error
        async with self._beginning:
            wanted = (str(at.server), invitation)
            if self._stands.shown is None or self._wanted != wanted:
                offer = await delivery.in_daemon_thread(lambda: device_flow.ask_for_code(at, invitation=invitation))
                self._stop_waiting()
                self._wanted = wanted
                self._stands.show(offer)
                self._waiting = asyncio.create_task(self._wait(at, offer))
        assert self._stands.shown is not None
        return self._stands.shown

    def keep(self, found: pairing.Pairing) -> pairing.Pairing:
        """Store it and go on with it; `OSError` when it cannot be stored, and then nothing has changed. Blocking."""
        kept = pairing.keep(data=self._chosen.data, pairing=found, environment=os.environ)
        self._seen = self._stamp()
        return kept

    def _check_may_begin(self, server: str) -> None:
        stands, fixed = self._stands, self._chosen.server
        if stands.paired is not None and stands.refused is None:
            raise errors.Trouble(texts.said("already_paired", server=stands.paired.server))
        if self._is_given:
            raise errors.Trouble(texts.said("token_is_given"))
        if fixed and not settings.same_address(fixed, server):
            raise errors.Trouble(texts.said("server_is_set", server=fixed))

    async def _wait(self, at: line.Line, offer: device_flow.Offer) -> None:
        """Until the code is approved, refused or too old; what came of it stays to be seen."""
        try:
            granted = await device_flow.wait_for_approval(
                at, offer, aside=delivery.in_daemon_thread, now=clock.system_clock
            )
            self._adopt(await asyncio.to_thread(self.keep, granted), is_given=False)
        except errors.Trouble as error:
            log.warning("%s", error)
            self._stands.note("pairing", error.said)
        except (errors.AssistantError, OSError) as error:
            log.error("this computer was approved, but that could not be stored: %s", error)
            self._stands.note("pairing", texts.said("pairing_unusable", reason=line.printable(str(error))))
        finally:
            if self._waiting is asyncio.current_task():
                self._waiting = None
                self._stands.show(None)

    def _stop_waiting(self) -> None:
        """A code that was shown is not waited for any more: another one is, or somebody paired otherwise."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.cancel()
            self._stands.show(None)

    async def _look(self) -> None:
        self._look_again_s = 0.0
        try:
            found = await delivery.in_daemon_thread(lambda: settings.paired(self._chosen))
        except errors.Trouble as error:  # a keyring that is locked now may be open later
            self._look_again_s = asyncio.get_running_loop().time() + KEYRING_AGAIN_S
            self._none(error.said, error)
        except errors.NotPaired as error:
            is_damaged = (self._chosen.data / pairing.PAIRING_NAME).exists()
            self._none(texts.said("pairing_unusable", reason=error.said) if is_damaged else None, error)
        except errors.BadSettings as error:
            self._none(texts.said("pairing_unusable", reason=error.said), error)
        else:
            self._stop_waiting()
            self._adopt(found, is_given=self._is_given)

    def _adopt(self, found: pairing.Pairing, *, is_given: bool) -> None:
        before = self._stands.paired
        if before is not None and (before.token, before.server) == (found.token, found.server):
            return
        self._line = settings.line_of(self._chosen, found.server)
        self._stands.pair(found, is_given=is_given)
        log.info("paired with %s", found.server)

    def _none(self, problem: texts.Said | None, error: errors.AssistantError) -> None:
        if self._stands.paired is not None or not self._stands.looked:
            log.warning("%s", error)
            self._stands.pair(None)
        self._stands.note("token", problem)

    def _is_time_again(self) -> bool:
        return 0.0 < self._look_again_s <= asyncio.get_running_loop().time()

    @property
    def _is_given(self) -> bool:
        return bool(self._chosen.token or self._chosen.token_file)

    def _stamp(self) -> _Stamp:
        """Changes whenever the stored pairing, or the file of a given token, is replaced or rewritten."""
        path = self._chosen.data / pairing.PAIRING_NAME
        if self._chosen.token_file:
            path = Path(self._chosen.token_file).expanduser()
        elif self._chosen.token:
            return None
        try:
            found = path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino
