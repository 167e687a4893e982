"""The people of a company, and what each of them wants in which language."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts import invitations
from econcierge.accounts import operations as accounts_operations
from econcierge.accounts import queries as accounts
from econcierge.accounts.models import LANGUAGES, User
from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.interfaces.shared import wording
from econcierge.interfaces.web import access, inviting
from econcierge.notifications import operations as notifications
from econcierge.notifications import rules
from econcierge.notifications.models import Preference
from econcierge.notifications.types import Kind


class Preferences(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language of pages and mail"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Send me a mail when"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.fields["wanted"].choices = [(kind.value, wording.word("mail", kind)) for kind in refusable()]


def refusable() -> list[Kind]:
    return [kind for kind in Kind if rules.may_refuse(kind)]


@require_safe
@access.opens(Permission.SEE_FLEET, ScopeKind.CUSTOMER)
def people(request: access.Request) -> HttpResponse:
    customer_id = request.actor.scope.customer_id
    assert customer_id is not None  # the page is for customers only
    found = accounts.people(request.actor.scope, customer_id=customer_id)
    return render(request, "portal/people.html", {"people": found})


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.MANAGE_PEOPLE, ScopeKind.CUSTOMER)
def invite(request: access.Request) -> HttpResponse:
    """A colleague."""
    (customer,) = accounts.customers(request.actor.scope)
    form = inviting.form(request, is_new_company=False)
    if request.method == "POST" and inviting.invited(request, form, customer=customer):
        return redirect("invite_person")
    context = {"form": form, "waiting": inviting.waiting(request, customer_id=customer.pk), "is_new_company": False}
    return render(request, "portal/invite.html", context, status=400 if form.errors else 200)


@require_POST
@access.opens(Permission.MANAGE_PEOPLE, ScopeKind.CUSTOMER, ScopeKind.DEALER)
def withdraw(request: access.Request, invitation_id: int) -> HttpResponse:
    invitations.withdraw(actor=request.actor, invitation_id=invitation_id, now=clock.wall())
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("invite_customer" if request.actor.scope.kind is ScopeKind.DEALER else "invite_person")


@require_safe
@access.opens(Permission.MANAGE_FLEET, ScopeKind.CUSTOMER)
def start(request: access.Request) -> HttpResponse:
    """What a company does first."""
    return render(request, "portal/start.html")


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def preferences(request: access.Request) -> HttpResponse:
    user = User.objects.get(pk=request.actor.user_id)
    refused = set(Preference.objects.filter(user=user, wanted=False).values_list("kind", flat=True))
    wanted = [kind.value for kind in refusable() if kind.value not in refused]
    form = Preferences(request.POST or None, initial={"language": user.language, "wanted": wanted})
    if request.method == "POST" and form.is_valid():
        return _saved(request, user, form.cleaned_data["language"], set(form.cleaned_data["wanted"]))
    return render(request, "portal/preferences.html", {"form": form})


def _saved(request: access.Request, user: User, language: str, wanted: set[str]) -> HttpResponse:
    accounts_operations.choose_language(user=user, language=language)
    for kind in refusable():
        notifications.set_preference(user=user, kind=kind, wanted=kind.value in wanted)
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("preferences")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite=settings.LANGUAGE_COOKIE_SAMESITE)
    return response
