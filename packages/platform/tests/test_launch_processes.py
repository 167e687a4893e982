"""The supervisor: starts in order, revives what dies, ends everything, even what its children started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from econcierge.launch import children, processes, ready
from econcierge.launch.errors import CannotStart

STEADY = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
WITH_GRANDCHILD = """
import subprocess, sys, time
deaf = 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)'
child = subprocess.Popen([sys.executable, '-c', deaf])
print('grandchild', child.pid, flush=True)
print('ready', flush=True)
time.sleep(600)
"""


def service(
    name: str, code: str, *, grace_s: float = 5, within_s: float = 20, is_essential: bool = True
) -> processes.Service:
    return processes.Service(
        name=name,
        command=(sys.executable, "-c", code),
        environment=dict(os.environ),
        ready=lambda log: ready.line(log, "ready"),
        ready_within_s=within_s,
        grace_s=grace_s,
        is_essential=is_essential,
    )


def is_alive(pid: int) -> bool:
    """Whether a process works; one that has ended and was not reaped yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervise(tmp_path: Path, told: list[str]) -> Iterator[Callable[..., processes.Supervisor]]:
    made: list[processes.Supervisor] = []

    def make(*services: processes.Service) -> processes.Supervisor:
        made.append(processes.Supervisor(services, logs=tmp_path, tell=told.append))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop_all()


def pids(supervisor: processes.Supervisor) -> list[int]:
    return [running.child.pid for running in supervisor._running]


def watched(supervisor: processes.Supervisor) -> threading.Thread:
    thread = threading.Thread(target=supervisor.watch, kwargs={"each_round": lambda: None})
    thread.start()
    return thread


def test_each_starts_after_the_one_before_is_ready(
    tmp_path: Path, supervise: Callable[..., processes.Supervisor]
) -> None:
    mark = tmp_path / "mark"
    first = f"import pathlib, time; pathlib.Path({str(mark)!r}).touch(); print('ready', flush=True); time.sleep(600)"
    second = f"import os, time; assert os.path.exists({str(mark)!r}); print('ready', flush=True); time.sleep(600)"
    supervisor = supervise(service("first", first), service("second", second))
    supervisor.start_all()
    assert all(is_alive(pid) for pid in pids(supervisor))


def test_a_stop_ends_all_of_them_and_what_they_started(
    tmp_path: Path, supervise: Callable[..., processes.Supervisor]
) -> None:
    supervisor = supervise(service("steady", STEADY), service("parent", WITH_GRANDCHILD))
    supervisor.start_all()
    grandchild = int((tmp_path / "parent.log").read_text().split()[1])
    all_pids = [*pids(supervisor), grandchild]
    assert all(is_alive(pid) for pid in all_pids)
    supervisor.stop_all()
    wait_until(lambda: not any(is_alive(pid) for pid in all_pids))


def test_one_that_will_not_stop_is_ended_after_its_grace(
    supervise: Callable[..., processes.Supervisor], told: list[str]
) -> None:
    supervisor = supervise(service("stubborn", STUBBORN, grace_s=0.2))
    supervisor.start_all()
    (pid,) = pids(supervisor)
    supervisor.stop_all()
    assert not is_alive(pid)
    assert told == ["stubborn did not stop in time and was ended."]


def test_one_that_dies_is_started_again_and_said_so(
    supervise: Callable[..., processes.Supervisor], told: list[str]
) -> None:
    supervisor = supervise(service("steady", STEADY))
    supervisor.start_all()
    (before,) = pids(supervisor)
    thread = watched(supervisor)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: pids(supervisor) != [before] and is_alive(pids(supervisor)[0]))
    supervisor.stop.set()
    thread.join()
    assert told[0].startswith("steady ended (by SIGKILL); it is started again now.")


def test_one_that_dies_while_starting_is_named_with_its_last_words(
    supervise: Callable[..., processes.Supervisor],
) -> None:
    supervisor = supervise(service("broken", "raise SystemExit('error: no such thing')"))
    with pytest.raises(CannotStart, match=r"broken ended while starting: error: no such thing\."):
        supervisor.start_all()


def test_one_that_is_not_essential_holds_nothing_up(
    supervise: Callable[..., processes.Supervisor], told: list[str]
) -> None:
    broken = service("broken", "raise SystemExit('error: no such thing')", is_essential=False)
    supervisor = supervise(broken, service("steady", STEADY))
    supervisor.start_all()
    assert told[0].startswith("broken ended while starting: error: no such thing.")
    assert is_alive(pids(supervisor)[1])


def test_one_that_never_becomes_ready_is_named(supervise: Callable[..., processes.Supervisor]) -> None:
    supervisor = supervise(service("slow", "import time; time.sleep(600)", within_s=0.2))
    with pytest.raises(CannotStart, match="slow was not ready within 0 seconds"):
        supervisor.start_all()


def test_a_stop_while_starting_is_heard(supervise: Callable[..., processes.Supervisor]) -> None:
    supervisor = supervise(service("slow", "import time; time.sleep(600)"), service("never", STEADY))
    threading.Timer(0.2, supervisor.stop.set).start()
    supervisor.start_all()
    assert len(pids(supervisor)) == 1


def test_pauses_grow_to_a_minute_and_no_further() -> None:
    assert [processes.pause_after(deaths) for deaths in (1, 2, 3, 4, 8, 9, 1000)] == [0, 1, 2, 4, 60, 60, 60]


ORPHANING = """
import sys, time
from pathlib import Path
from econcierge.launch import children
child = children.start([sys.executable, '-c', 'import time; time.sleep(600)'], log=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ORPHANING, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    wait_until(lambda: not is_alive(child))


def test_a_child_is_out_of_reach_of_our_terminal(tmp_path: Path) -> None:
    child = children.start([sys.executable, "-c", STEADY], log=tmp_path / "log")
    try:
        assert os.getsid(child.pid) == child.pid
    finally:
        children.reap(child)


def test_an_old_line_in_the_log_does_not_count(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("ready\n")
    check = ready.line(log, "ready")
    assert check() is False
    with log.open("a") as file:
        file.write("ready\n")
    assert check() is True
