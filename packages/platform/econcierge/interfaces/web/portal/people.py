"""The people of a company, and what each of them wants in which language."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from econcierge.accounts import invitations
from econcierge.accounts import queries as accounts
from econcierge.accounts.types import Permission, ScopeKind
from econcierge.core import clock
from econcierge.interfaces.web import access, inviting
from econcierge.interfaces.web.portal import hearing


@require_safe
@access.opens(Permission.SEE_FLEET, ScopeKind.CUSTOMER)
def people(request: access.Request) -> HttpResponse:
    customer_id = request.actor.scope.customer_id
    assert customer_id is not None  # the page is for customers only
    found = accounts.people(request.actor.scope, customer_id=customer_id)
    came_back = hearing.came_back([one.user.email for one in found])
    shown = [(one, came_back.get(one.user.email.casefold(), "")) for one in found]
    return render(request, "portal/people.html", {"people": shown})


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
