"""`econcierge run` as its user meets it: started, told what is wrong, stopped, killed, started again."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from econcierge.launch import demo_facts, demo_time, plan, run
from econcierge.launch.errors import CannotStart
from econcierge_printers import clock

# The real launcher and the real database around two services that need no platform.
LAUNCHER = """
import sys
from econcierge.launch import processes, ready, run, services
SERVES = "import socketserver as s, sys; s.TCPServer.allow_reuse_address = True;" \\
    "s.TCPServer(('127.0.0.1', int(sys.argv[1])), s.BaseRequestHandler).serve_forever()"
def some(plan, told, facts):
    command = (sys.executable, "-c", SERVES, str(plan.web.number))
    yield processes.Service("web", command, told, ready=lambda log: ready.listening(plan.web.number))
services.services = lambda plan, told, facts: list(some(plan, told, facts))
services.preparations = lambda plan: [("Looking at the database", (sys.executable, "-c",
    "import os, psycopg; psycopg.connect(os.environ['ECONCIERGE_DATABASE_OWNER_URL']).close();"
    "psycopg.connect(os.environ['ECONCIERGE_DATABASE_APP_URL']).close();"
    "import pathlib; pathlib.Path(os.environ.get('ECONCIERGE_DEMO_FACTS', '/dev/null')).write_text('{}')"))]
sys.exit(run.main())
"""


def free_block() -> int:
    """A port with a few free ones after it, as `PORT` wants."""
    for first in range(random.randrange(20_000, 31_000), 32_700):
        if all(_is_free(number) for number in range(first, first + 5)):
            return first
    raise AssertionError("no free ports")


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", number)) != 0


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


Launch = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ECONCIERGE", "DATABASE", "DEMO"))
    }
    return {**kept, "ECONCIERGE_DATA_DIR": str(tmp_path / "var"), "PORT": str(free_block())}


@pytest.fixture
def launch(environment: dict[str, str]) -> Iterator[Launch]:
    started: list[subprocess.Popen[str]] = []

    def start(**more: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER],
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)


def read_until(child: subprocess.Popen[str], text: str) -> str:
    assert child.stdout is not None
    seen = ""
    for line in child.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} never came: {seen}")


def test_it_says_where_it_is_and_ctrl_c_ends_all_of_it(
    launch: Launch, environment: dict[str, str], tmp_path: Path
) -> None:
    child = launch()
    said = read_until(child, "Ctrl-C stops all of it.")
    assert f"econcierge is ready:  http://localhost:{environment['PORT']}" in said
    assert "econcierge est prêt" in said
    child.send_signal(signal.SIGINT)
    child.send_signal(signal.SIGINT)  # make passes it on once more
    rest, _ = child.communicate(timeout=60)
    assert child.returncode == 0, rest
    assert "Stopped." in rest
    assert _is_free(int(environment["PORT"]))
    assert not (tmp_path / "var" / "postgres" / "data" / "postmaster.pid").exists()


def test_a_second_start_is_told_where_the_first_one_is(launch: Launch, environment: dict[str, str]) -> None:
    read_until(launch(), "Ctrl-C stops all of it.")
    second = launch(PORT=str(free_block()))
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"It already runs from this folder: http://localhost:{environment['PORT']}" in said


def test_after_a_kill_nothing_is_left_and_it_starts_again(
    launch: Launch, environment: dict[str, str], tmp_path: Path
) -> None:
    first = launch()
    read_until(first, "Ctrl-C stops all of it.")
    first.kill()
    wait_until(lambda: _is_free(int(environment["PORT"])))
    wait_until(lambda: not (tmp_path / "var" / "postgres" / "data" / "postmaster.pid").exists())
    read_until(launch(), "Ctrl-C stops all of it.")


def test_a_taken_port_is_named_with_the_remedy(launch: Launch, environment: dict[str, str]) -> None:
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", int(environment["PORT"])))
        squatter.listen()
        child = launch()
        said, _ = child.communicate(timeout=60)
    assert child.returncode == 1
    assert f"Port {environment['PORT']} for the web pages cannot be used" in said
    assert "PORT=8080 make run" in said
    assert "Traceback" not in said


def test_a_broken_database_url_is_named(launch: Launch) -> None:
    child = launch(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "No PostgreSQL server answers at 127.0.0.1:1" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "web", "PORT is “web”"),
        ("PORT", "70000", "no port"),
        ("DEMO", "yes", "DEMO is"),
        ("DEMO_SPEED", "-1", "DEMO_SPEED"),
    ],
)
def test_a_wrong_choice_is_named(environment: dict[str, str], name: str, value: str, said: str) -> None:
    with pytest.raises(CannotStart, match=said):
        plan.make({**environment, name: value})


def test_the_choice_of_the_demo_is_remembered(environment: dict[str, str]) -> None:
    first = plan.make(environment)
    assert first.demo is True
    first.places.data.mkdir()
    plan.remember(plan.make({**environment, "DEMO": "0"}))
    assert plan.make(environment).demo is False
    assert plan.make({**environment, "DEMO": "1"}).demo is True


def test_all_ports_follow_the_first(environment: dict[str, str]) -> None:
    moved = plan.make({**environment, "PORT": "9000", "MAIL_PORT": "9999"})
    assert [port.number for port in moved.ports()] == [9000, 9999, 9002, 9003, 9004]


def test_demo_time_stands_still_between_two_starts_and_never_goes_back(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "clock.json"
    first = demo_time.DemoTime(file, speed=3600)
    first.start()
    assert abs(first.now() - datetime.now(UTC)) < timedelta(minutes=1)
    clock.set_demo_clock(file, at=datetime(2030, 1, 1, tzinfo=UTC), speed=1)
    first.stop()
    second = demo_time.DemoTime(file, speed=3600)
    second.start()
    assert timedelta() <= second.now() - datetime(2030, 1, 1, tzinfo=UTC) < timedelta(minutes=1)
    second.run()
    second.keep()
    before_crash = second.now()
    third = demo_time.DemoTime(file, speed=3600)
    third.start()
    assert third.now() >= before_crash


def test_facts_of_the_demo_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    with pytest.raises(CannotStart, match="did not leave its facts"):
        demo_facts.read(file)
    sign_in = {"who": "Customer", "email": "a@b.example", "password": "demo"}
    file.write_text(json.dumps({"sign_ins": [sign_in], "look_first": ["Open it."]}))
    facts = demo_facts.read(file)
    assert facts.sign_ins[0].email == "a@b.example"
    said = run.summary(plan.make({"ECONCIERGE_DATA_DIR": str(tmp_path)}), facts)
    assert "Customer  a@b.example  demo" in said
    assert "Open it." in said
