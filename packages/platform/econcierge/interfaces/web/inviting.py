"""The form that invites a person, and the list of those who have not answered; customers and dealers share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econcierge.accounts import invitations
from econcierge.accounts.models import LANGUAGES, Customer, Invitation
from econcierge.accounts.types import Role
from econcierge.core import clock
from econcierge.core.errors import Conflict, Invalid
from econcierge.interfaces.shared import wording
from econcierge.interfaces.web import access
from econcierge.journeys import join


class Invite(forms.Form):
    """A person; the company only where a new one is opened, the role only where there is a choice."""

    company = forms.CharField(label=gettext_lazy("Company"), max_length=120)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the invitation"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *arguments: Any, is_new_company: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if is_new_company:
            del self.fields["role"]
            return
        del self.fields["company"]
        roles = sorted(invitations.INTO_A_COMPANY, key=lambda role: role is Role.CUSTOMER_ADMIN)
        self.fields["role"].choices = [(role.value, wording.sentence(wording.word("role", role))) for role in roles]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has not answered, with the link that can also be handed over."""

    invitation: Invitation
    link: str


def form(request: access.Request, *, is_new_company: bool) -> Invite:
    first = {"language": translation.get_language()}
    return Invite(request.POST or None, initial=first, is_new_company=is_new_company)


def invited(request: access.Request, filled: Invite, *, customer: Customer | None) -> bool:
    """Whether the form could be used: then the invitation is made and mailed."""
    if not filled.is_valid():
        return False
    said = filled.cleaned_data
    try:
        made = invitations.invite(
            actor=request.actor, customer=customer, email=said["email"], name=said["name"], language=said["language"],
            company=said.get("company", ""), role=Role(said.get("role", Role.CUSTOMER_ADMIN)), now=clock.wall(),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        for field in error.fields or (None,):
            filled.add_error(field, str(error))
        return False
    join.mail(made)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": made.email})
    return True


def waiting(request: access.Request, *, customer_id: int | None = None) -> list[Waiting]:
    found = invitations.open_ones(request.actor.scope, now=clock.wall(), customer_id=customer_id)
    return [Waiting(one, join.link(one)) for one in found]
