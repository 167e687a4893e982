"""The service as the Windows service control manager wants it: says that it runs, and stops when it is told to.

The protocol (Microsoft's "Service Control Manager", winsvc.h) by ctypes, without pywin32. The dispatcher has a thread
of its own, so that the service works in the main thread as everywhere else and ends as on an interrupt. The order of
calls is tested with a manager that is played; it has not been run on Windows yet.
"""

from __future__ import annotations

import _thread
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from econcierge_assistant.service import errors, texts
from econcierge_assistant.service.install import where

_OWN_PROCESS = 0x10
STOPPED, START_PENDING, STOP_PENDING, RUNNING = 1, 2, 3, 4
_ACCEPT_STOP, _ACCEPT_SHUTDOWN = 0x1, 0x4
CONTROL_STOP, CONTROL_INTERROGATE, CONTROL_SHUTDOWN = 1, 4, 5
_NO_ERROR, _NOT_IMPLEMENTED, _SERVICE_SPECIFIC = 0, 120, 1066
_WAIT_HINT_MS = 20_000
_LOG_BYTES = 1_000_000
_CALLBACK: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)  # the latter where this is only tested
_MAIN = _CALLBACK(None, ctypes.c_ulong, ctypes.POINTER(ctypes.c_wchar_p))
_HANDLER = _CALLBACK(ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_void_p)


class _TableEntry(ctypes.Structure):
    """SERVICE_TABLE_ENTRYW"""

    _fields_ = [("name", ctypes.c_wchar_p), ("main", _MAIN)]


class Status(ctypes.Structure):
    """SERVICE_STATUS"""

    _fields_ = [
        (name, ctypes.c_ulong)
        for name in (
            "service_type",
            "current_state",
            "controls_accepted",
            "win32_exit_code",
            "service_specific_exit_code",
            "check_point",
            "wait_hint",
        )
    ]


class Manager(Protocol):
    """Three functions of advapi32."""

    def StartServiceCtrlDispatcherW(self, table: Any) -> int: ...  # noqa: N802

    def RegisterServiceCtrlHandlerExW(self, name: str, handler: Any, context: Any) -> Any: ...  # noqa: N802

    def SetServiceStatus(self, handle: Any, status: Any) -> int: ...  # noqa: N802


def prepare(data: Path) -> None:
    """Where the desktop finds the service, and a log that does not grow for ever: a service has no console."""
    os.environ.setdefault("ECONCIERGE_LOCAL_FACE", str(data.parent / where.FACE_NAME))
    if sys.stderr is None:
        log = data.parent / "assistant.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        sys.stderr = log.open("a", encoding="utf-8", buffering=1)


def run(
    work: Callable[[], int],
    *,
    manager: Manager | None = None,
    interrupt: Callable[[], None] = lambda: _thread.interrupt_main(signal.SIGINT),
) -> int:
    """Do the work in this (the main) thread until the manager says stop; its exit status."""
    service = _Service(manager or _advapi32(), interrupt)
    if not service.started():
        raise errors.BadSettings(texts.said("only_for_windows_manager"))
    status = 1
    try:
        status = work()
    finally:
        service.ended(status)
    return status


class _Service:
    """What the manager's threads and ours tell each other."""

    def __init__(self, manager: Manager, interrupt: Callable[[], None]) -> None:
        self._manager = manager
        self._interrupt = interrupt
        self._handle: Any = None
        self._decided = threading.Event()  # the manager took us, or would not
        self._done = threading.Event()
        self._status = 0
        self._state = START_PENDING
        self._main = _MAIN(self._service_main)  # kept: the manager calls them as long as we live
        self._handler = _HANDLER(self._control)
        self._dispatcher = threading.Thread(target=self._dispatch, name="service manager", daemon=True)

    def started(self) -> bool:
        self._dispatcher.start()
        self._decided.wait()
        return self._handle is not None

    def ended(self, status: int) -> None:
        """Let the manager know, and wait until its thread came back."""
        self._status = status
        self._done.set()
        self._dispatcher.join(timeout=10)

    def _dispatch(self) -> None:
        table = (_TableEntry * 2)(_TableEntry(where.NAME, self._main), _TableEntry(None, _MAIN()))
        self._manager.StartServiceCtrlDispatcherW(table)  # returns when we are stopped, or at once when nobody asked
        self._decided.set()

    def _service_main(self, _count: int, _arguments: Any) -> None:
        self._handle = self._manager.RegisterServiceCtrlHandlerExW(where.NAME, self._handler, None)
        self._say(RUNNING)
        self._decided.set()
        self._done.wait()
        self._say(STOPPED)

    def _control(self, control: int, _kind: int, _data: Any, _context: Any) -> int:
        if control in (CONTROL_STOP, CONTROL_SHUTDOWN):
            if self._state == RUNNING:
                self._say(STOP_PENDING)
                self._interrupt()
            return _NO_ERROR
        return _NO_ERROR if control == CONTROL_INTERROGATE else _NOT_IMPLEMENTED

    def _say(self, state: int) -> None:
        self._state = state
        failed = state == STOPPED and self._status != 0
        said = Status(
            _OWN_PROCESS,
            state,
            _ACCEPT_STOP | _ACCEPT_SHUTDOWN if state == RUNNING else 0,
            _SERVICE_SPECIFIC if failed else _NO_ERROR,
            self._status if failed else 0,
            0,
            _WAIT_HINT_MS if state == STOP_PENDING else 0,
        )
        self._manager.SetServiceStatus(self._handle, ctypes.byref(said))


def _advapi32() -> Manager:
    if sys.platform != "win32":
        raise errors.BadSettings(texts.said("only_on_windows"))
    library: Any = ctypes.WinDLL("advapi32", use_last_error=True)
    library.RegisterServiceCtrlHandlerExW.restype = ctypes.c_void_p
    library.RegisterServiceCtrlHandlerExW.argtypes = [ctypes.c_wchar_p, _HANDLER, ctypes.c_void_p]
    library.SetServiceStatus.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    return library
