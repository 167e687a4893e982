"""Enrolling, leaving, and keeping verdicts and decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from econcierge.core.errors import Conflict
from econcierge.coverage import casefile, models
from econcierge.coverage import types as t
from econcierge.fleet.models import Printer
from econcierge.supplies.models import Cartridge


class AlreadyEnrolled(Conflict):
    code = "already_enrolled"


def enrol(*, printer: Printer, programme: str, on: date) -> models.Enrolment:
    """Enrol a printer from a day on; raises `AlreadyEnrolled` when it takes part already."""
    enrolment, created = models.Enrolment.objects.get_or_create(
        printer=printer,
        defaults={"customer_id": printer.customer_id, "programme": programme, "enrolled_on": on},
    )
    if not created:
        raise AlreadyEnrolled(_("This printer is enrolled already."))
    return enrolment


def keep_verdict(
    *,
    cartridge: Cartridge,
    verdict: t.Verdict,
    evidence: dict[str, Any],
    now: datetime,
    decided_by_id: int | None = None,
) -> models.ReplacementVerdict:
    return models.ReplacementVerdict.objects.create(
        customer_id=cartridge.customer_id,
        cartridge=cartridge,
        at=now,
        verdict=verdict.value,
        evidence=evidence,
        decided_by_id=decided_by_id,
    )


def keep_decision_if_changed(
    *, printer: Printer, case: casefile.Case, decision: t.Decision, previous: models.Decision | None, now: datetime
) -> models.Decision | None:
    """A row when the answer differs from the last one, None otherwise. The facts stand beside it, to replay."""
    rendered = casefile.render_decision(decision)
    answer = {
        "status": rendered["status"],
        "reasons": rendered["reasons"],
        "qualifying": decision.qualifying,
        "required": decision.required,
        "active_from": decision.active_from,
        "ends_on": decision.ends_on,
        "next_step": rendered["next_step"],
        "terms_version": decision.terms_version,
    }
    if previous is not None and all(getattr(previous, name) == value for name, value in answer.items()):
        return None
    return models.Decision.objects.create(
        customer_id=printer.customer_id,
        printer=printer,
        decided_at=now,
        on=case.on,
        facts={**casefile.render_case(case), "evidence": rendered["evidence"]},
        **answer,
    )


def decide_outside_supply(*, enrolment: models.Enrolment, on: date | None) -> None:
    """A person's decision that a supply came from outside; None takes it back."""
    enrolment.outside_supply_decided_on = on
    enrolment.save(update_fields=["outside_supply_decided_on"])
