"""What can go wrong between this window and the others, as one sentence that helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from econcierge_assistant.desktop.core import fields
from econcierge_assistant.desktop.core.texts import gettext as _


class Trouble(StrEnum):
    """What the network says, without its library's names."""

    UNREACHABLE = "unreachable"  # no such host, refused, unreachable
    TOO_SLOW = "too_slow"
    NOT_TRUSTED = "not_trusted"  # the certificate
    NOT_ECONCIERGE = "not_econcierge"  # something else answered
    SIGN_IN = "sign_in"  # 401
    NOT_ALLOWED = "not_allowed"  # 403
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"  # 409
    WRONG = "wrong"  # 400, 422: with what the platform says of it
    TOO_MANY = "too_many"  # 429
    BROKEN = "broken"  # 5xx
    SERVICE_AWAY = "service_away"  # the monitoring service of this computer


@dataclass(frozen=True, slots=True)
class Problem:
    trouble: Trouble
    text: str
    fields: dict[str, str] | None = None
    code: str = ""  # as the platform names it

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed later, its outcome now being unknown."""
        return self.trouble in {Trouble.UNREACHABLE, Trouble.TOO_SLOW, Trouble.BROKEN, Trouble.NOT_ECONCIERGE}


def of_network(trouble: Trouble, *, server: str, detail: str = "") -> Problem:
    facts = {"server": server, "detail": detail}
    text = {
        Trouble.UNREACHABLE: _("%(server)s cannot be reached. Check the address and this computer’s network."),
        Trouble.TOO_SLOW: _("%(server)s did not answer in time. It is tried again by itself."),
        Trouble.NOT_TRUSTED: _(
            "The certificate of %(server)s is not trusted (%(detail)s), so nothing was sent. Check the address, "
            "this computer’s date, and whether your network inspects connections; then ask who runs the server."
        ),
        Trouble.NOT_ECONCIERGE: _(
            "%(server)s answered something that is not econcierge. Check the address, without a page behind it."
        ),
    }[trouble]
    return Problem(trouble, text % facts)


def of_status(status: int, body: object, *, server: str) -> Problem:
    """A refusal by the platform: its own sentence where it gives one."""
    said, code, wrong = _said(body)
    trouble = {
        400: Trouble.WRONG,
        401: Trouble.SIGN_IN,
        403: Trouble.NOT_ALLOWED,
        404: Trouble.NOT_FOUND,
        409: Trouble.CONFLICT,
        422: Trouble.WRONG,
        429: Trouble.TOO_MANY,
    }.get(status, Trouble.BROKEN if status >= 500 else Trouble.NOT_ECONCIERGE)
    return Problem(trouble, said or _own_words(trouble) % {"server": server}, fields=wrong, code=code)


def service_away() -> Problem:
    return Problem(
        Trouble.SERVICE_AWAY,
        _("The monitoring service is not running on this computer. Start it, or ask who looks after this computer."),
    )


def _own_words(trouble: Trouble) -> str:
    return {
        Trouble.SIGN_IN: _("You are signed out: this computer’s permission has expired or was withdrawn."),
        Trouble.NOT_ALLOWED: _("Your role at your company does not allow this. Ask an administrator there."),
        Trouble.NOT_FOUND: _("This is no longer there. Go back and look again."),
        Trouble.CONFLICT: _("This has changed meanwhile. Look at it again."),
        Trouble.WRONG: _("%(server)s did not accept this."),
        Trouble.TOO_MANY: _("Too many requests for now. Try again in a minute."),
        Trouble.BROKEN: _("%(server)s has a problem at the moment. It is tried again by itself."),
    }.get(
        trouble, _("%(server)s answered something that is not econcierge. Check the address, without a page behind it.")
    )


def _said(body: object) -> tuple[str, str, dict[str, str] | None]:
    """Text, code and fields of an error body; empty when it says none."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", "", None
    named = error.get("fields")
    wrong = (
        {str(name): text for name, text in named.items() if isinstance(text, str)} if isinstance(named, dict) else None
    )
    return fields.text(error, "text"), fields.text(error, "code"), wrong or None


def of_certificate(name: str) -> str:
    """Why a certificate is not trusted, from the name of the check that failed."""
    return {
        "SelfSignedCertificate": _("it is signed by itself"),
        "SelfSignedCertificateInChain": _("it is signed by somebody this computer does not know"),
        "UnableToGetLocalIssuerCertificate": _("it is signed by somebody this computer does not know"),
        "UnableToVerifyFirstCertificate": _("it is signed by somebody this computer does not know"),
        "CertificateUntrusted": _("it is signed by somebody this computer does not know"),
        "CertificateExpired": _("it has expired"),
        "CertificateNotYetValid": _("it is not valid yet"),
        "HostNameMismatch": _("it belongs to another address"),
        "CertificateRevoked": _("it was withdrawn"),
    }.get(name, _("it cannot be checked"))
