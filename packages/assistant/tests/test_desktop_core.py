"""What the desktop decides without Qt: answers read tolerantly, readings, settings, keys; no Qt in the core."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import econcierge_assistant
from econcierge_assistant.desktop.core import (
    fields,
    keeping,
    keys,
    parsing,
    readings,
    signing_in,
    texts,
)
from econcierge_assistant.desktop.core import types as t
from econcierge_virtual import portal_people as people

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
CORE = Path(econcierge_assistant.__file__).parent / "desktop" / "core"


@pytest.fixture(autouse=True)
def _english() -> None:
    texts.use(texts.Language.ENGLISH)


def fleet(count: int = 20) -> tuple[t.Printer, ...]:
    items = [people.printer(index, language="en", now=NOW) for index in range(count)]
    return parsing.fleet({"items": items}).printers


def test_the_core_imports_no_qt_and_no_window() -> None:
    wrong = {
        (path.name, name)
        for path in CORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imported(node)
        if name.startswith(("PySide6", "econcierge_assistant.desktop.ui", "econcierge_assistant.service"))
    }
    assert not wrong


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_the_process_loads_no_other_network_library() -> None:
    script = (
        "import sys\n"
        "from econcierge_assistant.desktop import main\n"
        "from econcierge_assistant.desktop.ui import application, window, order_page, orders_page, printer_page,"
        " settings_page, sign_in_page, single\n"
        "print(*sorted({'ssl', 'socket', 'http', 'asyncio', 'requests', 'keyring'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


# Answers of others

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "items", "supplies", "slot_id", "percent", "total", "amount_minor", "text", "state"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(body=JSON)
def test_any_answer_is_a_value_or_unreadable(body: object) -> None:
    for read in (
        parsing.me,
        parsing.fleet,
        parsing.printer_page,
        parsing.choices,
        parsing.quote,
        parsing.orders,
        parsing.order,
        parsing.repair,
        parsing.service_status,
        parsing.pairing,
        signing_in.asked,
    ):
        try:
            read(body)
        except fields.Unreadable:
            continue


def test_one_row_that_cannot_be_read_does_not_hide_the_others() -> None:
    items = [people.printer(0, language="en", now=NOW), {"name": "nobody"}, 7]
    found = parsing.fleet({"items": items, "next": None, "looked_at": "2026-11-23T18:59:00Z"})
    assert [printer.name for printer in found.printers] == ["Réception"]
    assert found.looked_at == datetime(2026, 11, 23, 18, 59, tzinfo=UTC)


@pytest.mark.parametrize("percent", [150, -2, "50", True, float("nan"), None])
def test_what_is_no_percentage_is_none(percent: object) -> None:
    row = {**people.printer(0, language="en", now=NOW)["supplies"][0], "percent": percent}
    (printer,) = parsing.fleet({"items": [{"id": "1", "name": "A", "supplies": [row]}]}).printers
    assert printer.supplies[0].percent is None


def test_a_quote_without_a_total_is_nothing_to_agree_to() -> None:
    with pytest.raises(fields.Unreadable, match="total"):
        parsing.quote({"lines": [], "total": {"amount_minor": "100", "text": "1 $"}})


def test_only_web_addresses_are_ever_opened() -> None:
    order = parsing.order({"id": 4, "portal_url": "file:///etc/passwd", "lines": [
        {"tracking": [{"carrier": "P", "number": "1", "url": "javascript:alert(1)"}]}]})  # fmt: skip
    assert order.portal_url == ""
    assert order.lines[0].parcels[0].url == ""
    assert order.order_id == "4"


# The worst state


def test_readings_become_printers_with_words_but_nothing_to_order() -> None:
    items = [people.local_printer(index, now=NOW) for index in range(13)]
    found = readings.fleet({"items": [*items, {"reading": 4}]}, now=NOW)
    assert len(found.printers) == 13
    first = found.printers[0]
    assert [supply.word for supply in first.supplies] == ["low", "fine", "fine", "fine", "fine"]
    assert first.supplies[0].name == "black toner"
    assert found.printers[1].worst is t.Worst.ALMOST_EMPTY
    assert found.printers[12].worst is t.Worst.SILENT
    assert found.printers[11].supplies[0].word == "some_left"
    assert not any(supply.may_be_ordered for printer in found.printers for supply in printer.supplies)


def test_readings_keep_the_names_that_the_platform_gave() -> None:
    items = [people.local_printer(0, now=NOW)]
    found = readings.fleet({"items": items}, now=NOW, known=fleet())
    assert (found.printers[0].name, found.printers[0].key) == ("Réception", "100")
    assert found.printers[0].supplies[0].slot_id == "1001"


# What is remembered


def test_settings_come_back_and_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    kept = keeping.Kept("https://p", "fr", "file", {"1001": keeping.Noted(1, 18.0)})
    keeping.save(tmp_path / "new", kept)
    assert keeping.load(tmp_path / "new") == kept
    for damaged in ("", "[]", "{", '{"noted": {"a": {"mark": 9}, "b": 3}, "server": 4}'):
        (tmp_path / "new" / keeping.SETTINGS_NAME).write_text(damaged)
        assert keeping.load(tmp_path / "new") == keeping.Kept()


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX")
def test_a_token_in_a_file_is_its_owners_only(tmp_path: Path) -> None:
    keeping.save_token(tmp_path, "ecp_secret")
    path = tmp_path / keeping.TOKEN_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keeping.load_token(tmp_path) == "ecp_secret"
    path.chmod(0o644)
    assert keeping.load_token(tmp_path) == ""
    keeping.forget_token(tmp_path)
    keeping.forget_token(tmp_path)
    assert keeping.load_token(tmp_path) == ""


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(keeping.CannotKeep, match="file"):
        keeping.save(tmp_path / "file", keeping.Kept())


def test_keys_are_random_uuids() -> None:
    found = {keys.new() for _ in range(50)}
    assert len(found) == 50
    assert all(len(key) == 36 and key[14] == "4" and key[19] in "89ab" for key in found)
