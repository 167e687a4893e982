"""Signing in as the desktop decides it without Qt: addresses, codes, refusals, the banner, the service's file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import econcierge_assistant
from econcierge_assistant.desktop.core import (
    local,
    problems,
    signing_in,
    standing,
    texts,
)
from econcierge_assistant.desktop.core import types as t

NOW = datetime(2026, 11, 23, 19, 5, tzinfo=UTC)
CORE = Path(econcierge_assistant.__file__).parent / "desktop" / "core"


@pytest.fixture(autouse=True)
def _english() -> None:
    texts.use(texts.Language.ENGLISH)


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
