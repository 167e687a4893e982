"""What is decided about printers, under which terms, and how it came to that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Scope
from econcierge.coverage import models, rules, termsfile
from econcierge.coverage import types as t


def terms(*, programme: str, on: date) -> t.TermsVersion:
    """The version in force on a day; raises `CoverageError` where none is."""
    rows = models.TermsVersion.objects.filter(programme=programme)
    return rules.terms_on(versions=[_version(row) for row in rows], programme=programme, on=on)


def all_terms() -> list[t.TermsVersion]:
    rows = models.TermsVersion.objects.order_by("programme", "-valid_from")
    return [_version(row) for row in rows]


def current(scope: Scope, *, printer_ids: Collection[int]) -> dict[int, models.Decision]:
    """The latest decision by printer; printers that were never decided are left out."""
    latest = (
        accounts.limit(scope, models.Decision.objects)
        .filter(printer_id__in=printer_ids)
        .order_by("printer_id", "-id")
        .distinct("printer_id")
    )
    return {decision.printer_id: decision for decision in latest}


def decisions(scope: Scope, *, printer_id: int) -> QuerySet[models.Decision]:
    """Every change of decision about a printer, newest first."""
    return accounts.limit(scope, models.Decision.objects).filter(printer_id=printer_id).order_by("-id")


def at_risk(scope: Scope) -> list[models.Decision]:
    """Printers whose latest decision waits for an explanation, oldest first; what a dealer has to decide."""
    latest = (
        accounts.limit(scope, models.Decision.objects)
        .select_related("printer", "customer")
        .order_by("printer_id", "-id")
        .distinct("printer_id")
    )
    waiting = [decision for decision in latest if decision.status == t.Status.AT_RISK]
    return sorted(waiting, key=lambda decision: decision.decided_at)


def contested(scope: Scope) -> list[models.Explanation]:
    """Contests of a dealer's decision that the operator has not ended yet, the oldest first; one query."""
    ended = models.ReplacementVerdict.objects.filter(
        cartridge_id=OuterRef("cartridge_id"), at__gt=OuterRef("at"), decided_by_id__isnull=False
    )
    rows = accounts.limit(scope, models.Explanation.objects.filter(kind=t.ExplanationKind.CONTEST.value))
    waiting = rows.exclude(Exists(ended)).select_related("cartridge__slot__printer", "customer")
    return list(waiting.order_by("at", "id"))


def enrolment(scope: Scope, *, printer_id: int) -> models.Enrolment | None:
    return accounts.limit(scope, models.Enrolment.objects).filter(printer_id=printer_id).first()


def verdicts(scope: Scope, *, printer_id: int) -> list[models.ReplacementVerdict]:
    """The verdict in force on each replacement of a printer, newest first."""
    latest = (
        accounts.limit(scope, models.ReplacementVerdict.objects)
        .filter(cartridge__slot__printer_id=printer_id)
        .select_related("cartridge__slot")
        .order_by("cartridge_id", "-id")
        .distinct("cartridge_id")
    )
    return sorted(latest, key=lambda verdict: verdict.cartridge.installed_at, reverse=True)


def _version(row: models.TermsVersion) -> t.TermsVersion:
    return t.TermsVersion(
        programme=row.programme,
        version=row.version,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        values=termsfile.parse_values(values=row.values, where=row.version),
        sources=row.sources,
    )
