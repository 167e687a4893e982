"""Where the application stands: signed in or not, platform and service reachable or not; what the window says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from econcierge_assistant.desktop.core import moments, texts
from econcierge_assistant.desktop.core.problems import Problem, Trouble
from econcierge_assistant.desktop.core.texts import gettext as _
from econcierge_assistant.desktop.core.types import ServiceStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """`problem`: the platform's last, None when it answered. `has_local`: levels come from this computer's service."""

    signed_in: bool = False
    problem: Problem | None = None
    since: datetime | None = None  # when the platform was last heard
    has_local: bool = False
    service: ServiceStatus | None = None
    service_is_away: bool = False

    @property
    def may_write(self) -> bool:
        """Whether anything can be ordered or asked for now."""
        return self.signed_in and self.problem is None


def banner(standing: Standing, *, now: datetime) -> str:
    """What stands above the page, "" when all is well."""
    if standing.problem is not None:
        return " ".join(filter(None, [standing.problem.text, _source(standing, now=now)]))
    service = standing.service
    if service is not None and service.state in {"revoked", "cannot_deliver"}:
        return texts.in_language(service.text)
    if service is not None and service.state == "not_paired" and standing.signed_in:
        return texts.in_language(service.text)
    if not standing.signed_in and standing.has_local and not _is_new(service):
        return _("You are signed out. Levels come from the monitoring service on this computer; sign in to order.")
    return ""


def next_step(standing: Standing) -> str:
    """What the button beside the banner says, "" for none; it leads to the address and a code in any case."""
    if not standing.signed_in:
        return _("Sign in")
    state = standing.service.state if standing.service is not None and standing.problem is None else ""
    return {"revoked": _("Connect again"), "not_paired": _("Connect this computer")}.get(state, "")


def _is_new(service: ServiceStatus | None) -> bool:
    """On the first day nobody has signed out yet, and there are no levels."""
    return service is not None and service.state in {"not_paired", "pairing"}


def _source(standing: Standing, *, now: datetime) -> str:
    if standing.has_local:
        return _("Levels come from the monitoring service on this computer meanwhile.")
    if standing.since is not None and standing.problem is not None and standing.problem.trouble is not Trouble.SIGN_IN:
        return _("What you see is from %(moment)s.") % {"moment": moments.moment(standing.since, now=now)}
    return ""
