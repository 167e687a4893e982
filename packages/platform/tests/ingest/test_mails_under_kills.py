"""Messages, a worker that is killed again and again while it sends, a mail server that counts (G11).

`python -m bench kills` does the same to every process 500 times.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from econcierge.accounts import operations as accounts
from econcierge.accounts import scoping
from econcierge.accounts.models import Dealer
from econcierge.accounts.types import Role, Scope
from econcierge.core import clock
from econcierge.launch import postgres
from econcierge.notifications import operations
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind, Notice

MESSAGES, KILLS = 500, 5
BETWEEN_KILLS = 70  # messages that one worker lives for
AT_MOST_S = 240.0  # of a machine that has much else to do
CONTEXT = {"request_id": 1, "number": "R-1", "printer": "Réception", "problem": "Bourrage", "covered": True}


class Counting:
    """Takes everything, and remembers how often it saw each Message-ID."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.taken = threading.Semaphore(0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.seen[str(BytesHeaderParser().parsebytes(envelope.content)["Message-ID"])] += 1
        self.taken.release()
        return "250 taken"


class OnAnyPort(Controller):
    """Asks the system for a free port and remembers which it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def counting() -> Iterator[tuple[Counting, int]]:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would tell every command of every message
    handler = Counting()
    controller = OnAnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    yield handler, controller.port
    controller.stop()


@pytest.fixture
def told(test_database: postgres.Addresses, counting: tuple[Counting, int], tmp_path: Path) -> dict[str, str]:
    """What the worker is told: leases so short that what a killed one held is free again after two seconds."""
    return {
        **os.environ,
        **test_database.environment(),
        "DJANGO_SETTINGS_MODULE": "econcierge.config.settings",
        "ECONCIERGE_SECRET_KEY": "only-for-this-test",
        "ECONCIERGE_DATA_DIR": str(tmp_path),
        "ECONCIERGE_SMTP_PORT": str(counting[1]),
        "ECONCIERGE_MAIL_LEASE_S": "2",
        "ECONCIERGE_TICK_S": "1",
    }


def messages_for_ten() -> set[str]:
    now = clock.now()
    with scoping.transaction_as(Scope.everything()):
        dealer = Dealer.objects.create(slug="papeterie", name="Papeterie du Port", email="ventes@papeterie.test")
        customer = accounts.open_customer(name="Érable", slug="erable", dealer=dealer, language="fr-ca", now=now)
        people = [
            accounts.add_person(
                email=f"p{n}@example.test", name=f"P{n}", language="fr-ca", role=Role.CUSTOMER_BUYER, customer=customer
            ).pk
            for n in range(10)
        ]
        notices = [Notice(Kind.SERVICE_RECEIVED, tuple(people), str(n), CONTEXT) for n in range(MESSAGES // 10)]
        operations.notify_all(notices=notices, customer_id=customer.pk, now=now)
        return set(Delivery.objects.values_list("message_id", flat=True))


def worker(told: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "econcierge.config.manage", "procrastinate", "worker", "--concurrency", "2"]
    return subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def pending() -> int:
    with scoping.transaction_as(Scope.everything()):
        return Delivery.objects.exclude(state=Delivery.State.SENT).count()


def wait_for(server: Counting, messages: int, *, until: float) -> None:
    for _ in range(messages):
        assert server.taken.acquire(timeout=max(0.0, until - time.monotonic())), "the worker does not send"


@pytest.mark.usefixtures("committing")
def test_none_is_lost_and_a_kill_repeats_one_at_most(counting: tuple[Counting, int], told: dict[str, str]) -> None:
    server, _ = counting
    ids = messages_for_ten()
    until = time.monotonic() + AT_MOST_S
    for kill in range(KILLS):
        running = worker(told)
        try:
            wait_for(server, BETWEEN_KILLS + 7 * kill % 11, until=until)
        finally:
            running.send_signal(signal.SIGKILL)
            running.wait()
    last = worker(told)
    try:
        while pending():
            assert time.monotonic() < until, f"{pending()} messages wait"
            time.sleep(0.1)
    finally:
        last.terminate()
        last.wait(timeout=60)
    assert set(server.seen) == ids
    assert max(server.seen.values()) <= 2
    assert server.seen.total() - MESSAGES <= KILLS
