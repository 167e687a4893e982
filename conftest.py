"""What holds for every test of every package.

Qt's tests are played where Qt's own libraries are; elsewhere they are skipped aloud, and the others still run. No test
leaves a variable behind in the environment: the order of tests is another one every time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

try:
    from PySide6 import QtWidgets  # noqa: F401 - asks for the system's libraries
except ImportError as missing:
    WHY = (
        f"the desktop application's windows are not tested: {missing}. On Debian: sudo apt-get install "
        "libegl1 libgl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libglib2.0-0"
    )
else:
    WHY = ""
    pytest_plugins = ["pytestqt.plugin"]


class _NotPlayed(pytest.Module):
    """A file of Qt's tests on a machine without Qt's libraries."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        if os.environ.get("ECONCIERGE_ALL_REQUIRED"):
            pytest.fail(WHY)
        pytest.skip(WHY, allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if WHY and module_path.name.startswith("test_desktop_ui"):
        return _NotPlayed.from_parent(parent, path=module_path)
    return None


@pytest.fixture(autouse=True)
def _environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = dict(os.environ)
    yield
    monkeypatch.undo()
    after = dict(os.environ)
    os.environ.clear()
    os.environ.update(before)
    left = {name for name, _ in before.items() ^ after.items()} - {"PYTEST_CURRENT_TEST"}
    assert not left, f"left changed in the environment: {sorted(left)}"
