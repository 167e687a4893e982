"""What a person wants to hear of, and how: language, kinds, sites, at once or once a day, quiet hours."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from econcierge.accounts import operations as accounts_operations
from econcierge.accounts import queries as accounts
from econcierge.accounts.models import LANGUAGES, User
from econcierge.accounts.types import Actor, Permission, Role, ScopeKind
from econcierge.core import clock
from econcierge.fleet import queries as fleet
from econcierge.interfaces.shared import moments, wording
from econcierge.interfaces.web import access
from econcierge.notifications import operations as notifications
from econcierge.notifications import queries, rules
from econcierge.notifications.models import Habit, Preference
from econcierge.notifications.types import Habit as Way
from econcierge.notifications.types import Kind

ZONES = (
    "America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg", "America/Regina", "America/Edmonton",
    "America/Vancouver",
)  # fmt: skip
AT_ONCE, DAILY = "at_once", "daily"
FOR_DEALERS = frozenset({Kind.DEALER_SUPPLY_EARLY})


class Hearing(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language of pages and mail"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Send me a mail when"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sites = forms.MultipleChoiceField(
        label=gettext_lazy("About these sites"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A new site is added by itself."),
    )  # fmt: skip
    pace = forms.ChoiceField(
        label=gettext_lazy("When it can wait"), widget=forms.RadioSelect, initial=AT_ONCE, required=False,
        choices=((AT_ONCE, gettext_lazy("a mail at once")), (DAILY, gettext_lazy("one mail a day"))),
        help_text=gettext_lazy("What is almost empty is always told at once, outside your quiet hours."),
    )  # fmt: skip
    daily_at = forms.TimeField(
        label=gettext_lazy("The one mail a day comes at"), required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M"),
    )  # fmt: skip
    quiet_from = forms.TimeField(
        label=gettext_lazy("No mail from"), required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M"),
    )  # fmt: skip
    quiet_to = forms.TimeField(
        label=gettext_lazy("until"), required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "short"}, format="%H:%M"),
        help_text=gettext_lazy("What comes up then is sent when the quiet ends."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=[(zone, zone.partition("/")[2].replace("_", " ")) for zone in ZONES],
        required=False,
    )  # fmt: skip

    def __init__(self, *arguments: Any, kinds: list[Kind], sites: list[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["wanted"].choices = [(kind.value, wording.word("mail", kind)) for kind in kinds]
        self.fields["sites"].choices = [(str(site.pk), site.name) for site in sites]
        if len(sites) < 2:
            del self.fields["sites"]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("pace") == DAILY and given.get("daily_at") is None:
            self.add_error("daily_at", _("Give the hour at which it comes."))
        if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to", _("Quiet hours need a beginning and an end."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def preferences(request: access.Request) -> HttpResponse:
    user = User.objects.get(pk=request.actor.user_id)
    kinds = _kinds(request.actor)
    sites = list(fleet.sites(request.actor.scope)) if request.actor.scope.kind is ScopeKind.CUSTOMER else []
    habit = queries.habit(user=user)
    form = Hearing(
        request.POST or None, kinds=kinds, sites=sites, initial=_as_known(user, request.actor, kinds, sites, habit)
    )
    if request.method == "POST" and form.is_valid():
        return _saved(request, user, form, kinds=kinds, site_ids={site.pk for site in sites}, habit=habit)
    return render(request, "portal/preferences.html", {"form": form}, status=400 if form.errors else 200)


def _kinds(actor: Actor) -> list[Kind]:
    """What may be refused, of what this role is told at all."""
    is_dealer = actor.scope.kind is ScopeKind.DEALER
    return [kind for kind in Kind if rules.may_refuse(kind) and (is_dealer or kind not in FOR_DEALERS)]


def _as_known(user: User, actor: Actor, kinds: list[Kind], sites: list[Any], habit: Habit | None) -> dict[str, Any]:
    chosen = dict(Preference.objects.filter(user=user).values_list("kind", "wanted"))
    usual = actor.role is not Role.CUSTOMER_VIEWER  # who only looks on is told of what they ask for
    muted = set(habit.muted_site_ids) if habit else set()
    known = {
        "language": user.language,
        "wanted": [kind.value for kind in kinds if chosen.get(kind.value, usual)],
        "sites": [str(site.pk) for site in sites if site.pk not in muted],
        "pace": DAILY if habit and habit.daily_at else AT_ONCE,
        "daily_at": habit.daily_at if habit and habit.daily_at else time(8, 0),
        "time_zone": habit.time_zone if habit else settings.TIME_ZONE,
    }
    return known | ({"quiet_from": habit.quiet_from, "quiet_to": habit.quiet_to} if habit else {})


def _saved(
    request: access.Request, user: User, form: Hearing, *, kinds: list[Kind], site_ids: set[int], habit: Habit | None
) -> HttpResponse:
    given = form.cleaned_data
    accounts_operations.choose_language(user=user, language=given["language"])
    for kind in kinds:
        notifications.set_preference(user=user, kind=kind, wanted=kind.value in given["wanted"])
    way = Way(
        time_zone=given.get("time_zone") or settings.TIME_ZONE,
        daily_at=given["daily_at"] if given.get("pace") == DAILY else None,
        quiet_from=given.get("quiet_from"),
        quiet_to=given.get("quiet_to"),
    )
    elsewhere = {pk for pk in (habit.muted_site_ids if habit else []) if pk not in site_ids}
    muted = site_ids - {int(pk) for pk in given["sites"]} if "sites" in form.fields else set()
    notifications.set_habit(user=user, habit=way, muted_site_ids=sorted(elsewhere | muted))
    with translation.override(given["language"]):
        messages.success(request, _("Saved."))
    response = redirect("preferences")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, given["language"], samesite=settings.LANGUAGE_COOKIE_SAMESITE)
    return response


def came_back(addresses: list[str]) -> dict[str, str]:
    """What is said beside an address from which mail came back, by the address in small letters."""
    now = clock.now()
    return {
        address: _("Mail to this address comes back since %(day)s: %(said)s") % {
            "day": moments.date_of(clock.day_of(one.since), on=clock.day_of(now)), "said": one.said,
        }
        for address, one in queries.set_aside(addresses=addresses).items()
    }  # fmt: skip


@require_POST
@access.opens(Permission.MANAGE_PEOPLE, ScopeKind.CUSTOMER)
def try_again(request: access.Request) -> HttpResponse:
    """Mail goes to an address again, what was set aside in the last days included."""
    customer_id = request.actor.scope.customer_id
    assert customer_id is not None  # the page is for customers only
    address = request.POST.get("address", "")
    people = accounts.people(request.actor.scope, customer_id=customer_id)
    is_ours = address.casefold() in {one.user.email.casefold() for one in people}
    if is_ours and notifications.try_again(address=address, now=clock.now()):
        messages.success(request, _("Mail goes to %(address)s again.") % {"address": address})
    return redirect("people")
