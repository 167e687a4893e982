"""Settings and pairing: typed, loud in one sentence, the token never where others read it."""

from __future__ import annotations

import asyncio
import dataclasses
import stat
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from econcierge_assistant.service import errors, pairing, pairings, portal_settings, settings, standing
from econcierge_printers import clock


def written(folder: Path, text: str) -> Path:
    path = folder / settings.SETTINGS_NAME
    path.write_text(text)
    return path


def test_the_command_line_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    written(tmp_path, 'server = "https://a"\ninterval_s = 60\nrange = ["10.0.0.0/24"]\n')
    chosen = settings.load(given={"data": str(tmp_path), "server": "https://b", "site": None}, file=None)
    assert (chosen.server, chosen.interval_s, chosen.range) == ("https://b", 60.0, ("10.0.0.0/24",))
    assert chosen.community == ("public",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("intervall_s = 60", "did you mean interval_s"),
        ("wombat = 1", "no setting 'wombat'"),
        ("interval_s = 0", "at least 0.1"),
        ("interval_s = inf", "must be a number"),
        ("interval_s = true", "must be a number"),
        ('interval_s = "soon"', "must be a number"),
        ('range = "10.0.0.0/24"', "list of texts"),
        ('range = [""]', "list of texts"),
        ("server = 7", "must be a text"),
        ('insecure_http = "yes"', "true or false"),
        ("server = ", "is not TOML"),
        ('data = "/elsewhere"', "no setting 'data'"),
        ('night_from = "20:00"', "together"),
        ('night_from = "8 pm"', "time of day"),
        ('methods = ["telepathy"]', "broadcast, mdns, sweep"),
        ('discover = "no"', "true or false"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    written(tmp_path, text)
    with pytest.raises(errors.BadSettings, match=sentence):
        settings.load(given={"data": str(tmp_path)}, file=None)


def test_every_setting_stands_in_its_page() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "assistant-settings.md").read_text()
    for field in dataclasses.fields(settings.Settings):
        assert f"`{field.name}`" in page or f"`[[{field.name}]]`" in page or field.name == "data", field.name
    for name in sorted(portal_settings.PortalSettings.__slots__):
        assert f"`{name}`" in page or name in ("version", "site", "customer", "language", "unusable"), name


def test_times_of_day_and_both_ways_to_write_them(tmp_path: Path) -> None:
    written(tmp_path, 'night_from = "19:30"\nnight_to = 07:00:00\nmethods = ["mdns"]\ndiscover = false\n')
    chosen = settings.load(given={"data": str(tmp_path)}, file=None)
    assert (chosen.night_from, chosen.night_to) == (time(19, 30), time(7))
    assert (chosen.methods, chosen.discover) == (("mdns",), False)


def test_a_named_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(errors.BadSettings, match="cannot be read"):
        settings.load(given={}, file=tmp_path / "nowhere.toml")


def load(folder: Path, **given: Any) -> settings.Settings:
    return settings.load(given={"data": str(folder), **given}, file=None)


def token_file(folder: Path, *, mode: int, text: str = "t0k3n\n") -> str:
    path = folder / "token"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_the_token_comes_from_where_it_was_given(tmp_path: Path) -> None:
    path = token_file(tmp_path, mode=0o600)
    from_file = settings.paired(load(tmp_path, server="https://a", token_file=path))
    assert from_file == settings.paired(load(tmp_path, server="https://a", token="t0k3n"))
    pairing.save(data=tmp_path, pairing=pairing.Pairing("https://b", "other"))
    assert settings.paired(load(tmp_path)).token == "other"
    assert settings.paired(load(tmp_path, server="https://B/")).token == "other"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "not paired"),
        ({"server": "https://a"}, "not paired"),
        ({"token": "t"}, "needs its server"),
        ({"token": "t", "token_file": "x", "server": "https://a"}, "not both"),
        ({"token": "two words", "server": "https://a"}, "no token"),
        ({"token_file": "/nowhere/token", "server": "https://a"}, "cannot be read"),
    ],
)
def test_a_missing_or_wrong_token_is_one_sentence(tmp_path: Path, given: dict[str, str], sentence: str) -> None:
    with pytest.raises(errors.BadSettings, match=sentence):
        settings.paired(load(tmp_path, **given))


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = token_file(tmp_path, mode=0o644)
    with pytest.raises(errors.BadSettings, match="chmod 600"):
        settings.paired(load(tmp_path, server="https://a", token_file=path))


def test_a_pairing_is_private_bound_to_its_server_and_hides_its_token(tmp_path: Path) -> None:
    made = pairing.Pairing("https://b", "s3cret")
    path = pairing.save(data=tmp_path, pairing=made)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "s3cret" not in repr(made)
    assert "s3cret" not in repr(load(tmp_path, server="https://b", token="s3cret"))
    with pytest.raises(errors.BadSettings, match="paired with https://b"):
        settings.paired(load(tmp_path, server="https://c"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"server": 1, "token": 2}', '{"server": "https://a", "token": ""}'])
def test_a_damaged_pairing_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / pairing.PAIRING_NAME
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(errors.BadSettings):
        pairing.load(data=tmp_path)


async def test_a_token_for_another_server_never_goes_to_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairings, "LOOK_S", 0.02)
    pairing.save(data=tmp_path, pairing=pairing.Pairing("https://b", "first"))
    stands = standing.Standing(now=clock.system_clock)
    followed = pairings.Pairings(chosen=load(tmp_path), stands=stands)
    following = asyncio.create_task(followed.follow())
    for server, token in (("https://b", "first"), ("https://b", "rotated"), ("https://other", "second")):
        pairing.save(data=tmp_path, pairing=pairing.Pairing(server, token))
        await stands.until(lambda expected=token: stands.token() == expected)
        assert str(followed.current_line().server) == server
    following.cancel()
    await asyncio.wait({following})
