"""Repairs: coverage of that moment kept, the right provider, each step told to whom it concerns."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from econcierge.accounts import scoping
from econcierge.accounts.types import Scope
from econcierge.catalogue.models import PrinterModel
from econcierge.core.errors import IllegalMove, Invalid, NotAllowed, NotFound
from econcierge.fleet.models import Printer
from econcierge.journeys import ask_for_service
from econcierge.notifications.models import Delivery
from econcierge.notifications.types import Kind
from econcierge.service import queries
from econcierge.service.models import ServiceRequest
from econcierge.service.types import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: SimpleNamespace, now: datetime) -> SimpleNamespace:
    model = PrinterModel.objects.create(name="VersaLink C405", listed_from=date(2020, 1, 1))
    printer = Printer.objects.create(
        customer=cast.erable, site=cast.sites["erable"], label="Réception", model=model, installed_on=date(2026, 6, 1)
    )
    return SimpleNamespace(cast=cast, printer=printer, now=now)


def ask(
    office: SimpleNamespace, *, who: str = "owner", key: object = None, problem: str = "Bourrage"
) -> ServiceRequest:
    person = getattr(office.cast, who)
    scoping.enter(person.actor.scope)
    return ask_for_service.ask(
        actor=person.actor,
        printer_id=office.printer.pk,
        submission_key=key or uuid4(),
        problem=problem,
        contact_name="Claire",
        contact_phone="",
        now=office.now,
    )


def dispatched(office: SimpleNamespace) -> ServiceRequest:
    request = ask(office)
    scoping.enter(Scope.everything())
    ask_for_service.dispatch(request_id=request.pk, now=office.now)
    return request


def technician_moves(office: SimpleNamespace, request: ServiceRequest, to: State, **more: object) -> ServiceRequest:
    actor = office.cast.technician.actor
    scoping.enter(actor.scope)
    step = {"note": "", "visit_on": None} | more
    return ask_for_service.move(actor=actor, request_id=request.pk, to=to, now=office.now, **step)


def test_the_coverage_of_that_moment_is_kept_with_the_request(office: SimpleNamespace) -> None:
    request = ask(office)
    assert request.covered is False
    assert request.coverage["reasons"] == ["not_enrolled"]


def test_the_same_submission_twice_is_one_request(office: SimpleNamespace) -> None:
    key = uuid4()
    assert ask(office, key=key).pk == ask(office, key=key).pk
    assert ServiceRequest.objects.count() == 1


@pytest.mark.parametrize("who", ["neighbour", "stranger", "rival"])
def test_others_do_not_even_learn_that_the_printer_exists(office: SimpleNamespace, who: str) -> None:
    with pytest.raises(NotFound):
        ask(office, who=who)


def test_a_technician_may_not_ask(office: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        ask(office, who="technician")


def test_a_request_says_what_is_wrong(office: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as refused:
        ask(office, problem="  ")
    assert refused.value.fields == ("problem",)


def test_it_goes_to_the_provider_of_the_region_who_sees_it_and_nothing_else(office: SimpleNamespace) -> None:
    request = dispatched(office)
    scoping.enter(office.cast.technician.actor.scope)
    seen = queries.requests(office.cast.technician.actor.scope)
    assert [(r.pk, r.state, r.machine["name"]) for r in seen] == [(request.pk, "dispatched", "Réception")]
    assert not Printer.objects.exists()


def test_the_customer_and_the_provider_are_told(office: SimpleNamespace) -> None:
    dispatched(office)
    scoping.enter(Scope.everything())
    told = set(Delivery.objects.values_list("kind", "user__email"))
    assert told == {
        ("service_received", "owner@example.test"),
        ("service_dispatched", "owner@example.test"),
        ("service_assigned", "technician@example.test"),
    }


def test_scheduled_done_closed(office: SimpleNamespace) -> None:
    request = dispatched(office)
    visit = office.now.date() + timedelta(days=1)
    technician_moves(office, request, State.SCHEDULED, visit_on=visit)
    technician_moves(office, request, State.COMPLETED, note="Rouleau remplacé")
    closed = technician_moves(office, request, State.CLOSED)
    assert (closed.state, closed.visit_on, closed.work_done) == ("closed", visit, "Rouleau remplacé")
    scoping.enter(office.cast.owner.actor.scope)
    steps = [event.to_state for event in queries.events(closed)]
    assert steps == ["requested", "dispatched", "scheduled", "completed", "closed"]


def test_a_visit_needs_a_day_and_a_repair_needs_words(office: SimpleNamespace) -> None:
    request = dispatched(office)
    with pytest.raises(Invalid):
        technician_moves(office, request, State.SCHEDULED)
    with pytest.raises(Invalid):
        technician_moves(office, request, State.COMPLETED)


def test_a_closed_request_does_not_move(office: SimpleNamespace) -> None:
    request = dispatched(office)
    technician_moves(office, request, State.COMPLETED, note="Fait")
    technician_moves(office, request, State.CLOSED)
    with pytest.raises(IllegalMove):
        technician_moves(office, request, State.SCHEDULED, visit_on=office.now.date())


def test_the_customer_may_cancel_but_not_close_the_providers_work(office: SimpleNamespace) -> None:
    request = dispatched(office)
    owner = office.cast.owner.actor
    scoping.enter(owner.scope)
    with pytest.raises(NotAllowed):
        ask_for_service.move(actor=owner, request_id=request.pk, to=State.COMPLETED, note="x", now=office.now)
    cancelled = ask_for_service.move(actor=owner, request_id=request.pk, to=State.CANCELLED, note="", now=office.now)
    assert cancelled.state == "cancelled"


def test_who_declined_is_not_asked_again_and_the_dealer_hears(office: SimpleNamespace) -> None:
    request = dispatched(office)
    technician_moves(office, request, State.DECLINED, note="Hors de notre secteur")
    scoping.enter(Scope.everything())
    ask_for_service.dispatch(request_id=request.pk, now=office.now)
    request.refresh_from_db()
    assert request.state == "declined"
    assert Delivery.objects.filter(user=office.cast.seller.user, kind=Kind.SERVICE_RECEIVED).count() == 1


def test_a_step_of_the_provider_is_told_by_a_job(office: SimpleNamespace) -> None:
    request = dispatched(office)
    technician_moves(office, request, State.COMPLETED, note="Fait")
    scoping.enter(Scope.everything())
    ask_for_service.tell_customer(request_id=request.pk, kind=Kind.SERVICE_COMPLETED, now=office.now)
    assert Delivery.objects.filter(kind=Kind.SERVICE_COMPLETED, user=office.cast.owner.user).count() == 1
