"""Enrols a printer in the programme (R06, R33); the decision follows at once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from econcierge.accounts import rules as roles
from econcierge.accounts.types import Actor, Permission
from econcierge.audit import operations as audit
from econcierge.core import clock, jobs
from econcierge.core.errors import NotAllowed
from econcierge.coverage import models as coverage
from econcierge.coverage import operations
from econcierge.fleet.models import Printer


def enrol(*, actor: Actor, printer: Printer, now: datetime) -> coverage.Enrolment:
    """Enrol a printer from today on; whether that gives it anything, the decision says with its reasons."""
    if not roles.may(actor.role, Permission.MANAGE_FLEET):
        raise NotAllowed(_("Your role does not let you enrol printers. Ask your company’s administrator."))
    enrolment = operations.enrol(printer=printer, programme="standard-ca", on=clock.day_of(now))
    audit.record(action="printer.enrolled", subject=printer, now=now, actor=actor, customer_id=printer.customer_id)
    jobs.defer("coverage.decide", printer_ids=[printer.pk])
    return enrolment
