"""Deliveries at the same time, in a database that really commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections

from econcierge.accounts import operations as accounts
from econcierge.accounts import scoping
from econcierge.accounts.models import Dealer
from econcierge.accounts.types import Role, Scope
from econcierge.alerts.models import Episode
from econcierge.fleet import operations as fleet
from econcierge.fleet.models import Printer, Site
from econcierge.interfaces.gateway import views
from econcierge.notifications.models import Delivery
from econcierge.supplies.models import Cartridge, LevelChange, Report, Slot


@pytest.fixture
def tokens(committing: None, clock_at: object, now: datetime) -> list[str]:
    """Two assistants of one customer with a buyer, committed."""
    views.PACE._buckets.clear()
    with scoping.transaction_as(Scope.everything()):
        dealer = Dealer.objects.create(slug="papeterie", name="Papeterie du Port", email="ventes@papeterie.test")
        customer = accounts.open_customer(name="Érable", slug="erable", dealer=dealer, language="fr-ca", now=now)
        site = Site.objects.create(customer=customer, slug="main", name="Main", city="Montréal", region="QC")
        accounts.add_person(
            email="owner@example.test", name="Owner", language="fr-ca", role=Role.CUSTOMER_ADMIN, customer=customer
        )
        made = [fleet.pair_assistant(customer=customer, site=site, name=name, now=now)[1] for name in ("a", "b")]
    return made


def at_once(*deliveries: Callable[[], Any]) -> list[Any]:
    """Runs deliveries in threads of their own that start together; their answers in order."""
    start = Barrier(len(deliveries))

    def run(deliver: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return deliver()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(run, deliveries))


def counted(*models: Any) -> list[int]:
    with scoping.transaction_as(Scope.everything()):
        return [model.objects.count() for model in models]


@pytest.fixture
def post(send: Callable[..., Any], make: SimpleNamespace) -> Callable[..., Any]:
    import json

    def post(token: str, *readings: Any, message_id: UUID | None = None) -> Any:
        return send(token, json.dumps(make.body(*readings, message_id=message_id)).encode())

    return post


def test_the_same_message_twice_at_once_has_one_effect(
    tokens: list[str], make: SimpleNamespace, post: Callable[..., Any]
) -> None:
    message_id, reading = uuid4(), make.reading(make.supply(15.0))
    answers = at_once(*(lambda: post(tokens[0], reading, message_id=message_id) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False, True, True, True]
    assert counted(Report, Printer, LevelChange, Episode, Delivery) == [1] * 5


def test_two_assistants_that_see_a_new_printer_at_once_make_one(
    tokens: list[str], make: SimpleNamespace, post: Callable[..., Any]
) -> None:
    by_mac = [make.reading(make.supply(15.0), serial=None, mac=f"00:00:aa:00:00:{n:02x}") for n in range(8)]
    answers = at_once(lambda: post(tokens[0], *by_mac), lambda: post(tokens[1], *reversed(by_mac)))
    assert [answer.json()["accepted"] for answer in answers] == [8, 8]
    assert counted(Printer, Slot, Cartridge, Episode) == [8] * 4


def test_batches_over_the_same_printers_in_any_order_never_lock_each_other_out(
    tokens: list[str], make: SimpleNamespace, post: Callable[..., Any], now: datetime
) -> None:
    def batch(round_: int) -> list[Any]:
        at = now - timedelta(minutes=60 - round_)
        return [make.reading(make.supply(60.0 - round_), serial=f"SERIAL{n:04}", at=at) for n in range(10)]

    post(tokens[0], *batch(0))
    deliveries = [
        lambda n=n: post(tokens[n % 2], *(batch(n) if n % 3 else list(reversed(batch(n))))) for n in range(1, 7)
    ]
    answers = at_once(*deliveries)
    assert {answer.status_code for answer in answers} == {200}
    assert counted(Printer, Slot, Cartridge) == [10, 10, 10]
    with scoping.transaction_as(Scope.everything()):
        assert {float(slot.percent) for slot in Slot.objects.all()} == {54.0}


def test_what_was_answered_is_there_after_the_connection_ends(
    tokens: list[str], make: SimpleNamespace, post: Callable[..., Any]
) -> None:
    assert post(tokens[0], make.reading(make.supply(15.0))).status_code == 200
    connections.close_all()
    assert counted(Report, LevelChange, Delivery) == [1, 1, 1]


def test_a_failure_halfway_leaves_nothing_and_can_be_sent_again(
    tokens: list[str], make: SimpleNamespace, post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError

    from econcierge.journeys import report_reading

    message_id, reading = uuid4(), make.reading(make.supply(15.0))

    def gone(**_: Any) -> None:
        raise DatabaseError("the server went away")

    with monkeypatch.context() as patch:
        patch.setattr(report_reading.fleet, "touch_assistant", gone)
        answer = post(tokens[0], reading, message_id=message_id)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "went away" not in answer.content.decode()
    assert counted(Report, Printer, Delivery) == [0, 0, 0]
    assert post(tokens[0], reading, message_id=message_id).json() == {"accepted": 1, "duplicate": False}


def test_pair_prints_a_token_that_works(
    tokens: list[str],
    make: SimpleNamespace,
    post: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import json

    from click.testing import CliRunner

    from econcierge.commands.fleet import pair
    from econcierge.launch import postgres

    monkeypatch.setenv(postgres.APP_VARIABLE, "the one of the tests")
    printed = CliRunner().invoke(pair, ["--customer", "erable"])
    assert printed.exit_code == 0, printed.output
    assert post(printed.stdout.strip(), make.reading(make.supply())).status_code == 200
    as_json = CliRunner().invoke(pair, ["--customer", "erable", "--site", "main", "--json"])
    assert json.loads(as_json.stdout)["site"] == "main"
    wrong = CliRunner().invoke(pair, ["--customer", "erable", "--site", "attic"])
    assert wrong.exit_code == 1
    assert "main" in wrong.output
    assert CliRunner().invoke(pair, []).exit_code == 2
