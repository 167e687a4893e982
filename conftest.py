"""What holds for every test of every package.

Qt's tests are played where Qt's own libraries are; elsewhere they are skipped aloud, and the others still run. No test
leaves a variable behind in the environment: the order of tests is another one every time.

`make test` plays several files at a time, in processes that each have a database server of their own.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# a shell that starts the tests in its background has them, and every command they start, ignore Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

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


WHOLE_PRODUCT = "tests/e2e/"
LONGEST_FIRST = (WHOLE_PRODUCT, "tests/installers/", "packages/platform/tests/ingest/test_mails_under_kills.py")


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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, so that nobody waits for it alone at the end; the rest stays in random order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))
    items.sort(key=lambda item: not item.nodeid.startswith(WHOLE_PRODUCT))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one more than processors, as tests wait half of their time."""
    return min(os.cpu_count() or 1, 7) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    config.option.loadscopereorder = False
    return _FilesApart(config, log)


class _FilesApart(LoadScopeScheduling):
    """A file's tests in one process; one process for all that start the whole product, which wants a machine."""

    def _split_scope(self, nodeid: str) -> str:
        return WHOLE_PRODUCT if nodeid.startswith(WHOLE_PRODUCT) else nodeid.partition("::")[0]


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
