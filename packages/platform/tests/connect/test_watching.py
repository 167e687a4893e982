"""What an assistant is told and says: settings with their version, heartbeats, reading and searching on demand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
FORM = {
    "ranges": "10.0.0.0/24\n10.0.1.10-99", "deny": "10.0.0.9\n00:11:22:33:44:55", "interval_s": 30,
    "near_empty_interval_s": 5, "night_interval_s": 60, "night_from": "19:00", "night_to": "07:00", "discover": "on",
    "discovery_at": "02:30", "methods": ["sweep", "mdns"],
}  # fmt: skip


@pytest.fixture
def service(cast: SimpleNamespace, computer: Callable[..., Any], now: datetime) -> Any:
    """A connected computer of Érable's."""
    from econcierge.fleet import operations

    paired = computer()
    _row, paired.token = operations.pair_assistant(
        customer=cast.erable, site=cast.sites["erable"], name="SRV1", now=now
    )
    return paired


@pytest.fixture
def page(cast: SimpleNamespace) -> str:
    return f"/sites/{cast.sites['erable'].pk}/reading/"


def beat(service: Any, **said: Any) -> Any:
    body = {"format": 1, "at": "2026-11-23T15:00:00Z", "version": "0.1.0", "host": "SRV1", **said}
    return service.post("/gateway/v1/heartbeat", body)


def test_a_site_that_nobody_has_set_up_has_the_programmes_own_settings(service: Any) -> None:
    told = service.get("/gateway/v1/settings").json()
    assert "ranges" not in told  # the computer looks where it stands
    assert (told["version"], told["interval_s"], told["night_from"], told["discover"]) == (0, 900, "20:00", True)
    assert told["site"] == {"slug": "main", "name": "Main"}
    assert (told["customer"], told["language"]) == ({"name": "Érable inc."}, "fr-ca")


def test_settings_are_changed_in_the_portal_and_counted(
    cast: SimpleNamespace, service: Any, page: str, browser: Callable[..., Any]
) -> None:
    before = service.get("/gateway/v1/settings")
    assert service.get("/gateway/v1/settings", **{"If-None-Match": before["ETag"]}).status_code == 304
    assert browser(cast.owner).post(page, FORM).status_code == 302
    after = service.get("/gateway/v1/settings", **{"If-None-Match": before["ETag"]})
    told = after.json()
    assert (after.status_code, told["version"]) == (200, 1)
    assert told["ranges"] == ["10.0.0.0/24", "10.0.1.10-99"]
    assert told["deny"] == ["10.0.0.9", "00:11:22:33:44:55"]
    assert (told["interval_s"], told["near_empty_interval_s"], told["night_interval_s"]) == (1800, 300, 3600)
    assert (told["night_from"], told["night_to"], told["discovery_at"]) == ("19:00", "07:00", "02:30")
    assert told["methods"] == ["sweep", "mdns"]
    assert beat(service).json()["settings_version"] == 1
    browser(cast.owner).post(page, FORM)
    assert service.get("/gateway/v1/settings").json()["version"] == 1  # nothing changed
    browser(cast.owner).post(page, FORM | {"interval_s": 20})
    assert service.get("/gateway/v1/settings").json()["version"] == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ranges": "10.0.0.0/8"}, "“10.0.0.0/8” has 16,777,216 addresses, and asking them all would take days"),
        ({"ranges": "10.0.0.0/17\n10.1.0.0/16"}, "“10.1.0.0/16” has 65,536 addresses"),
        ({"ranges": "fe80::/64"}, "18,446,744,073,709,551,616 addresses"),
        ({"ranges": "10.0.0.300"}, "“10.0.0.300” is no address"),
        ({"ranges": "10.0.0.9-10.0.0.1"}, "ends before it begins"),
        ({"deny": "my printer"}, "“my printer” is no address"),
        ({"methods": []}, "Choose at least one way to search"),
        ({"near_empty_interval_s": 90}, "Near empty, printers are read at least as often"),
        ({"night_interval_s": 3}, "At night, printers are read at most as often"),
        ({"interval_s": 0}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    wrong: dict[str, Any], sentence: str, cast: SimpleNamespace, service: Any, page: str, browser: Callable[..., Any]
) -> None:
    answer = browser(cast.owner).post(page, FORM | wrong)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert service.get("/gateway/v1/settings").json()["version"] == 0


def test_who_may_not_change_how_a_site_is_read(
    cast: SimpleNamespace, service: Any, page: str, browser: Callable[..., Any]
) -> None:
    for who, status in ((cast.viewer, 403), (cast.colleague, 403), (cast.neighbour, 404), (cast.rival, 404)):
        assert browser(who).post(page, FORM).status_code == status
    assert service.get("/gateway/v1/settings").json()["version"] == 0


def test_a_heartbeat_is_shown_on_the_computers_page(
    cast: SimpleNamespace, service: Any, browser: Callable[..., Any]
) -> None:
    answer = beat(
        service, waiting=12, oldest_waiting_at="2026-11-23T13:00:00Z", printers=40, silent=2,
        problems=[{"code": "disk_full", "text": "The disk is nearly full."}],
    )  # fmt: skip
    assert answer.json() == {
        "server_time": "2026-11-23T15:00:00Z", "settings_version": 0, "read_now": [], "discover_now": [],
        "next_in_s": 60,
    }  # fmt: skip
    page = browser(cast.owner).get("/computers/").content.decode()
    for said in ("0.1.0", "40 printers read", "2 do not answer", "12 reports wait", "2 hours ago", "nearly full"):
        assert said in page, said
    assert "nearly full" not in browser(cast.neighbour).get("/computers/").content.decode()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"format": 0}', b'{"format": 1, "waiting": -1}', b'{"format": 1, "done": ["x"]}', b"\xff" * 10],
)
def test_what_is_no_heartbeat_is_refused(body: bytes, service: Any) -> None:
    headers = {"Authorization": f"Bearer {service.token}"}
    answer = service.http.post("/gateway/v1/heartbeat", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert "no heartbeat" in answer.json()["error"]["reason"]


def test_a_printer_is_read_when_somebody_asks(
    cast: SimpleNamespace, service: Any, browser: Callable[..., Any], now: datetime
) -> None:
    from econcierge.fleet.models import Printer

    printer = Printer.objects.create(
        customer=cast.erable, site=cast.sites["erable"], label="Reception", target="10.0.0.7"
    )
    page = f"/printers/{printer.pk}/read-now/"
    assert browser(cast.neighbour).post(page).status_code == 404
    assert beat(service).json()["read_now"] == []
    for _ in range(2):  # twice is once
        assert browser(cast.viewer).post(page).status_code == 302
    said = beat(service).json()
    (command,) = said["read_now"]
    assert (command["targets"], said["next_in_s"]) == (["10.0.0.7"], 10)
    assert beat(service).json()["read_now"] == [command]  # until it is done
    assert beat(service, done=[command["command_id"]]).json()["read_now"] == []
    assert browser(cast.viewer).post(page).status_code == 302
    assert beat(service).json()["read_now"] != [command]


def test_nobody_elses_command_can_be_said_to_be_done(
    cast: SimpleNamespace, service: Any, computer: Callable[..., Any], browser: Callable[..., Any], now: datetime
) -> None:
    from econcierge.fleet import operations

    other = computer()
    _row, other.token = operations.pair_assistant(
        customer=cast.bouleau, site=cast.sites["bouleau"], name="SRV2", now=now
    )
    browser(cast.owner).post(f"/sites/{cast.sites['erable'].pk}/search/")
    (command,) = beat(service).json()["discover_now"]
    assert beat(other, done=[command["command_id"]]).json()["discover_now"] == []
    assert beat(service).json()["discover_now"] == [command]


def test_a_search_is_asked_for_by_those_who_may(
    cast: SimpleNamespace, service: Any, browser: Callable[..., Any]
) -> None:
    page = f"/sites/{cast.sites['erable'].pk}/search/"
    for who, status in ((cast.viewer, 403), (cast.neighbour, 404), (cast.rival, 404), (cast.seller, 302)):
        assert browser(who).post(page).status_code == status
    assert len(beat(service).json()["discover_now"]) == 1


def test_a_computer_whose_heartbeat_came_is_not_silent(cast: SimpleNamespace, service: Any, now: datetime) -> None:
    from econcierge.fleet.models import Assistant
    from econcierge.interfaces.web.portal import computers

    Assistant.objects.update(paired_at=now - timedelta(days=9), last_report_at=now - timedelta(days=2))
    (quiet,) = computers.connected(cast.owner.actor.scope, customer_id=None, now=now)
    beat(service)
    (heard,) = computers.connected(cast.owner.actor.scope, customer_id=None, now=now)
    assert (quiet.is_silent, heard.is_silent) == (True, False)


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1999-12-31T00:00:00Z", "2028-01-01T00:00:00Z"]
)
@pytest.mark.parametrize("zone", [True, False])
def test_a_moment_that_cannot_be_meant_is_refused_and_breaks_no_page(
    moment: str, zone: bool, cast: SimpleNamespace, service: Any, browser: Callable[..., Any]
) -> None:
    answer = beat(service, waiting=1, oldest_waiting_at=moment if zone else moment[:19])
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "oldest_waiting_at")
    for who in (cast.owner, cast.seller):
        assert browser(who).get("/computers/").status_code == 200


def test_a_heartbeat_by_a_clock_that_cannot_be_is_refused(service: Any) -> None:
    assert beat(service, at="0001-01-01T00:00:00+14:00").status_code == 400


def test_what_waits_at_a_computer_whose_clock_is_wrong_is_told_by_ours(
    cast: SimpleNamespace, service: Any, browser: Callable[..., Any]
) -> None:
    answer = beat(service, at="1970-01-01T05:00:00Z", waiting=3, oldest_waiting_at="1970-01-01T02:00:00Z")
    assert answer.status_code == 200
    assert "the oldest 3 hours ago" in browser(cast.owner).get("/computers/").content.decode()


def test_what_cannot_be_printed_is_left_out_of_a_heartbeat(
    cast: SimpleNamespace, service: Any, browser: Callable[..., Any]
) -> None:
    from econcierge.fleet.models import Assistant

    said = beat(service, host="SRV\0\x1b1", problems=[{"code": "a\0", "text": "Full\n\0disk"}])
    assert said.status_code == 200
    kept = Assistant.objects.get()
    assert (kept.host, kept.problems) == ("SRV1", [{"code": "a", "text": "Full disk"}])


@pytest.mark.parametrize(
    ("skew_s", "language", "sentence"),
    [
        (-660, "en-ca", "This computer’s clock is 11 minutes fast; its readings are dated by our clock."),
        (86_400 * 365, "en-ca", "This computer’s clock is 365 days slow; its readings are dated by our clock."),
        (-660, "fr-ca", "L’horloge de cet ordinateur avance de 11\u00a0minutes"),
        (-3 * 3600, "fr-ca", "L’horloge de cet ordinateur avance de 3\u00a0heures"),
        (86_400 * 30, "fr-ca", "L’horloge de cet ordinateur retarde de 30\u00a0jours"),
        (300, "en-ca", None),
        (None, "en-ca", None),
    ],
)
def test_a_clock_that_is_wrong_is_said(
    skew_s: int | None, language: str, sentence: str | None, cast: SimpleNamespace, service: Any,
    browser: Callable[..., Any],
) -> None:  # fmt: skip
    from econcierge.fleet.models import Assistant

    Assistant.objects.update(clock_skew_s=skew_s)
    page = browser(cast.owner, language).get("/computers/").content.decode()
    assert sentence in page if sentence else "dated by our clock" not in page
