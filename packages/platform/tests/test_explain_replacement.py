"""A replacement that the programme did not deliver: explained, decided, contested, and what coverage makes of it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from econcierge.accounts import scoping
from econcierge.core.errors import Conflict, NotAllowed, NotFound
from econcierge.coverage import models
from econcierge.coverage import operations as coverage
from econcierge.coverage import types as t
from econcierge.fleet.models import Printer
from econcierge.journeys import explain_replacement
from econcierge.supplies.models import Cartridge, Slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubted(cast: SimpleNamespace, now: object) -> SimpleNamespace:
    """Érable's enrolled printer with a cartridge that the programme never delivered."""
    printer = Printer.objects.create(customer=cast.erable, site=cast.sites["erable"], label="Réception")
    slot = Slot.objects.create(
        customer=cast.erable, printer=printer, index="1.1", kind="toner", colour="black", supply_class="consumed",
        state="measured", percent=90, read_at=now, changed_at=now,
    )  # fmt: skip
    cartridge = Cartridge.objects.create(
        customer=cast.erable, slot=slot, sequence=2, serial="FOREIGN1", installed_at=now, evidence="serial"
    )
    enrolment = coverage.enrol(printer=printer, programme="standard-ca", on=(now - timedelta(days=90)).date())
    coverage.keep_verdict(
        cartridge=cartridge, verdict=t.Verdict.CONTRADICTED, evidence={"code": "serial_of_another_customer"}, now=now
    )
    where = {"printer_id": printer.pk, "cartridge_id": cartridge.pk}
    return SimpleNamespace(printer=printer, cartridge=cartridge, enrolment=enrolment, where=where, cast=cast, now=now)


def explain(office: SimpleNamespace, person: str = "owner") -> models.Explanation:
    actor = getattr(office.cast, person).actor
    scoping.enter(actor.scope)
    return explain_replacement.explain(
        actor=actor, reason=t.ExplanationReason.SHELF, text=" Two were left ", now=office.now, **office.where
    )


def decide(office: SimpleNamespace, outcome: t.Outcome, person: str = "seller") -> models.ReplacementVerdict:
    actor = getattr(office.cast, person).actor
    scoping.enter(actor.scope)
    return explain_replacement.decide(actor=actor, outcome=outcome, note="Seen", now=office.now, **office.where)


def contest(office: SimpleNamespace) -> models.Explanation:
    actor = office.cast.owner.actor
    scoping.enter(actor.scope)
    return explain_replacement.contest(actor=actor, text="It was theirs", now=office.now, **office.where)


def test_an_explanation_is_kept_and_changes_nothing_by_itself(doubted: SimpleNamespace) -> None:
    said = explain(doubted)
    assert (said.reason, said.text, said.kind) == ("shelf", "Two were left", "explained")
    found = explain_replacement.doubt(doubted.cast.owner.actor, **doubted.where)
    assert (found.is_open, found.decided, len(found.said)) == (True, None, 1)
    assert found.explain_until == doubted.now + timedelta(days=30)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Explanation.objects.update(text="other")


def test_excused_ends_the_doubt(doubted: SimpleNamespace) -> None:
    explain(doubted)
    kept = decide(doubted, t.Outcome.EXCUSED)
    assert (kept.verdict, kept.evidence["said"], kept.decided_by_id) == (
        "excused", ["shelf"], doubted.cast.seller.actor.user_id,
    )  # fmt: skip
    doubted.enrolment.refresh_from_db()
    assert doubted.enrolment.outside_supply_decided_on is None
    for again in (
        lambda: explain(doubted),
        lambda: decide(doubted, t.Outcome.OUTSIDE_SUPPLY),
        lambda: contest(doubted),
    ):
        with pytest.raises(Conflict):
            again()


def test_an_outside_supply_ends_coverage_and_can_be_contested_once(doubted: SimpleNamespace) -> None:
    decide(doubted, t.Outcome.OUTSIDE_SUPPLY)
    doubted.enrolment.refresh_from_db()
    assert doubted.enrolment.outside_supply_decided_on == doubted.now.date()
    contest(doubted)
    with pytest.raises(Conflict):
        contest(doubted)
    with pytest.raises(Conflict):
        decide(doubted, t.Outcome.EXCUSED)
    decide(doubted, t.Outcome.EXCUSED, person="operator")
    doubted.enrolment.refresh_from_db()
    assert doubted.enrolment.outside_supply_decided_on is None


@pytest.mark.parametrize("person", ["owner", "colleague", "viewer"])
def test_customers_decide_nothing(doubted: SimpleNamespace, person: str) -> None:
    with pytest.raises(NotAllowed):
        decide(doubted, t.Outcome.EXCUSED, person=person)


@pytest.mark.parametrize("person", ["stranger", "rival", "neighbour"])
def test_others_do_not_find_it(doubted: SimpleNamespace, person: str) -> None:
    with pytest.raises(NotFound):
        explain_replacement.doubt(getattr(doubted.cast, person).actor, **doubted.where)


def test_what_was_never_doubted_is_not_there(doubted: SimpleNamespace) -> None:
    clear = Cartridge.objects.create(
        customer=doubted.cast.bouleau,
        slot=_bouleaus_slot(doubted),
        sequence=1,
        installed_at=doubted.now,
        evidence="first",
    )
    coverage.keep_verdict(cartridge=clear, verdict=t.Verdict.UNKNOWN, evidence={}, now=doubted.now)
    with pytest.raises(NotFound):
        explain_replacement.doubt(doubted.cast.operator.actor, printer_id=clear.slot.printer_id, cartridge_id=clear.pk)


def _bouleaus_slot(doubted: SimpleNamespace) -> Slot:
    cast = doubted.cast
    printer = Printer.objects.create(customer=cast.bouleau, site=cast.sites["bouleau"], label="Atelier")
    return Slot.objects.create(
        customer=cast.bouleau, printer=printer, index="1.1", kind="toner", colour="black", supply_class="consumed",
        state="measured", percent=90, read_at=doubted.now, changed_at=doubted.now,
    )  # fmt: skip
