"""A dealer's front door: signing up by oneself, and taking an invitation (R02, R03)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from econcierge.accounts import invitations, scoping
from econcierge.accounts.models import LANGUAGES, Dealer, Invitation, User
from econcierge.core import clock
from econcierge.core.errors import Invalid
from econcierge.interfaces.shared import address, pace
from econcierge.interfaces.web import access, middleware
from econcierge.interfaces.web.public import dealers
from econcierge.journeys import join as joining

REGIONS = [
    ("QC", "Québec"), ("ON", "Ontario"), ("NB", gettext_lazy("New Brunswick")), ("NS", gettext_lazy("Nova Scotia")),
    ("PE", gettext_lazy("Prince Edward Island")), ("NL", gettext_lazy("Newfoundland and Labrador")),
    ("MB", "Manitoba"), ("SK", "Saskatchewan"), ("AB", "Alberta"), ("BC", gettext_lazy("British Columbia")),
    ("YT", "Yukon"), ("NT", gettext_lazy("Northwest Territories")), ("NU", "Nunavut"),
]  # fmt: skip
# For each address that asks, in each web process: a whole office signs up from one.
ASKING = pace.Pace(per_second=1 / 60, burst=10)


class SignUp(forms.Form):
    company = forms.CharField(label=gettext_lazy("Company"), max_length=120)
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("You get a link there to go on."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, widget=forms.RadioSelect)


class Join(forms.Form):
    """Only what is not known yet."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters."),
    )
    company = forms.CharField(label=gettext_lazy("Company"), max_length=120)
    address_line_1 = forms.CharField(
        label=gettext_lazy("Address where the printers stand"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
        help_text=gettext_lazy("Supplies are delivered there, and a technician comes there. More sites can follow."),
    )
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    region = forms.ChoiceField(label=gettext_lazy("Province or territory"), choices=REGIONS)
    postal_code = forms.RegexField(
        label=gettext_lazy("Postal code"),
        regex=r"^\s*[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d\s*$",
        error_messages={"invalid": gettext_lazy("A Canadian postal code is like H2X 1Y4.")},
    )

    def __init__(self, *arguments: Any, is_new_person: bool, is_new_company: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not is_new_person:
            del self.fields["name"], self.fields["password"]
        if not is_new_company:
            for field in ("company", "address_line_1", "city", "region", "postal_code"):
                del self.fields[field]

    def clean_password(self) -> str:
        return str(get_adapter().clean_password(self.cleaned_data["password"]))

    def clean_postal_code(self) -> str:
        text = self.cleaned_data["postal_code"].upper().replace(" ", "").replace("-", "")
        return f"{text[:3]} {text[3:]}"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: access.Request, slug: str) -> HttpResponse:
    """A company opens its own account (R03): who and where to; the rest follows the link in the mail."""
    dealer = dealers.by_slug(slug)
    form = SignUp(request.POST or None, initial={"language": translation.get_language()})
    if request.method != "POST" or not form.is_valid():
        return _sign_up_page(request, dealer, form)
    if ASKING.wait_s(address.of(request)):
        form.add_error(None, _("Too many sign-ups come from your network just now. Try again in a minute."))
        return _sign_up_page(request, dealer, form, status=429)
    with scoping.as_the_platform(request.actor.scope):
        try:
            made = invitations.sign_up(dealer=dealer, now=clock.wall(), **form.cleaned_data)
        except Invalid as error:
            for field in error.fields:
                form.add_error(field, str(error))
            return _sign_up_page(request, dealer, form)
        if made is not None:
            joining.mail(made, then=_then(request))
    return render(request, "public/look_in_mail.html", {"dealer": dealer, "email": form.cleaned_data["email"]})


def _sign_up_page(request: HttpRequest, dealer: Dealer, form: SignUp, *, status: int = 0) -> HttpResponse:
    context = {"dealer": dealer, "form": form}
    return render(request, "public/sign_up.html", context, status=status or (400 if form.errors else 200))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: access.Request, slug: str, code: str) -> HttpResponse:
    """Who invites whom, then the little that is missing. Without the mailed link: has it mailed."""
    with scoping.as_the_platform(request.actor.scope):
        invitation = invitations.waiting(code=code, dealer_slug=slug, now=clock.wall())
        known = User.objects.filter(email__iexact=invitation.email, is_active=True).first()
        if not _is_theirs(request, invitation, known):
            return _without_proof(request, invitation)
        if known is not None and known.pk != request.actor.user_id:
            return _sign_in_first(request, invitation)
        return _join(request, invitation, known)


def _is_theirs(request: access.Request, invitation: Invitation, known: User | None) -> bool:
    """The mailed link, or signed in as the person invited."""
    given = (request.POST if request.method == "POST" else request.GET).get("m", "")
    is_signed_in = known is not None and known.pk == request.actor.user_id
    return is_signed_in or invitations.is_proven(invitation, given)


def _without_proof(request: access.Request, invitation: Invitation) -> HttpResponse:
    is_sent = request.method == "POST"
    if is_sent and not ASKING.wait_s(invitation.code):
        joining.mail(invitation, then=_then(request))
    context = {"dealer": invitation.dealer, "invitation": invitation, "is_sent": is_sent, "next": _then(request)}
    return render(request, "public/invited.html", context)


def _sign_in_first(request: access.Request, invitation: Invitation) -> HttpResponse:
    context = {
        "dealer": invitation.dealer,
        "invitation": invitation,
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}",
    }
    return render(request, "public/join_known.html", context)


def _join(request: access.Request, invitation: Invitation, known: User | None) -> HttpResponse:
    form = Join(
        request.POST if request.method == "POST" else None,
        initial={"name": invitation.name, "company": invitation.company},
        is_new_person=known is None,
        is_new_company=invitation.customer is None,
    )
    if request.method == "POST" and (form.is_valid() if form.fields else True):
        return _joined(request, invitation, known, form.cleaned_data if form.fields else {})
    given = (request.POST if request.method == "POST" else request.GET).get("m", "")
    context = {
        "dealer": invitation.dealer, "invitation": invitation, "form": form, "proof": given, "next": _then(request),
    }  # fmt: skip
    return render(request, "public/join.html", context, status=400 if form.errors else 200)


def _joined(request: access.Request, invitation: Invitation, known: User | None, said: dict[str, Any]) -> HttpResponse:
    place = {name: said[name] for name in ("address_line_1", "city", "region", "postal_code") if name in said}
    membership = joining.accept(
        invitation=invitation,
        user=known,
        name=said.get("name", ""),
        password=said.get("password"),
        company=said.get("company", ""),
        first_site=joining.FirstSite(**place) if place else None,
        now=clock.wall(),
        at=clock.now(),
    )
    after = _then(request) or (reverse("start") if invitation.customer is None else reverse("home"))
    if known is None:
        perform_login(request, membership.user, email_verification="none", signup=True)
        response = redirect(after)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, invitation.language, samesite=settings.LANGUAGE_COOKIE_SAMESITE
        )
    else:
        response = redirect(after)
    request.session[middleware.MEMBERSHIP_KEY] = membership.pk
    messages.success(request, _("You are in."))
    return response


def _then(request: HttpRequest) -> str:
    """Where the person was going: a page of ours, else nowhere."""
    asked = (request.POST if request.method == "POST" else request.GET).get("next", "")
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
