"""The Debian package: built here, unpacked into a fresh folder, and both programs run from there."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import http.server
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 30
TOOLS = ("dpkg", "dpkg-deb", "objdump", "ldconfig")


@dataclass(frozen=True)
class Package:
    file: Path
    tree: Path  # as unpacked
    releases: Path
    keys: Path

    @property
    def service(self) -> str:
        return str(self.tree / "usr/bin/econcierge-assistant")

    @property
    def desktop(self) -> str:
        return str(self.tree / "usr/bin/econcierge-desktop")


@pytest.fixture(scope="module")
def releases_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("releases_for_package", ROOT / "installers" / "releases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, releases_tool: ModuleType) -> Package:
    folder = tmp_path_factory.mktemp("package")
    if missing := [tool for tool in TOOLS if shutil.which(tool, path=os.environ["PATH"] + ":/sbin:/usr/sbin") is None]:
        not_played(f"the Debian package is not built: {', '.join(missing)} is missing")
    releases_tool.init(releases=folder / "updates", keys=folder / "keys", now=datetime.now(UTC))
    root = folder / "updates" / "metadata" / "1.root.json"
    command = [
        sys.executable,
        str(ROOT / "installers" / "build.py"),
        "--root",
        str(root),
        "--out",
        str(folder),
        "--quick",
    ]
    built = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    if built.returncode != 0 and "no installed Debian package ships" in built.stderr:
        not_played(f"the Debian package is not built: {built.stderr.strip()}")
    assert built.returncode == 0, built.stderr
    file = Path(built.stdout.strip())
    subprocess.run(["dpkg-deb", "-x", str(file), str(folder / "tree")], check=True)
    return Package(file, folder / "tree", folder / "updates", folder / "keys")


def not_played(why: str) -> None:
    why += ". On Debian: sudo apt-get install $(cat installers/linux/build-depends)"
    if os.environ.get("ECONCIERGE_ALL_REQUIRED"):
        pytest.fail(why)
    pytest.skip(why)


def test_it_says_what_it_is_and_what_it_needs_of_debian(package: Package) -> None:
    fields = ("Package", "Version", "Depends")
    said = subprocess.run(["dpkg-deb", "-f", str(package.file), *fields], capture_output=True, text=True, check=True)
    described = dict(line.split(": ", 1) for line in said.stdout.splitlines())
    assert described["Package"] == "econcierge-assistant"
    depends = {each.split(" ")[0] for each in described["Depends"].split(", ")}
    assert {"libc6", "libegl1", "libxcb-cursor0", "libfontconfig1"} <= depends


def test_every_file_is_the_one_that_was_packed(package: Package, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "-e", str(package.file), str(tmp_path / "control")], check=True)
    lines = (tmp_path / "control" / "md5sums").read_text().splitlines()
    assert len(lines) > 50
    for line in lines:
        digest, _, name = line.partition("  ")
        assert hashlib.md5((package.tree / name).read_bytes()).hexdigest() == digest


def test_it_carries_no_server_and_no_path_of_the_machine_that_built_it(package: Package) -> None:
    names = {file.name.lower() for file in package.tree.rglob("*")}
    assert not names & {"django", "numpy", "pydantic", "econcierge"}
    texts = [
        file for file in package.tree.rglob("*") if file.is_file() and file.suffix in (".service", ".json", ".txt")
    ]
    assert not [file for file in texts if str(ROOT) in file.read_text(errors="replace")]


def test_the_service_runs_from_it_and_waits_to_be_connected(package: Package, tmp_path: Path) -> None:
    with running([package.service, "run", "--data", str(tmp_path / "data")], face=tmp_path / "local.json") as service:
        status = asked_of_face(tmp_path / "local.json")
        assert status["state"] == "not_paired"
        assert set(status["text"]) == {"en", "fr"}
        service.terminate()
        assert service.wait(LONGEST_S) == 0
    assert not (tmp_path / "local.json").exists()


def test_the_desktop_runs_from_it_once(package: Package, tmp_path: Path) -> None:
    with running([package.desktop], face=tmp_path / "local.json", home=tmp_path) as first:
        wait_for(lambda: any(path.is_socket() for path in tmp_path.iterdir()), "a socket for a second start")
        with running([package.desktop], face=tmp_path / "local.json", home=tmp_path) as second:
            assert second.wait(LONGEST_S) == 0
        assert first.poll() is None


def test_it_finds_a_newer_version_by_the_key_it_was_built_with(
    package: Package, releases_tool: ModuleType, tmp_path: Path
) -> None:
    newer = tmp_path / "econcierge-assistant_99.0_amd64.deb"
    newer.write_bytes(b"stands for a package")
    releases_tool.add(
        releases=package.releases, keys=package.keys, version="99.0", files=[newer], now=datetime.now(UTC)
    )
    with served(package.releases.parent) as server:
        command = [
            package.service,
            "update",
            "--check",
            "--server",
            server,
            "--data",
            str(tmp_path),
            "--language",
            "en",
        ]
        said = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    assert "Version 99.0 of" in said.stdout


def asked_of_face(file: Path) -> dict[str, Any]:
    """What the service says of itself, once it listens."""
    wait_for(file.exists, "the service's local face")
    where = json.loads(file.read_text())
    request = urllib.request.Request(
        f"http://127.0.0.1:{where['port']}/v1/status", headers={"Authorization": f"Bearer {where['key']}"}
    )
    with urllib.request.urlopen(request, timeout=LONGEST_S) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def wait_for(there: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LONGEST_S
    while not there():
        assert time.monotonic() < deadline, f"{what} did not appear"
        time.sleep(0.05)


@contextlib.contextmanager
def running(command: list[str], *, face: Path, home: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the package, ended in any case."""
    environment = {**os.environ, "ECONCIERGE_LOCAL_FACE": str(face), "QT_QPA_PLATFORM": "offscreen"}
    if home is not None:
        environment |= {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home)}
        environment |= {"XDG_RUNTIME_DIR": str(home), "TMPDIR": str(home)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(LONGEST_S)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
