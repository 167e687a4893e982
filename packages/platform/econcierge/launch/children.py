"""Child processes that never outlive us, on Linux not even when we are killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    signal_when_orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Starts a command in a session of its own (no Ctrl-C from our terminal reaches it), its output added to `log`.

    Call it from a thread that lives as long as the child should: that thread's end counts as the parent's death.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603  our own commands
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=directory,
            start_new_session=True,
            preexec_fn=_die_with_parent(signal_when_orphaned),
        )


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    libc, parent = _LIBC, os.getpid()
    if libc is None:
        return None

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_kernel


def is_over(child: subprocess.Popen[bytes]) -> bool:
    """Whether the child has ended; it stays unreaped, so that its process group keeps its number."""
    if child.returncode is not None:
        return True
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def send(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Sends a signal to the child and everything it started, as long as it has not been reaped."""
    if child.returncode is None:
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS answers the latter for a group of the dead
            return


def reap(child: subprocess.Popen[bytes]) -> int:
    """Ends what the child left behind in its group, and gives its exit status. Call it when `is_over`."""
    send(child, signal.SIGKILL)
    return child.wait()
