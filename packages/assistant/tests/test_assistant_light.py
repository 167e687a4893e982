"""The service stays light and on its side of the wall: what it imports is what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import econcierge_assistant
from econcierge_assistant.service import pairing

HEAVY = (
    *("django", "pydantic", "PySide6", "aiohttp", "httpx", "requests", "click", "numpy", "econcierge"),
    *("keyring", "jeepney", "secretstorage", "cryptography", "tuf", "securesystemslib"),
)
MOST_IDLE_MB = 40.0  # of G04's 50 for a thousand printers
IN_A_CHILD = {("keyring_child.py", "keyring")}  # a process of its own that ends at once
ROOT = Path(econcierge_assistant.__file__).parent


def test_running_the_service_imports_nothing_heavy() -> None:
    script = "import sys, econcierge_assistant.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "econcierge_printers" in loaded
    assert not set(HEAVY) & set(loaded)


def test_the_service_is_made_of_the_standard_library_and_printers_only() -> None:
    own = {"econcierge_assistant", "econcierge_printers"}
    foreign = {
        (path.name, name)
        for path in (*(ROOT / "service").rglob("*.py"), ROOT / "cli.py")
        for name in imported(path)
        if name not in own and name not in sys.stdlib_module_names
    }
    assert foreign == IN_A_CHILD


def test_no_module_of_the_assistant_imports_the_platform() -> None:
    modules = list(ROOT.rglob("*.py"))
    assert len(modules) > 10
    assert not [path for path in modules if imported(path) & {"econcierge", "econcierge_virtual", "django"}]


def imported(path: Path) -> set[str]:
    """The top names of everything a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_at_work_it_loads_nothing_heavy_and_stays_small(
    serve_portal: Callable[..., Any], authority: Any, tmp_path: Path
) -> None:
    """The real process: paired over TLS, its face served, a reading delivered; then what it has loaded and weighs."""
    portal = serve_portal(context=authority.context())
    token = pairing.write_private(tmp_path / "token", "first")
    options = [*("--server", portal.url, "--token-file", str(token), "--ca-file", str(authority.path))]
    options += [*("--data", str(tmp_path / "data"), "--range", "127.0.0.9")]
    words = [sys.executable, "-X", "importtime", "-m", "econcierge_assistant.cli", "run", *options]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "discovery done" in line:
                break
        weight_mb = resident_mb(process.pid)
        process.terminate()
        said += process.stderr.readlines()
    assert portal.heartbeats
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in said if line.startswith("import time:")}
    assert {"econcierge_assistant", "ssl", "sqlite3"} <= loaded
    assert not set(HEAVY) & loaded
    assert weight_mb is None or weight_mb <= MOST_IDLE_MB


def resident_mb(process_id: int) -> float | None:
    """None where the system has no /proc."""
    try:
        text = Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return None
    return next(int(row.split()[1]) / 1024 for row in text.splitlines() if row.startswith("VmRSS:"))
