"""Bad input and bad days: each has a sentence that helps, and the window goes on."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6 import QtCore, QtNetwork

from econcierge_assistant.desktop.core import keeping
from econcierge_virtual.portal_api import TOKEN, Portal, Serving

Desk = Any
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def local(serving: Serving, tmp_path: Path) -> Path:
    """The service of this computer runs."""
    return serving.write_local_face(tmp_path / "local.json")


def banner(desk: Desk) -> str:
    return str(desk.window.banner.text()) if desk.window.banner.isVisible() else ""


def test_an_expired_token_leads_to_signing_in_and_levels_stay(
    make: Callable[..., Desk], serving: Serving, portal: Portal, local: Path
) -> None:
    desk = make(server=serving.url, local=local)
    desk.until(lambda: desk.says("Three things need you"))
    portal.tokens.clear()
    desk.app.session.refresh()
    desk.until(lambda: "Sign in again" in banner(desk))
    desk.until(lambda: desk.app.session.standing.has_local)
    assert not (desk.data / keeping.TOKEN_NAME).exists()
    desk.until(lambda: desk.says("Three things need you"))
    assert desk.says("Réception")  # the platform's name for what the service reads
    assert not any("Order black" in text for text in desk.texts())
    desk.click("Sign in")
    desk.until(lambda: desk.says("Connect this computer"))


def test_who_one_is_is_asked_again_when_the_platform_is_back(
    make: Callable[..., Desk], serving: Serving, portal: Portal
) -> None:
    portal.answers = dict.fromkeys(["/api/v1/me", "/api/v1/printers"], (503, None))
    desk = make(server=serving.url)
    desk.until(lambda: "has a problem at the moment" in banner(desk))
    portal.answers.clear()
    desk.app.session.refresh()
    desk.until(lambda: desk.says("Order black toner"))
    assert banner(desk) == ""


def test_without_the_platform_levels_come_from_the_service(
    make: Callable[..., Desk], tmp_path: Path, portal: Portal
) -> None:
    with Serving(portal) as away, Serving(Portal(now=portal.now)) as service:
        local = service.write_local_face(tmp_path / "local.json")
        desk = make(server=away.url, local=local)
        desk.until(lambda: desk.says("Three things need you"))
        away.close()
        desk.app.session.refresh()
        desk.until(lambda: desk.app.session.standing.has_local)
        desk.until(lambda: "cannot be reached" in banner(desk))
        assert "Levels come from the monitoring service" in banner(desk)
        assert len(desk.app.session.fleet.printers) == 20


def test_without_both_the_last_levels_stay_with_their_time(make: Callable[..., Desk], portal: Portal) -> None:
    with Serving(portal) as away:
        desk = make(server=away.url)
        desk.until(lambda: desk.says("Three things need you"))
        away.close()
        desk.app.session.refresh()
        desk.until(lambda: "What you see is from" in banner(desk))
        assert len(desk.app.session.fleet.printers) == 20
        assert not any("Order black" in text for text in desk.texts())


def test_a_first_start_without_anything_says_what_is_missing(make: Callable[..., Desk]) -> None:
    desk = make()
    desk.until(lambda: desk.says("Connect this computer"))
    desk.window.show_printers()
    desk.until(lambda: desk.says("the monitoring service is not running on this computer"))
    desk.window.show_settings()
    desk.until(lambda: desk.says("It is not running, or not installed."))


@pytest.mark.parametrize(
    "garbage", [b"<html>hello</html>", b"", b"\xff\xfe\x00", b"[" * 5000, {"items": 4}, [], {"items": [4, None, {}]}]
)
def test_garbage_is_a_sentence_and_no_crash(
    make: Callable[..., Desk], serving: Serving, portal: Portal, garbage: Any
) -> None:
    portal.answers = dict.fromkeys(["/api/v1/printers", "/api/v1/me", "/v1/status", "/v1/printers"], (200, garbage))
    desk = make(server=serving.url)
    desk.until(lambda: desk.asked("GET", "/api/v1/printers") and not desk.app.session.asking)
    if garbage == {"items": [4, None, {}]}:
        assert desk.app.session.fleet.printers == ()
    else:
        desk.until(lambda: "answered something that is not econcierge" in banner(desk))


def test_garbage_on_every_page_is_a_sentence(desk: Desk) -> None:
    for path in ("/slots/1001/choices", "/orders", "/orders/o-10391", "/printers/100", "/quotes"):
        desk.portal.answers[f"/api/v1{path}"] = (200, {"id": None, "items": "no", "total": 3})
    desk.app.show_order("1001")
    desk.until(lambda: desk.says("could not be read. Try again."))
    desk.window.show_orders()
    desk.until(lambda: desk.says("could not be read. Try again."))
    desk.window.show_order_status("o-10391")
    desk.until(lambda: desk.says("could not be read. Try again."))
    desk.window.show_printer("100")
    desk.until(lambda: desk.says("VersaLink C405"))


def test_the_token_never_follows_a_redirection(make: Callable[..., Desk], serving: Serving, portal: Portal) -> None:
    with Serving(Portal()) as elsewhere:
        portal.answers["/api/v1/printers"] = (302, f"{elsewhere.url}/api/v1/printers")
        desk = make(server=serving.url)
        desk.until(lambda: "not econcierge" in banner(desk))
        assert elsewhere.portal.asked == []


@pytest.mark.parametrize(
    ("names", "begins", "ends", "trusted", "why"),
    [
        (("127.0.0.1",), NOW - DAY, NOW + DAY, False, "somebody this computer does not know"),
        (("192.0.2.1",), NOW - DAY, NOW + DAY, True, "it belongs to another address"),
        (("127.0.0.1",), NOW - 2 * DAY, NOW - DAY, True, "it has expired"),
    ],
)
def test_a_certificate_that_is_not_trusted_gets_nothing(
    make: Callable[..., Desk],
    portal: Portal,
    authority: Any,
    names: tuple[str, ...],
    begins: datetime,
    ends: datetime,
    trusted: bool,
    why: str,
) -> None:
    before = QtNetwork.QSslConfiguration.defaultConfiguration()
    chosen = QtNetwork.QSslConfiguration(before)
    chosen.setCaCertificates(QtNetwork.QSslCertificate.fromPath(str(authority.path)) if trusted else [])
    QtNetwork.QSslConfiguration.setDefaultConfiguration(chosen)
    try:
        with Serving(portal, context=authority.context(names=names, begins=begins, ends=ends)) as serving:
            desk = make(server=serving.url)
            desk.until(lambda: "is not trusted" in banner(desk))
            assert why in banner(desk)
            assert portal.asked == []
    finally:
        QtNetwork.QSslConfiguration.setDefaultConfiguration(before)


def test_a_trusted_certificate_is_enough(make: Callable[..., Desk], portal: Portal, authority: Any) -> None:
    before = QtNetwork.QSslConfiguration.defaultConfiguration()
    chosen = QtNetwork.QSslConfiguration(before)
    chosen.setCaCertificates(QtNetwork.QSslCertificate.fromPath(str(authority.path)))
    QtNetwork.QSslConfiguration.setDefaultConfiguration(chosen)
    try:
        context: ssl.SSLContext = authority.context()
        with Serving(portal, context=context) as serving:
            desk = make(server=serving.url)
            desk.until(lambda: desk.says("Three things need you"))
    finally:
        QtNetwork.QSslConfiguration.setDefaultConfiguration(before)


@pytest.mark.parametrize(("state", "step"), [("revoked", "Connect again"), ("not_paired", "Connect this computer")])
def test_a_service_that_was_disconnected_is_connected_again_from_the_banner(
    make: Callable[..., Desk], serving: Serving, portal: Portal, local: Path, state: str, step: str
) -> None:
    status = {"format": 1, "state": state, "text": {"en": "Its access is gone.", "fr": "Son accès est retiré."}}
    portal.answers["/v1/status"] = (200, status)
    desk = make(server=serving.url, local=local)
    desk.until(lambda: banner(desk) == "Its access is gone.")
    desk.click(step)
    desk.click("Get a code")
    desk.until(lambda: desk.says("The same approval connects the monitoring service"))
    assert desk.asked("POST", "/v1/pair") == [{"server": serving.url, "invitation": None}]
    del portal.answers["/v1/status"]
    portal.pairing = "granted"
    desk.until(lambda: desk.says("Three things need you"))
    desk.until(lambda: banner(desk) == "")
    desk.until(lambda: keeping.load_token(desk.data) not in {"", TOKEN})
    assert len(desk.asked("DELETE", "/api/v1/token")) == 1


# Signing in


def type_address(desk: Desk, text: str) -> None:
    address = desk.window.sign_in().address
    address.clear()
    desk.bot.keyClicks(address, text)
    desk.bot.keyClick(address, QtCore.Qt.Key.Key_Return)


def test_signing_in_by_a_code_approves_the_service_as_well(
    make: Callable[..., Desk], serving: Serving, portal: Portal, local: Path
) -> None:
    status = {"format": 1, "state": "not_paired", "text": {"en": "Not connected.", "fr": "Non associé."}}
    portal.answers["/v1/status"] = (200, status)
    desk = make(local=local)
    desk.until(lambda: desk.says("Connect this computer"))
    type_address(desk, f"{serving.url}/i/AB12-CD34/")
    desk.until(lambda: desk.says("BDWP-HQPK"))
    assert desk.says("The same approval connects the monitoring service")
    (asked,) = desk.asked("POST", "/gateway/v1/pair")
    assert (asked["client_id"], asked["together_with"], asked["invitation"]) == ("desktop", "KQTV-ZMDR", "AB12-CD34")
    assert desk.asked("POST", "/v1/pair") == [{"server": serving.url, "invitation": "AB12-CD34"}]
    assert desk.button("Open the portal") is desk.window.focusWidget()
    assert desk.window.focusWidget().has_ring  # Enter was pressed, not the mouse
    desk.click("Open the portal")
    assert desk.opened == [f"{serving.url}/pair/?code=BDWP-HQPK"]
    portal.pairing = "granted"
    desk.until(lambda: desk.says("Three things need you"))
    assert desk.window.focusWidget() is desk.window.printers().list
    desk.until(lambda: desk.app.session.kept.token_kept_in == "file")
    assert keeping.load_token(desk.data).startswith("ecp_")
    assert TOKEN not in (desk.data / keeping.SETTINGS_NAME).read_text()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [("access_denied", "The code was refused in the portal."), ("expired_token", "The code has expired"),
     ("invalid_client", "does not know how to let this application in")],
)  # fmt: skip
def test_a_code_that_ended_says_why(
    make: Callable[..., Desk], serving: Serving, portal: Portal, error: str, sentence: str
) -> None:
    portal.pairing = error
    desk = make()
    type_address(desk, serving.url)
    desk.until(lambda: desk.says(sentence))
    portal.pairing = "authorization_pending"
    desk.click("Get a code")
    desk.until(lambda: desk.says("BDWP-HQPK"))
    desk.click("Cancel")
    desk.until(lambda: desk.says("Connect this computer"))
    assert desk.window.focusWidget() is desk.window.sign_in().address


def test_a_wrong_address_says_so(make: Callable[..., Desk], serving: Serving, portal: Portal) -> None:
    desk = make()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        type_address(desk, nobody)
        desk.until(lambda: desk.says("cannot be reached. Check the address"))
    type_address(desk, "http://portal.example.com")
    desk.until(lambda: desk.says("The address has to begin with https://"))
    portal.answers["/gateway/v1/pair"] = (200, b"<html>a shop</html>")
    type_address(desk, serving.url)
    desk.until(lambda: desk.says("that is not econcierge"))
    portal.answers["/gateway/v1/pair"] = (404, b"not here")
    type_address(desk, serving.url)
    desk.until(lambda: desk.says("that is not econcierge"))
    portal.answers["/gateway/v1/pair"] = (429, json.dumps({"error": {"text": "Wait a minute."}}).encode())
    type_address(desk, serving.url)
    desk.until(lambda: desk.says("Wait a minute."))


def test_signing_out_forgets_the_token_here_and_there(desk: Desk) -> None:
    desk.click("Settings")
    desk.click("Sign out")
    desk.until(lambda: desk.says("You are signed out."))
    desk.until(lambda: desk.asked("DELETE", "/api/v1/token"))
    assert keeping.load_token(desk.data) == ""
    assert desk.app.session.kept.server == desk.portal.base
