"""What the desktop decides without Qt: answers read tolerantly, the worst state, search, words, sign-in, settings."""

from __future__ import annotations

import ast
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
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
    local,
    moments,
    palette,
    parsing,
    problems,
    readings,
    search,
    signing_in,
    standing,
    texts,
    wording,
    worst,
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


def test_the_worst_of_a_fleet_is_what_nobody_has_settled() -> None:
    printers = fleet()
    assert worst.of_fleet(printers) is t.Worst.ALMOST_EMPTY
    needs = worst.needs(printers)
    assert [(need.printer.name, need.supply.colour) for need in needs] == [
        ("Comptabilité", "black"), ("Réception", "black"), ("Juridique", "cyan"),
    ]  # fmt: skip


def test_what_is_on_its_way_needs_nobody() -> None:
    row = people.printer(1, language="en", now=NOW)
    row["supplies"][0]["coming"] = people.coming("o-1", "PP-1", language="en", now=NOW)
    (printer,) = parsing.fleet({"items": [row]}).printers
    assert worst.needs([printer]) == []
    assert worst.of_fleet([printer]) is t.Worst.ATTENTION


def test_an_unknown_word_is_no_alarm() -> None:
    row = people.printer(4, language="en", now=NOW)
    row["supplies"][0]["word"] = "purple"
    del row["worst"]
    (printer,) = parsing.fleet({"items": [row]}).printers
    assert printer.worst is t.Worst.FINE


def test_a_silent_printer_is_silent_whatever_its_levels() -> None:
    archives = next(printer for printer in fleet() if printer.name == "Archives")
    assert archives.worst is t.Worst.SILENT
    assert worst.of_fleet([archives]) is t.Worst.SILENT


def test_the_list_begins_with_the_worst_and_then_what_runs_out_first() -> None:
    names = [printer.name for printer in worst.sorted_fleet(fleet())]
    assert names[:5] == ["Comptabilité", "Réception", "Juridique", "Archives", "Atelier"]


# Search and words


@pytest.mark.parametrize(
    ("question", "found"),
    [("reception", "Réception"), ("RÉCEPTION", "Réception"), ("room 105", "Juridique"), ("6510", "Atelier"),
     ("3vk481237", "Comptabilité"), ("10.0.0.24", "Salle de courrier")],
)  # fmt: skip
def test_search_finds_by_name_place_model_serial_and_address(question: str, found: str) -> None:
    assert search.matching(fleet(), question)[0].name == found


def test_every_word_of_the_question_has_to_be_there() -> None:
    assert search.matching(fleet(), "reception 405")
    assert not search.matching(fleet(), "reception 6510")
    assert len(search.matching(fleet(), "  ")) == 20


def test_a_bar_says_all_of_it_in_words() -> None:
    supply = fleet()[3].supplies[0]
    assert wording.alternative(supply, now=NOW).startswith(
        "Black toner: 75\u00a0%, the gauge only moves in steps of 25 points, low from 20\u00a0%, runs out "
    )


def test_a_level_without_a_number_is_words_and_never_a_number() -> None:
    expedition = next(printer for printer in fleet() if printer.name == "Expédition")
    assert wording.level(expedition.supplies[0]) == "some left (not measured)"


def test_needs_are_sentences_in_both_languages() -> None:
    need = worst.needs(fleet())[0]
    assert wording.need(need).startswith("Black toner is almost empty (4\u00a0%), runs out November 27")
    assert wording.headline(worst.needs(fleet())) == "Three things need you"
    texts.use(texts.Language.FRENCH)
    assert wording.need(need).startswith("Black toner presque épuisé (4\u00a0%)")
    assert wording.headline([]) == "Rien ne demande votre attention"
    assert wording.after_article("toner noir", "toner") == "le toner noir"
    assert wording.after_article("encre noire", "ink") == "l’encre noire"
    assert wording.after_article("agrafes", "staples") == "les agrafes"


@pytest.mark.parametrize(
    ("minutes", "english", "french"),
    [(1, "just now", "à l’instant"), (59, "59 minutes ago", "il y a 59 minutes"),
     (60, "1 hour ago", "il y a 1 heure"), (47 * 60, "47 hours ago", "il y a 47 heures"),
     (72 * 60, "3 days ago", "il y a 3 jours")],
)  # fmt: skip
def test_ages(minutes: int, english: str, french: str) -> None:
    at = NOW - timedelta(minutes=minutes)
    assert moments.ago(at, now=NOW) == english
    texts.use(texts.Language.FRENCH)
    assert moments.ago(at, now=NOW) == french


def test_moments_and_days() -> None:
    at = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    assert moments.moment(at, now=NOW, zone=UTC) == "today 14:05"
    assert moments.long_day(date(2027, 9, 1), on=NOW.date()) == "September\u00a01, 2027"
    texts.use(texts.Language.FRENCH)
    assert moments.moment(at, now=NOW, zone=UTC) == "aujourd’hui à 14\u00a0h\u00a005"
    assert moments.long_day(date(2027, 9, 1), on=NOW.date()) == "1er\u00a0septembre\u00a02027"
    assert moments.whole(76064) == "76\u00a0064"


def test_the_language_follows_the_wish_then_the_system_then_english() -> None:
    assert texts.choose(wish="", system=["de-DE", "fr-CA"]) is texts.Language.FRENCH
    assert texts.choose(wish="en", system=["fr_CA"]) is texts.Language.ENGLISH
    assert texts.choose(wish="", system=["de", "C"]) is texts.Language.ENGLISH


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", ["#ffe600", "#0b5d5b", "#000000", "#ffffff", "#c8102e"])
def test_the_dealers_colour_reads_on_every_ground(accent: str, dark: bool) -> None:
    found = palette.palette(dark=dark, accent=accent)
    colour = palette.parsed(found.accent)
    assert colour
    for name in (found.paper, found.surface, found.wash):
        ground = palette.parsed(name)
        assert ground
        assert palette.contrast(colour, ground) >= 4.5


def test_a_colour_that_is_none_leaves_our_own() -> None:
    assert palette.palette(dark=False, accent="red; }") is palette.LIGHT


# Signing in


@pytest.mark.parametrize(
    ("typed", "server", "invitation"),
    [
        ("portal.example.com", "https://portal.example.com", ""),
        (" HTTPS://Portal.Example.com/ ", "https://portal.example.com", ""),
        ("https://portal.example.com/i/AB12-CD34/", "https://portal.example.com", "AB12-CD34"),
        ("https://portal.example.com/d/port/join/AB12", "https://portal.example.com", "AB12"),
        ("https://portal.example.com/download/?invitation=XY", "https://portal.example.com", "XY"),
        ("http://127.0.0.1:8000/portal/", "http://127.0.0.1:8000", ""),
        ("localhost:8000", "https://localhost:8000", ""),
    ],
)
def test_addresses_and_invitation_links(typed: str, server: str, invitation: str) -> None:
    assert signing_in.target(typed) == signing_in.Target(server, invitation)


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "http://portal.example.com", "ftp://portal.example.com", "https://", "a b", "https://x:99999", "://"],
)
def test_what_is_no_address_gets_a_sentence(typed: str) -> None:
    with pytest.raises(signing_in.BadAddress) as refused:
        signing_in.target(typed)
    assert str(refused.value).endswith(".")


@given(typed=st.text(max_size=40))
def test_anything_typed_is_an_address_or_a_sentence(typed: str) -> None:
    try:
        server = signing_in.target(typed).server
    except signing_in.BadAddress as error:
        server = str(error)
    assert server.startswith("https://") or server.endswith(".") or server.startswith("http://127.0.0.1")


def waiting() -> signing_in.Asked:
    return signing_in.asked(
        {"device_code": "d", "user_code": "BDWP-HQPK", "verification_uri": "https://p/", "interval": 5, "expires_in": 9}
    )


def test_waiting_for_approval_follows_rfc_8628() -> None:
    pending = signing_in.answer(400, {"error": "authorization_pending"}, waiting=waiting())
    assert pending == waiting()
    slower = signing_in.answer(400, {"error": "slow_down"}, waiting=waiting())
    assert isinstance(slower, signing_in.Asked)
    assert slower.interval_s == 10
    granted = signing_in.answer(200, {"access_token": "ecp_12345678", "person": {"name": "Tom"}}, waiting=waiting())
    assert isinstance(granted, signing_in.Granted)
    assert (granted.token, granted.person) == ("ecp_12345678", "Tom")
    assert "ecp_12345678" not in repr(granted)


@pytest.mark.parametrize("error", ["access_denied", "expired_token", "invalid_client", "nonsense", ""])
def test_a_code_that_ended_says_what_to_do(error: str) -> None:
    with pytest.raises(signing_in.Refused) as refused:
        signing_in.answer(400, {"error": error}, waiting=waiting())
    assert str(refused.value).endswith(".")


def test_a_server_in_trouble_is_waited_for() -> None:
    assert signing_in.answer(503, None, waiting=waiting()) == waiting()


@pytest.mark.parametrize("token", ["", "short", "with space in it", "two\nlines of it", "é" * 10])
def test_what_is_no_token_is_not_taken(token: str) -> None:
    with pytest.raises(signing_in.Refused):
        signing_in.answer(200, {"access_token": token}, waiting=waiting())


# Problems


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500, 503, 302])
@pytest.mark.parametrize("body", [None, [], {"error": "x"}, {"error": {"text": "Say this.", "fields": {"a": 1}}}])
def test_every_refusal_is_a_sentence(status: int, body: object) -> None:
    found = problems.of_status(status, body, server="portal.example.com")
    assert found.text.endswith(".")
    if isinstance(body, dict) and isinstance(body["error"], dict):
        assert found.text == "Say this."


def test_the_banner_says_what_is_wrong_and_where_levels_come_from() -> None:
    lost = problems.of_network(problems.Trouble.UNREACHABLE, server="portal.example.com")
    said = standing.banner(standing.Standing(signed_in=True, problem=lost, has_local=True), now=NOW)
    assert "portal.example.com cannot be reached" in said
    assert "monitoring service" in said
    assert standing.banner(standing.Standing(signed_in=True), now=NOW) == ""
    revoked = t.ServiceStatus(state="revoked", text={"en": "Revoked.", "fr": "Révoquée."})
    assert standing.banner(standing.Standing(signed_in=True, service=revoked), now=NOW) == "Revoked."


def test_the_banner_speaks_of_signing_out_to_who_was_signed_in_only() -> None:
    def said(state: str) -> str:
        service = t.ServiceStatus(state=state)
        return standing.banner(standing.Standing(service=service, has_local=True), now=NOW)

    assert said("not_paired") == said("pairing") == ""
    assert said("working").startswith("You are signed out.")


# The service on this computer


def test_the_service_is_found_by_its_file(tmp_path: Path) -> None:
    place = tmp_path / "local.json"
    assert local.find([place]) is None
    for damaged in (
        "",
        "[]",
        '{"port": "x", "key": "k"}',
        '{"port": 99999, "key": "k"}',
        '{"port": 1, "key": "a\\nb"}',
    ):
        place.write_text(damaged)
        assert local.find([place]) is None
    place.write_text(json.dumps({"format": 1, "port": 47631, "key": "k"}))
    assert local.find([tmp_path / "none", place]) == local.Face(47631, "k")
    assert local.places(environment={"ECONCIERGE_LOCAL_FACE": "/x/y.json"}) == [Path("/x/y.json")]
    on_linux = local.places(environment={}, platform="linux", home=Path("/users/tom"))
    assert Path("/run/econcierge-assistant/local.json") in on_linux


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
