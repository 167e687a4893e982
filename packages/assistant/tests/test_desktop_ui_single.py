"""One desktop application a person, also when two are started at the same moment or one was killed."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6 import QtCore

CHILD = """
import sys, time
from PySide6 import QtCore
from econcierge_assistant.desktop.ui import single
app = QtCore.QCoreApplication([])
made = single.Single(name=sys.argv[1], parent=app)
print("ready", flush=True)
at = float(sys.stdin.readline())
while time.time() < at:
    pass
print(made.is_first(show=False), flush=True)
sys.stdin.readline()
"""


class Started:
    """One start of the application: its socket and lock, and no window."""

    def __init__(self, name: Path) -> None:
        command = [sys.executable, "-c", CHILD, str(name)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.line() == "ready"

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go(self, *, at: float = 0.0) -> None:
        """Be the first or not, at that moment."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{at}\n")
        self.process.stdin.flush()


@contextlib.contextmanager
def started(name: Path, *, count: int) -> Iterator[list[Started]]:
    made: list[Started] = []
    try:
        for _ in range(count):
            made.append(Started(name))
        yield made
    finally:
        for each in made:
            each.process.kill()
            each.process.communicate()


def test_of_those_that_start_at_the_same_moment_one_is_the_first(tmp_path: Path) -> None:
    with started(tmp_path / "one", count=4) as starting:
        at = time.time() + 0.2
        for each in starting:
            each.go(at=at)
        assert sorted(each.line() for each in starting) == ["False", "False", "False", "True"]


def test_who_has_the_lock_and_does_not_listen_yet_is_the_first(tmp_path: Path) -> None:
    other = QtCore.QLockFile(str(tmp_path / "one.lock"))
    assert other.tryLock(0)
    with started(tmp_path / "one", count=1) as (late,):
        late.go()
        assert late.line() == "False"
    other.unlock()


def test_a_lock_that_a_killed_one_left_holds_nobody_back(tmp_path: Path) -> None:
    with started(tmp_path / "one", count=2) as (killed, after):
        killed.go()
        assert killed.line() == "True"
        killed.process.kill()
        killed.process.wait()
        assert (tmp_path / "one.lock").exists()
        after.go()
        assert after.line() == "True"
