"""A contradicted replacement: the customer explains, the dealer decides, the customer may contest once (R29, R30).

Doubt never costs anybody the service: until a person decides, the printer stays covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission, Role
from econcierge.audit import operations as audit
from econcierge.core import clock, jobs
from econcierge.core.errors import Conflict, NotAllowed, NotFound
from econcierge.coverage import models, operations
from econcierge.coverage import types as t

TO_EXPLAIN_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One replacement with a verdict against it: the verdict in force, what was said about it, what was decided."""

    verdict: models.ReplacementVerdict
    said: tuple[models.Explanation, ...]
    enrolment: models.Enrolment | None

    @property
    def is_open(self) -> bool:
        return self.verdict.verdict == t.Verdict.CONTRADICTED and self.decided is None

    @property
    def decided(self) -> str | None:
        """The outcome that a person gave, None while nobody has."""
        if self.verdict.decided_by_id is None:
            return None
        excused = self.verdict.verdict == t.Verdict.EXCUSED
        return t.Outcome.EXCUSED.value if excused else t.Outcome.OUTSIDE_SUPPLY.value

    @property
    def is_contested(self) -> bool:
        return any(one.kind == t.ExplanationKind.CONTEST for one in self.said)

    @property
    def explain_until(self) -> datetime:
        return self.verdict.at + TO_EXPLAIN_WITHIN


def doubt(actor: Actor, *, printer_id: int, cartridge_id: int) -> Doubt:
    """Raises `NotFound` where there is no such replacement, or never was any doubt about it."""
    rows = accounts.limit(actor.scope, models.ReplacementVerdict.objects).filter(
        cartridge_id=cartridge_id, cartridge__slot__printer_id=printer_id
    )
    verdict = rows.select_related("cartridge__slot__printer").order_by("-id").first()
    if verdict is None or not rows.filter(verdict=t.Verdict.CONTRADICTED.value).exists():
        raise NotFound(_("There is no replacement to explain."))
    said = accounts.limit(actor.scope, models.Explanation.objects).filter(cartridge_id=cartridge_id).order_by("id")
    enrolment = accounts.limit(actor.scope, models.Enrolment.objects).filter(printer_id=printer_id).first()
    return Doubt(verdict, tuple(said), enrolment)


def explain(
    *, actor: Actor, printer_id: int, cartridge_id: int, reason: t.ExplanationReason, text: str, now: datetime
) -> models.Explanation:
    """What the customer says; the dealer reads it beside the evidence. Raises `NotAllowed`, `NotFound`, `Conflict`."""
    _require(actor, Permission.ORDER)
    found = doubt(actor, printer_id=printer_id, cartridge_id=cartridge_id)
    if not found.is_open:
        raise Conflict(_("This replacement was decided already."))
    return _say(found, actor=actor, kind=t.ExplanationKind.EXPLAINED, reason=reason.value, text=text, now=now)


def contest(*, actor: Actor, printer_id: int, cartridge_id: int, text: str, now: datetime) -> models.Explanation:
    """Against a decision of the dealer, once; the operator decides then."""
    _require(actor, Permission.ORDER)
    found = doubt(actor, printer_id=printer_id, cartridge_id=cartridge_id)
    if found.decided != t.Outcome.OUTSIDE_SUPPLY or found.is_contested:
        raise Conflict(_("There is no decision that could be contested."))
    return _say(found, actor=actor, kind=t.ExplanationKind.CONTEST, reason="", text=text, now=now)


def decide(
    *, actor: Actor, printer_id: int, cartridge_id: int, outcome: t.Outcome, note: str, now: datetime
) -> models.ReplacementVerdict:
    """The dealer's word, or after a contest the operator's; coverage is decided again at once.

    Raises `NotAllowed`, `NotFound`, `Conflict` (it was decided, and not contested or already by the operator).
    """
    _require(actor, Permission.DECIDE_OUTSIDE_SUPPLY)
    found = doubt(actor, printer_id=printer_id, cartridge_id=cartridge_id)
    may_again = found.is_contested and actor.role is Role.OPERATOR_ADMIN
    if not (found.is_open or may_again):
        raise Conflict(_("This replacement was decided already."))
    verdict = t.Verdict.EXCUSED if outcome is t.Outcome.EXCUSED else t.Verdict.CONTRADICTED
    evidence = {
        **found.verdict.evidence,
        "decided": outcome.value,
        "note": note,
        "said": [o.reason for o in found.said],
    }
    kept = operations.keep_verdict(
        cartridge=found.verdict.cartridge, verdict=verdict, evidence=evidence, now=now, decided_by_id=actor.user_id
    )
    if found.enrolment is not None:
        decided_on = clock.day_of(now) if outcome is t.Outcome.OUTSIDE_SUPPLY else None
        operations.decide_outside_supply(enrolment=found.enrolment, on=decided_on)
    audit.record(
        action=f"replacement.{outcome.value}",
        subject=kept,
        now=now,
        actor=actor,
        customer_id=kept.customer_id,
        note=note,
    )
    jobs.defer("coverage.decide", printer_ids=[printer_id])
    return kept


def _say(
    found: Doubt, *, actor: Actor, kind: t.ExplanationKind, reason: str, text: str, now: datetime
) -> models.Explanation:
    said = models.Explanation.objects.create(
        customer_id=found.verdict.customer_id,
        cartridge=found.verdict.cartridge,
        kind=kind.value,
        reason=reason,
        text=text.strip(),
        at=now,
        by_id=actor.user_id,
        by_name=actor.name[:120],
    )
    audit.record(
        action=f"replacement.{kind.value}",
        subject=said,
        now=now,
        actor=actor,
        customer_id=said.customer_id,
        reason=reason,
    )
    return said


def _require(actor: Actor, permission: Permission) -> None:
    if not roles.may(actor.role, permission):
        raise NotAllowed(_("Your role does not include this."))
