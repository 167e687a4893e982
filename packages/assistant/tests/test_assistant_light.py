"""The service stays light and on its side of the wall: what it imports is what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import econcierge_assistant

HEAVY = (
    *("django", "pydantic", "PySide6", "aiohttp", "httpx", "requests", "click", "numpy", "econcierge"),
    *("keyring", "jeepney", "secretstorage", "cryptography", "tuf", "securesystemslib"),
)
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
