"""Connecting a computer, from its first question to its token: who may approve, and every way it can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econcierge.core import codes

pytestmark = pytest.mark.django_db
Computers = Callable[..., Any]
Browsers = Callable[..., Any]


def decide(browser: Any, computer: Any, answer: str = "approve", **said: Any) -> Any:
    return browser.post("/pair/", {"code": computer.asked["user_code"], "answer": answer, **said})


def connected(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> Any:
    service = computer()
    service.ask()
    decide(browser(cast.owner), service, site=cast.sites["erable"].pk)
    assert service.poll()[0] == 200
    return service


def test_a_service_is_approved_for_a_site_and_gets_its_token_once(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service = computer()
    asked = service.ask(version="0.1.0")
    assert asked["verification_uri_complete"].endswith(f"/pair/?code={asked['user_code']}")
    assert (asked["expires_in"], asked["interval"]) == (900, 5)
    assert service.poll() == (400, {"error": "authorization_pending"})
    page = browser(cast.owner).get("/pair/", {"code": asked["user_code"].lower().replace("-", " ")})
    assert "SRV1" in page.content.decode()
    done = decide(browser(cast.owner), service, site=cast.sites["erable"].pk)
    assert done.status_code == 200
    status, given_token = service.poll()
    assert status == 200
    assert given_token["site"] == {"slug": "main", "name": "Main"}
    assert given_token["customer"] == {"name": "Érable inc."}
    assert given_token["person"]["email"] == "owner@example.test"
    assert service.poll() == (400, {"error": "invalid_grant"})
    assert service.get("/gateway/v1/settings").status_code == 200


def test_what_is_kept_cannot_be_used(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    from econcierge.fleet.models import Assistant, PairingRequest

    service = connected(cast, computer, browser)
    request, assistant = PairingRequest.objects.get(), Assistant.objects.get()
    assert service.asked["device_code"] not in str(vars(request))
    assert service.token not in str(vars(assistant))


def test_the_deeds_are_recorded(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    from econcierge.audit.models import Entry

    connected(cast, computer, browser)
    told = {entry.action: entry for entry in Entry.objects.filter(customer_id=cast.erable.pk)}
    assert {"pairing.approved", "assistant.paired"} <= set(told)
    assert told["pairing.approved"].actor_id == cast.owner.user.pk


def test_a_desktop_gets_its_persons_key(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    desktop = computer("desktop")
    desktop.ask()
    page = browser(cast.viewer).get("/pair/", {"code": desktop.asked["user_code"]}).content.decode()
    assert "<dd>Érable inc.</dd>" in page
    assert "site" not in page.partition("<main")[2].partition("</main>")[0].lower()  # a desktop reads no printers
    assert decide(browser(cast.viewer), desktop).status_code == 200
    status, given_token = desktop.poll()
    assert (status, given_token["person"]["name"], given_token["site"]) == (200, "Viewer", None)
    assert given_token["access_token"].startswith("ecp_")
    assert desktop.get("/api/v1/me").json()["role"] == "customer_viewer"
    assert desktop.get("/gateway/v1/settings").status_code == 401


def test_both_halves_of_a_computer_are_approved_with_one_button(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service, desktop = computer(), computer("desktop")
    service.ask()
    desktop.ask(together_with=service.asked["user_code"])
    page = browser(cast.owner).get("/pair/", {"code": desktop.asked["user_code"]}).content.decode()
    assert "one approval connects the monitoring service and the desktop application" in page
    decide(browser(cast.owner), desktop, site=cast.sites["erable"].pk)
    assert service.poll()[0] == 200
    assert desktop.poll()[0] == 200


def test_who_may_not_approve_the_service_still_connects_their_own_desktop(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service, desktop = computer(), computer("desktop")
    service.ask()
    desktop.ask(together_with=service.asked["user_code"])
    page = browser(cast.viewer).get("/pair/", {"code": service.asked["user_code"]}).content.decode()
    assert "can be connected by your company’s administrator" in page
    decide(browser(cast.viewer), service)
    assert desktop.poll()[0] == 200
    assert service.poll() == (400, {"error": "authorization_pending"})


@pytest.mark.parametrize("who", ["colleague", "viewer", "technician"])
def test_who_may_not_connect_a_service(who: str, cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    service = computer()
    service.ask()
    assert decide(browser(getattr(cast, who)), service, site=cast.sites["erable"].pk).status_code == 403
    assert browser(getattr(cast, who)).get("/pair/", {"code": service.asked["user_code"]}).status_code == 403
    assert service.poll() == (400, {"error": "authorization_pending"})


def test_nobody_connects_a_service_to_a_site_of_others(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service = computer()
    service.ask()
    for who in (cast.neighbour, cast.stranger, cast.rival):
        answer = decide(browser(who), service, site=cast.sites["erable"].pk)
        assert answer.status_code == 400
        assert "Érable" not in answer.content.decode()
    assert service.poll() == (400, {"error": "authorization_pending"})
    assert decide(browser(cast.seller), service, site=cast.sites["erable"].pk).status_code == 200
    assert service.poll()[1]["customer"] == {"name": "Érable inc."}


def test_a_technician_has_no_desktop(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    desktop = computer("desktop")
    desktop.ask()
    assert decide(browser(cast.technician), desktop).status_code == 403
    assert decide(browser(cast.technician), desktop, "refuse").status_code == 403


def test_refused(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    service, desktop = computer(), computer("desktop")
    service.ask()
    desktop.ask(together_with=service.asked["user_code"])
    decide(browser(cast.viewer), desktop, "refuse")
    assert desktop.poll() == (400, {"error": "access_denied"})
    assert service.poll() == (400, {"error": "access_denied"})


def test_a_code_ends_after_a_quarter_of_an_hour(
    cast: SimpleNamespace, computer: Computers, browser: Browsers, wall: Any
) -> None:
    service = computer()
    service.ask()
    wall.pass_s(901)
    answer = decide(browser(cast.owner), service, site=cast.sites["erable"].pk)
    assert "No computer waits with this code" in answer.content.decode()
    assert service.poll() == (400, {"error": "expired_token"})


def test_who_asks_too_fast_is_slowed_down(cast: SimpleNamespace, computer: Computers) -> None:
    service = computer()
    service.ask()
    assert service.poll()[1] == {"error": "authorization_pending"}
    assert service.poll(after_s=1)[1] == {"error": "slow_down"}
    assert service.poll(after_s=5)[1] == {"error": "slow_down"}  # ten seconds are asked for now
    assert service.poll(after_s=15)[1] == {"error": "authorization_pending"}


def test_what_is_no_grant(cast: SimpleNamespace, computer: Computers) -> None:
    service = computer()
    service.ask()
    assert service.poll(device_code="guessed") == (400, {"error": "invalid_grant"})
    assert service.poll(client_id="desktop") == (400, {"error": "invalid_grant"})
    assert service.poll(client_id="toaster") == (400, {"error": "invalid_client"})
    assert service.poll(grant_type="password") == (400, {"error": "unsupported_grant_type"})
    assert service.http.post("/gateway/v1/pair", {"client_id": "toaster"}).json() == {"error": "invalid_client"}
    assert service.http.get("/gateway/v1/pair").status_code == 405


def test_many_questions_from_one_address_are_put_off(cast: SimpleNamespace, computer: Computers) -> None:
    service = computer()
    answers = [service.http.post("/gateway/v1/pair", {"client_id": "assistant"}) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429
    assert int(answers[30]["Retry-After"]) >= 1


def test_ten_wrong_codes_are_enough(cast: SimpleNamespace, computer: Computers, browser: Browsers, wall: Any) -> None:
    service = computer()
    service.ask()
    owner = browser(cast.owner)
    for _ in range(10):
        answer = owner.post("/pair/", {"code": "BBBB-BBBB"})
        assert (answer.status_code, "No computer waits" in answer.content.decode()) == (400, True)
    blocked = decide(owner, service, site=cast.sites["erable"].pk)
    assert (blocked.status_code, "too many wrong codes" in blocked.content.decode()) == (429, True)
    assert decide(browser(cast.seller), service, site=cast.sites["erable"].pk).status_code == 200
    wall.pass_s(901)
    assert owner.get("/pair/", {"code": "BBBB-BBBB"}).status_code == 400


def test_what_a_computer_says_of_itself_is_shown_as_text(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service = computer()
    service.ask(computer_name="<script>\x00\n" + "x" * 300, version="\u202e9.9")
    page = browser(cast.owner).get("/pair/", {"code": service.asked["user_code"]}).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert "\u202e" not in page


def test_a_token_is_changed_for_a_new_one(
    cast: SimpleNamespace, computer: Computers, browser: Browsers, wall: Any
) -> None:
    service = connected(cast, computer, browser)
    old, new = service.token, service.post("/gateway/v1/token").json()["access_token"]
    assert service.get("/gateway/v1/settings").status_code == 200  # the old one works until the new one is used
    service.token = new
    assert service.get("/gateway/v1/settings").status_code == 200
    service.token = old
    answer = service.get("/gateway/v1/settings")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_unknown")


def test_a_computer_that_never_got_its_new_token_is_not_locked_out(
    cast: SimpleNamespace, computer: Computers, browser: Browsers, wall: Any
) -> None:
    service = connected(cast, computer, browser)
    new = service.post("/gateway/v1/token").json()["access_token"]
    wall.pass_s(40 * 86_400)
    assert service.get("/gateway/v1/settings").status_code == 200
    service.token = new
    assert service.get("/gateway/v1/settings").status_code == 200


def test_a_new_token_that_got_lost_is_asked_for_again(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service = connected(cast, computer, browser)
    lost = service.post("/gateway/v1/token").json()["access_token"]
    service.token, old = service.post("/gateway/v1/token").json()["access_token"], service.token
    assert service.get("/gateway/v1/settings").status_code == 200
    for gone in (lost, old):
        service.token = gone
        assert service.get("/gateway/v1/settings").status_code == 401


def test_disconnected_in_the_portal(cast: SimpleNamespace, computer: Computers, browser: Browsers) -> None:
    from econcierge.fleet.models import Assistant

    service = connected(cast, computer, browser)
    page = f"/computers/{Assistant.objects.get().pk}/disconnect/"
    for who, status in ((cast.viewer, 403), (cast.colleague, 403), (cast.neighbour, 404), (cast.rival, 404)):
        assert browser(who).post(page).status_code == status
    assert service.get("/gateway/v1/settings").status_code == 200
    assert "SRV1" in browser(cast.owner).get(page).content.decode()
    assert browser(cast.owner).post(page).status_code == 302
    for path in ("/gateway/v1/settings", "/gateway/v1/token", "/gateway/v1/heartbeat", "/gateway/v1/reports"):
        ask = service.get if path.endswith("settings") else service.post
        answer = ask(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_revoked"), path
    service.token = "made-up"
    assert service.get("/gateway/v1/settings").json()["error"]["code"] == "token_unknown"
    service.token = ""
    assert service.get("/gateway/v1/settings").json()["error"]["code"] == "token_unknown"


def test_who_has_not_signed_in_does_so_first_and_comes_back(
    cast: SimpleNamespace, computer: Computers, browser: Browsers
) -> None:
    service = computer()
    service.ask()
    answer = browser().get("/pair/", {"code": service.asked["user_code"]})
    assert answer.headers["Location"] == f"/accounts/login/?next=/pair/%3Fcode%3D{service.asked['user_code']}"


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_none(typed: str) -> None:
    code = codes.normal(typed)
    assert code == "" or (len(code) == 8 and codes.normal(codes.shown(code)) == code)


def test_codes_are_read_as_people_write_them() -> None:
    assert codes.normal(" bdwp-hqpk ") == codes.normal("BDWP HQPK") == "BDWPHQPK"
    assert codes.shown("BDWPHQPK") == "BDWP-HQPK"
    assert [codes.normal(text) for text in ("BDWP-HQP", "BDWP-HQPA", "")] == ["", "", ""]
