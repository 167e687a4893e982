"""What assistants deliver, at the address they deliver to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import zstandard
from django.conf import settings

from econcierge.fleet import operations as fleet
from econcierge.fleet.models import Printer
from econcierge.interfaces.gateway import bodies, views, who
from econcierge.interfaces.shared import pace
from econcierge.supplies.models import LevelChange, Report

pytestmark = pytest.mark.django_db


def test_a_report_is_taken_in_and_answered(paired: SimpleNamespace, make: SimpleNamespace) -> None:
    answer = paired.deliver(make.reading(make.supply(42.0)))
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "duplicate": False})
    printer = Printer.objects.get()
    assert (printer.serial_key, printer.target, printer.pages_total) == ("3102345678", "10.0.0.7", 1000)
    assert [float(level.percent) for level in LevelChange.objects.all()] == [42.0]


def test_gzip_is_understood(paired: SimpleNamespace, make: SimpleNamespace) -> None:
    assert paired.deliver(make.reading(make.supply()), packed=True).json()["accepted"] == 1


def test_the_same_message_again_does_nothing(paired: SimpleNamespace, make: SimpleNamespace) -> None:
    message_id = uuid4()
    paired.deliver(make.reading(make.supply(42.0)), message_id=message_id)
    again = paired.deliver(make.reading(make.supply(13.0)), message_id=message_id)
    assert (again.status_code, again.json()["duplicate"]) == (200, True)
    assert [float(level.percent) for level in LevelChange.objects.all()] == [42.0]


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (lambda body: body["readings"][3]["supplies"][0].update(percent=150), "readings[3].supplies[0].percent"),
        (lambda body: body["readings"][3].update(read_at="yesterday"), "readings[3].read_at"),
        (lambda body: body.update(message_id="7"), "message_id"),
        (lambda body: body.update(format=2), "format"),
        (lambda body: body.pop("readings"), "readings"),
        (lambda body: body["readings"][3]["identity"].update(serial="a\0b"), "readings[3].identity.serial"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    broken: Callable[[dict[str, Any]], object], field: str, paired: SimpleNamespace, make: SimpleNamespace, send: Any
) -> None:
    body = make.body(*(make.reading(make.supply(), serial=f"SERIAL{n}") for n in range(5)))
    broken(body)
    answer = send(paired.token, json.dumps(body).encode())
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert answer.json()["error"]["reason"]
    assert not Report.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000, b"null", b'"\\ud800"', b"{}"])
def test_what_is_not_a_report_is_refused_politely(body: bytes, paired: SimpleNamespace, send: Any) -> None:
    answer = send(paired.token, body)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"field", "reason"}


@pytest.mark.parametrize("token", [None, "", "unknown", "é" * 40])
def test_an_unknown_token_is_refused(token: str | None, paired: SimpleNamespace, send: Any) -> None:
    answer = send(token, b"{}")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_that_was_taken_back_is_refused(
    paired: SimpleNamespace, cast: SimpleNamespace, make: SimpleNamespace, now: datetime
) -> None:
    fleet.revoke_assistant(actor=cast.owner.actor, assistant=paired.assistant, now=now)
    assert paired.deliver(make.reading(make.supply())).status_code == 401
    assert not Report.objects.exists()


def test_a_report_that_is_too_large_is_refused(paired: SimpleNamespace, send: Any) -> None:
    answer = send(paired.token, b" " * (settings.MAX_REPORT_BYTES + 1))
    assert answer.status_code == 413


def test_a_gzip_bomb_is_refused_before_it_is_held(paired: SimpleNamespace, send: Any) -> None:
    bomb = gzip.compress(b" " * (settings.MAX_REPORT_BYTES_UNPACKED * 4))
    assert len(bomb) < settings.MAX_REPORT_BYTES
    assert send(paired.token, bomb, **{"Content-Encoding": "gzip"}).status_code == 413


@pytest.mark.parametrize("damage", [lambda b: b[:-4], lambda b: b + b"x", lambda b: b"x" + b, lambda b: b""])
def test_damaged_gzip_is_refused(
    damage: Callable[[bytes], bytes], paired: SimpleNamespace, make: SimpleNamespace, send: Any
) -> None:
    packed = gzip.compress(json.dumps(make.body(make.reading(make.supply()))).encode())
    answer = send(paired.token, damage(packed), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 400
    assert not Report.objects.exists()


def test_an_encoding_that_is_not_understood_says_which_is(paired: SimpleNamespace, send: Any) -> None:
    answer = send(paired.token, b"{}", **{"Content-Encoding": "br"})
    assert answer.status_code == 415
    assert "gzip, zstd" in answer.json()["error"]["reason"]


def test_zstd_is_understood(paired: SimpleNamespace, make: SimpleNamespace, send: Any) -> None:
    packed = zstandard.compress(json.dumps(make.body(make.reading(make.supply()))).encode())
    assert send(paired.token, packed, **{"Content-Encoding": "zstd"}).json()["accepted"] == 1


def test_a_zstd_bomb_is_refused_before_it_is_held(paired: SimpleNamespace, send: Any) -> None:
    bomb = zstandard.compress(b" " * (settings.MAX_REPORT_BYTES_UNPACKED * 4))
    assert len(bomb) < settings.MAX_REPORT_BYTES
    assert send(paired.token, bomb, **{"Content-Encoding": "zstd"}).status_code == 413


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-4], lambda b: b + b"x", lambda b: b + b, lambda b: b"x" + b, lambda b: b""]
)
def test_damaged_zstd_is_refused(
    damage: Callable[[bytes], bytes], paired: SimpleNamespace, make: SimpleNamespace, send: Any
) -> None:
    packed = zstandard.compress(json.dumps(make.body(make.reading(make.supply()))).encode())
    answer = send(paired.token, damage(packed), **{"Content-Encoding": "zstd"})
    assert answer.status_code == 400
    assert not Report.objects.exists()


def test_a_frame_that_asks_for_a_large_window_is_refused(paired: SimpleNamespace, send: Any) -> None:
    window = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    packed = zstandard.ZstdCompressor(compression_params=window).compressobj()
    body = packed.compress(b"{}") + packed.flush()
    assert send(paired.token, body, **{"Content-Encoding": "zstd"}).status_code == 400


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1999-12-31T23:59:59Z"])
def test_a_report_of_no_time_at_all_is_refused(
    sent_at: str, paired: SimpleNamespace, make: SimpleNamespace, send: Any
) -> None:
    answer = send(paired.token, json.dumps(make.body() | {"sent_at": sent_at}).encode())
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "sent_at")


@pytest.mark.parametrize("off", [timedelta(days=-365 * 40), timedelta(minutes=-6), timedelta(minutes=11)])
def test_a_computer_whose_clock_is_wrong_is_dated_by_ours(
    off: timedelta, paired: SimpleNamespace, make: SimpleNamespace, now: datetime
) -> None:
    readings = [make.reading(make.supply(50 - n), at=now + off - timedelta(minutes=15 * n)) for n in (2, 1)]
    stray = make.reading(make.supply(48), at=now + off + timedelta(days=90))
    shown = format_datetime(now + off, usegmt=True)
    answer = paired.deliver(*readings, stray, stray, Date=shown)
    assert (answer.status_code, answer.json()["accepted"]) == (200, 4)
    kept = LevelChange.objects.order_by("at").values_list("at", flat=True)
    assert list(kept) == [now - timedelta(minutes=30), now - timedelta(minutes=15), now]
    paired.assistant.refresh_from_db()
    assert paired.assistant.clock_skew_s == -off.total_seconds()


@pytest.mark.parametrize("shown", ["", "today", "Mon, 99 Nov 2026 15:00:00 GMT"])
def test_a_date_that_nobody_can_read_is_as_none(
    shown: str, paired: SimpleNamespace, make: SimpleNamespace, now: datetime
) -> None:
    answer = paired.deliver(make.reading(make.supply(), at=now + timedelta(minutes=11)), Date=shown)
    assert answer.json() == {"accepted": 0, "duplicate": False}


def test_too_many_reports_are_told_when_to_come_again(
    paired: SimpleNamespace, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PACE", pace.Pace(per_second=0.5, burst=2, monotonic_s=lambda: 100.0))
    answers = [paired.deliver(make.reading(make.supply())) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "2"


def test_only_post(client: Any) -> None:
    answer = client.get("/gateway/v1/reports")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_another_customers_printer_with_the_same_serial_is_not_touched(
    paired: SimpleNamespace, cast: SimpleNamespace, make: SimpleNamespace
) -> None:
    theirs = Printer.objects.create(customer=cast.bouleau, site=cast.sites["bouleau"], serial_key="3102345678")
    paired.deliver(make.reading(make.supply()))
    theirs.refresh_from_db()
    assert theirs.last_read_at is None
    assert Printer.objects.filter(customer=cast.erable).count() == 1


def test_the_bucket_fills_again_and_forgets_full_ones() -> None:
    times = iter([0.0, 0.0, 0.0, 1.0, 100.0])
    bucket = pace.Pace(per_second=1, burst=2, monotonic_s=lambda: next(times))
    assert [bucket.wait_s(7) for _ in range(4)] == [0, 0, 1, 0]
    bucket.MOST_KEYS = 0
    assert bucket.wait_s(8) == 0
    assert set(bucket._buckets) == {8}


def test_a_body_without_a_length_is_still_limited() -> None:
    class Endless:
        headers: dict[str, str] = {}

        def read(self, size: int) -> bytes:
            return b"x" * size

    with pytest.raises(bodies.Refused) as refused:
        bodies.unpacked(Endless(), most=10, most_unpacked=10)
    assert refused.value.status == 413


def test_health(client: Any) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_above_the_walls_is_not_ready(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connections

    from econcierge.interfaces.gateway import health

    connections["owner"].ensure_connection()
    monkeypatch.setattr(health, "connection", connections["owner"])
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "role" in answer.json()["reason"]


def test_a_database_that_is_away_is_said_and_asks_to_come_again(
    client: Any, paired: SimpleNamespace, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import InterfaceError, OperationalError

    from econcierge.interfaces.gateway import health

    def away(*_: Any, **__: Any) -> None:
        raise InterfaceError("connection already closed: secret details")

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=away))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the database cannot be reached")

    def refused(**_: Any) -> None:
        raise OperationalError("no route: secret details")

    monkeypatch.setattr(who.assistants, "by_token", refused)
    answer = paired.deliver(make.reading(make.supply()))
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "secret" not in answer.content.decode()


def test_readings_of_the_wrong_time_are_refused_one_by_one(
    paired: SimpleNamespace, make: SimpleNamespace, now: datetime
) -> None:
    answer = paired.deliver(
        make.reading(make.supply(), at=now + timedelta(minutes=11), target="10.0.0.1"),
        make.reading(make.supply(), at=now + timedelta(minutes=9), target="10.0.0.2"),
        make.reading(make.supply(), at=now - timedelta(days=32), target="10.0.0.3"),
        make.reading(make.supply(), serial="N/A", target="10.0.0.4"),
    )
    assert answer.json() == {"accepted": 1, "duplicate": False}
    assert Report.objects.get().refused == [
        {"reading": 0, "target": "10.0.0.1", "reason": "from_the_future"},
        {"reading": 2, "target": "10.0.0.3", "reason": "too_old"},
        {"reading": 3, "target": "10.0.0.4", "reason": "no_identity"},
    ]
