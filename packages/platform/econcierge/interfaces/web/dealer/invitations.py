"""A dealer invites a customer: the link carries both, so nothing is typed twice."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from econcierge.accounts.types import Permission, ScopeKind
from econcierge.interfaces.web import access, inviting


@require_http_methods(["GET", "HEAD", "POST"])
@access.opens(Permission.MANAGE_PEOPLE, ScopeKind.DEALER)
def invite(request: access.Request) -> HttpResponse:
    """A company that is not a customer yet, by the person who will look after its printers."""
    form = inviting.form(request, is_new_company=True)
    if request.method == "POST" and inviting.invited(request, form, customer=None):
        return redirect("invite_customer")
    context = {"form": form, "waiting": inviting.waiting(request), "is_new_company": True}
    return render(request, "portal/invite.html", context, status=400 if form.errors else 200)
