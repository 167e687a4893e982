"""Sending from the delivery log to a real mail server that refuses, delays and breaks lines."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as django_settings
from django.core import mail as django_mail
from django.db import OperationalError

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.interfaces.jobs import notifications as job
from econcierge.notifications import operations
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind

pytestmark = pytest.mark.django_db
CONTEXT = {"request_id": 1, "number": "R-1", "printer": "Réception", "problem": "Bourrage", "covered": True}


class Server:
    """Takes mail, unless `answers` holds what to say instead; "drop" breaks the line after the data."""

    def __init__(self) -> None:
        self.taken: list[email.message.EmailMessage] = []
        self.answers: list[str] = []
        self.refused: set[str] = set()
        self.sessions: set[int] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]) -> str:  # noqa: N802
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.sessions.add(id(session))
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer[:1] in ("2", "d"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if answer == "drop":
            server.transport.abort()
        return answer

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.taken]


class OnAnyPort(Controller):
    """Asks the system for a free port and remembers which it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    handler = Server()
    controller = OnAnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(django_settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(django_settings, "EMAIL_PORT", controller.port)
    yield handler
    controller.stop()


@pytest.fixture
def tell(cast: SimpleNamespace, now: datetime, clock_at: object) -> Callable[..., None]:
    """Writes a message to Érable's owner and colleague."""

    def tell(key: str = "1", **context: Any) -> None:
        operations.notify(
            kind=Kind.SERVICE_RECEIVED,
            users=[cast.owner.user, cast.colleague.user],
            customer_id=cast.erable.pk,
            key=key,
            context=CONTEXT | context,
            now=now,
        )

    return tell


def send() -> None:
    job.send()
    scoping.enter(Scope.everything())


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_each_message_goes_out_once_in_its_readers_language(server: Server, tell: Callable[..., None]) -> None:
    tell()
    send()
    send()
    french, english = server.taken
    assert states() == ["sent", "sent"]
    assert (french["To"], english["To"]) == ("owner@example.test", "colleague@example.test")
    assert french["From"] == "Papeterie du Port par econcierge <no-reply@econcierge.test>"
    assert "Demande de réparation R-1 reçue" in french["Subject"]
    assert "Repair request R-1 received" in english["Subject"]
    assert french.get_body(("html",)).get_content().startswith("<!doctype html>")
    assert "Bourrage" in french.get_body(("plain",)).get_content()
    assert server.ids == list(Delivery.objects.order_by("id").values_list("message_id", flat=True))


def test_several_messages_share_one_connection(server: Server, tell: Callable[..., None]) -> None:
    for key in ("1", "2", "3"):
        tell(key)
    send()
    assert len(server.taken) == 6
    assert len(server.sessions) == 1


def test_not_now_is_tried_again_after_a_pause(
    server: Server, tell: Callable[..., None], now: datetime, clock_at: Callable[[datetime], None]
) -> None:
    server.answers = ["451 busy"]
    tell()
    send()
    assert states() == ["pending", "sent"]
    waiting = Delivery.objects.get(state="pending")
    assert (waiting.attempts, waiting.last_error) == (1, "451 busy")
    assert waiting.next_attempt_at > now
    send()
    assert len(server.taken) == 1
    clock_at(waiting.next_attempt_at)
    send()
    assert states() == ["sent", "sent"]
    assert server.ids[1] == waiting.message_id


def test_never_is_kept_with_its_reason(server: Server, tell: Callable[..., None]) -> None:
    server.refused = {"owner@example.test"}
    server.answers = ["554 5.7.1 not from you"]
    tell()
    send()
    assert server.taken == []
    errors = Delivery.objects.order_by("id").values_list("state", "last_error")
    assert list(errors) == [("failed", "550 5.1.1 no such mailbox"), ("failed", "554 5.7.1 not from you")]


def test_a_line_that_breaks_after_the_data_sends_the_same_message_again(
    server: Server, tell: Callable[..., None], clock_at: Callable[[datetime], None]
) -> None:
    server.answers = ["drop"]
    tell()
    send()
    waiting = Delivery.objects.get(state="pending")
    clock_at(waiting.next_attempt_at)
    send()
    assert states() == ["sent", "sent"]
    assert sorted(server.ids) == sorted([waiting.message_id, *Delivery.objects.values_list("message_id", flat=True)])


def test_a_server_that_says_goodbye_does_not_stop_the_others(server: Server, tell: Callable[..., None]) -> None:
    server.answers = ["421 closing"]
    tell()
    send()
    assert states() == ["pending", "sent"]
    assert len(server.sessions) == 2


class Killed(BaseException):
    """The worker's end, at the worst moment."""


def test_a_worker_killed_before_it_could_mark_sends_the_same_message_again(
    server: Server, tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell()

    def killed(**_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(operations, "record_sent", killed)
        with pytest.raises(Killed):
            job.send()
    scoping.enter(Scope.everything())
    assert states() == ["pending", "pending"]
    send()
    assert len(server.ids) == len(set(server.ids)) == 2  # the other was given back; the first one's lease still holds
    Delivery.objects.update(leased_until=datetime(2000, 1, 1, tzinfo=django_now().tzinfo))
    send()
    assert states() == ["sent", "sent"]
    first = Delivery.objects.order_by("id")[0].message_id
    assert server.ids.count(first) == 2
    assert len(set(server.ids)) == 2


def django_now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def test_no_server_at_all_loses_nothing(tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(django_settings, "EMAIL_PORT", 1)
    tell()
    send()
    assert states() == ["pending", "pending"]
    assert "ConnectionRefusedError" in Delivery.objects.order_by("id")[0].last_error


def test_after_days_without_success_a_message_has_failed(
    server: Server, tell: Callable[..., None], now: datetime
) -> None:
    tell()
    first = Delivery.objects.order_by("id")[0]
    at, tries = now, 0
    while first.state == "pending" and tries < 100:
        tries += 1
        operations.lease(now=at, real_now=at, most=2)
        operations.record_try_later(delivery_id=first.pk, error="451 busy", now=at)
        first.refresh_from_db()
        at = first.next_attempt_at
    assert tries == 12
    assert timedelta(days=3) < at - now < timedelta(days=5)


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(
    server: Server, tell: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    tell("1")
    Delivery.objects.update(context={})
    tell("2")
    send()
    assert states() == ["failed", "failed", "sent", "sent"]
    assert "KeyError" in Delivery.objects.order_by("id")[0].last_error


@pytest.mark.parametrize("broken", [{"parts": [{"context": []}]}, {}, {"parts": 5}])
def test_whatever_is_wrong_with_what_a_message_says_fails_it_alone(
    server: Server, tell: Callable[..., None], broken: dict[str, Any]
) -> None:
    tell("1")
    Delivery.objects.filter(pk=Delivery.objects.earliest("id").pk).update(context=broken)
    send()
    assert states() == ["failed", "sent"]
    assert list(Delivery.objects.order_by("id").values_list("attempts", flat=True)) == [1, 1]


def test_an_address_that_is_none_does_not_hold_up_the_others(
    server: Server, tell: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    tell("1")
    tell("2")
    Delivery.objects.filter(pk=Delivery.objects.earliest("id").pk).update(address="a@b@c")
    send()
    assert states() == ["failed", "sent", "sent", "sent"]
    assert "cannot be handed over: ValueError" in Delivery.objects.earliest("id").last_error
    assert set(Delivery.objects.values_list("attempts", "leased_until")) == {(1, None)}
    assert "cannot be handed over" in caplog.text


def test_a_dealers_name_of_two_lines_is_told_on_one(
    server: Server, tell: Callable[..., None], cast: SimpleNamespace
) -> None:
    tell("1")
    type(cast.dealer).objects.filter(pk=cast.dealer.pk).update(name="Papeterie\r\ndu Port")
    send()
    assert states() == ["sent", "sent"]
    assert server.taken[0]["From"] == "Papeterie du Port par econcierge <no-reply@econcierge.test>"


def test_what_was_not_begun_is_given_back_when_marking_stops(
    server: Server, tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(**_: object) -> None:
        raise OperationalError("the line to the database is gone")

    tell("1")
    tell("2")
    monkeypatch.setattr(operations, "record_sent", lost)
    with pytest.raises(OperationalError):
        send()
    scoping.enter(Scope.everything())
    begun, *others = Delivery.objects.order_by("id")
    assert (begun.attempts, begun.leased_until is None) == (1, False)
    assert {(one.attempts, one.leased_until) for one in others} == {(0, None)}


def test_the_schedule_asks_only_when_something_waits(tell: Callable[..., None], now: datetime) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    job.ask_for_sending(now)
    assert not ProcrastinateJob.objects.exists()
    tell()
    job.ask_for_sending(now)
    assert ProcrastinateJob.objects.filter(task_name="notifications.send").count() == 1


def test_the_connection_class_is_the_smtp_one(server: Server) -> None:
    connection = django_mail.get_connection()
    assert connection.open()
    assert isinstance(connection.connection, smtplib.SMTP)
    connection.close()
