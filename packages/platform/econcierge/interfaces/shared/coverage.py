"""A printer's coverage in plain words: where it stands, why, what to do next, and the dated story behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from django.utils.translation import gettext as _

from econcierge.accounts.types import Scope
from econcierge.coverage import models
from econcierge.coverage import queries as coverage
from econcierge.coverage.types import NextStep, Status
from econcierge.interfaces.shared import described, moments, wording

TONES = {Status.ACTIVE: "good", Status.AT_RISK: "attention", Status.ENDED: "urgent"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated step of the story."""

    on: date
    what: str
    cartridge_id: int | None = None  # of a replacement that can be explained


@dataclass(frozen=True, slots=True)
class Coverage:
    status: str
    tone: str
    until: str
    reasons: tuple[str, ...]
    next_step: str
    may_enrol: bool
    may_repair_free: bool
    story: tuple[Entry, ...]
    doubts: tuple[Entry, ...]
    terms_version: str


def coverage_of(scope: Scope, *, printer_id: int, on: date) -> Coverage | None:
    """None while nothing was decided about the printer."""
    decisions = list(coverage.decisions(scope, printer_id=printer_id)[:20])
    if not decisions:
        return None
    latest = decisions[0]
    return Coverage(
        status=described.coverage_in_words(latest),
        tone=TONES.get(Status(latest.status), ""),
        until=moments.date_of(latest.ends_on, on=None) if latest.ends_on else "",
        reasons=tuple(wording.word("reason", reason) for reason in latest.reasons),
        next_step=wording.word("next_step", latest.next_step) if latest.next_step != NextStep.NONE else "",
        may_enrol=latest.next_step == NextStep.ENROL,
        may_repair_free=latest.status in (Status.ACTIVE, Status.AT_RISK),
        story=tuple(_story(scope, decisions, printer_id=printer_id)),
        doubts=tuple(_doubts(scope, printer_id=printer_id)),
        terms_version=latest.terms_version,
    )


def _story(scope: Scope, decisions: list[models.Decision], *, printer_id: int) -> list[Entry]:
    """Newest first: each change of the decision that reads otherwise than the one before, and the enrolment."""
    told = [Entry(decision.on, _changed(decision)) for decision in decisions]
    entries = [entry for entry, before in zip_longest(told, told[1:]) if before is None or entry.what != before.what]
    enrolment = coverage.enrolment(scope, printer_id=printer_id)
    if enrolment is not None:
        entries.append(Entry(enrolment.enrolled_on, wording.word("story", "enrolled")))
        if enrolment.left_on:
            entries.append(Entry(enrolment.left_on, wording.word("story", "left")))
    entries.sort(key=lambda entry: entry.on, reverse=True)
    return [entry for place, entry in enumerate(entries) if entry not in entries[:place]]


def _changed(decision: models.Decision) -> str:
    reasons = " ".join(wording.word("reason", reason) for reason in decision.reasons)
    return _("%(status)s. %(reasons)s") % {
        "status": wording.sentence(described.coverage_in_words(decision)),
        "reasons": reasons,
    }


def _doubts(scope: Scope, *, printer_id: int) -> list[Entry]:
    """The replacements that still wait for an explanation, with what the printer itself said."""
    found = [one for one in coverage.verdicts(scope, printer_id=printer_id) if one.verdict == "contradicted"]
    return [Entry(one.cartridge.installed_at.date(), _doubt(one), one.cartridge_id) for one in found]


def _doubt(verdict: models.ReplacementVerdict) -> str:
    cartridge = verdict.cartridge
    supply = wording.supply(cartridge.slot.kind, cartridge.slot.colour, cartridge.slot.description)
    said = ", ".join(part for part in (cartridge.part_number, cartridge.serial) if part)
    return f"{wording.sentence(supply)} ({said})" if said else wording.sentence(supply)
