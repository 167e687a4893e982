"""Mail that came back: at once from the mail server, or later as a delivery status notification (RFC 3464)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from econcierge.notifications import bounces, operations, rules
from econcierge.notifications.models import Delivery, SetAside
from econcierge.notifications.types import Bounce, Kind

CONTEXT = {"request_id": 1, "number": "R-1", "printer": "P", "problem": "x", "covered": True}
REPORT = """\
From: MAILER-DAEMON@mx.example.test
To: no-reply@econcierge.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I could not deliver your message.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; owner@example.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <owner@example.test>: user unknown

--B
Content-Type: {kind}

From: no-reply@econcierge.test
Message-ID: {message_id}
Subject: Toner noir faible

--B--
"""


def report(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", kind: str = "text/rfc822-headers"
) -> bytes:
    return REPORT.format(message_id=message_id, action=action, status=status, kind=kind).encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_names_the_message_and_the_reason(kind: str) -> None:
    (bounce,) = bounces.read(report("<1@econcierge.test>", kind=kind))
    assert (bounce.message_id, bounce.recipient) == ("<1@econcierge.test>", "owner@example.test")
    assert "user unknown" in bounce.said


@pytest.mark.parametrize(
    "raw",
    [
        report("<1@x>", action="delayed", status="4.4.1"),
        report("<1@x>", action="relayed", status="2.0.0"),
        report(""),
        b"Subject: I am away until Monday\n\nBonjour",
        b"",
        bytes(range(256)) * 40,
    ],
)
def test_whatever_is_no_failure_for_good_tells_nothing(raw: bytes) -> None:
    assert bounces.read(raw) == []


@pytest.mark.parametrize(
    ("said", "is_gone"),
    [("550 5.1.1 no such mailbox", True), ("550 user unknown", True), ("554 5.7.1 blocked by policy", False),
     ("552 5.2.2 mailbox full", False), ("552 5.3.4 too big", False), ("550 5.2.1 disabled", True)],
)  # fmt: skip
def test_policy_and_full_boxes_are_not_the_addresss_fault(said: str, is_gone: bool) -> None:
    assert rules.is_address_at_fault(said=said) is is_gone


def tell_owner(cast: SimpleNamespace, key: str, now: datetime) -> None:
    users, kind = [cast.owner.user], Kind.SERVICE_RECEIVED
    operations.notify(kind=kind, users=users, customer_id=cast.erable.pk, key=key, context=CONTEXT, now=now)


@pytest.fixture
def sent(cast: SimpleNamespace, now: datetime) -> Delivery:
    operations.notify(
        kind=Kind.SERVICE_RECEIVED,
        users=[cast.owner.user],
        customer_id=cast.erable.pk,
        key="1",
        context=CONTEXT,
        now=now,
    )
    return Delivery.objects.get()


@pytest.mark.django_db
def test_a_bounce_sets_the_address_aside(sent: Delivery, cast: SimpleNamespace, now: datetime) -> None:
    (bounce,) = bounces.read(report(sent.message_id))
    assert operations.record_bounce(bounce=bounce, now=now)
    sent.refresh_from_db()
    assert (sent.state, SetAside.objects.get().address) == (Delivery.State.FAILED, "owner@example.test")
    operations.notify(
        kind=Kind.SERVICE_RECEIVED,
        users=[cast.owner.user],
        customer_id=cast.erable.pk,
        key="2",
        context=CONTEXT,
        now=now,
    )
    assert Delivery.objects.latest("id").state == Delivery.State.ASIDE


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "is_aside"), [("5.1.1", True), ("5.2.2", False), ("5.7.1", False)])
def test_only_an_address_at_fault_is_set_aside(sent: Delivery, now: datetime, status: str, is_aside: bool) -> None:
    operations.record_sent(delivery_id=sent.pk, now=now)
    (bounce,) = bounces.read(report(sent.message_id, status=status))
    assert operations.record_bounce(bounce=bounce, now=now)
    sent.refresh_from_db()
    assert (sent.state, sent.last_error[:5]) == (Delivery.State.FAILED, status)
    assert SetAside.objects.exists() is is_aside


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bounce",
    [Bounce("<unknown@econcierge.test>", "owner@example.test", "5.1.1"), Bounce("", "viewer@example.test", "5.1.1")],
)
def test_what_is_none_of_ours_is_not_believed(sent: Delivery, bounce: Bounce, now: datetime) -> None:
    told = Bounce(bounce.message_id or sent.message_id, bounce.recipient, bounce.said)
    assert not operations.record_bounce(bounce=told, now=now)
    assert not SetAside.objects.exists()


def test_a_maildir_is_read_once(tmp_path: Path) -> None:
    from econcierge.commands.bounces import _unseen

    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.x").write_bytes(report("<1@x>"))
    assert [len(bounces.read(raw)) for raw in _unseen(tmp_path)] == [1]
    assert list(_unseen(tmp_path)) == []
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["1.x:2,S"]
