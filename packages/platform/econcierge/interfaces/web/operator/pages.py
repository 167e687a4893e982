"""The programme at a glance: who sells, under which terms, for which models."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from econcierge.accounts.models import Dealer, Provider
from econcierge.accounts.types import Permission, ScopeKind
from econcierge.catalogue import queries as catalogue
from econcierge.core import clock
from econcierge.coverage import queries as coverage
from econcierge.coverage.types import TermsVersion
from econcierge.fleet import disputes
from econcierge.interfaces.shared import typed, wording
from econcierge.interfaces.web import access
from econcierge.interfaces.web.public import pages as public


@require_safe
@access.opens(Permission.MANAGE_TERMS, ScopeKind.ALL)
def home(request: access.Request) -> HttpResponse:
    on = clock.day_of(clock.now())
    query = typed.search_words(request.GET.get("q", ""))
    in_force = [one for one in coverage.all_terms() if one.valid_from <= on and (not one.valid_to or on < one.valid_to)]
    context = {
        "query": query,
        "products": public.matching(catalogue.eligible_products(on=on), query),
        "terms": [(one, _values(one)) for one in in_force],
        "dealers": Dealer.objects.annotate(customer_count=Count("customers")).order_by("name"),
        "providers": Provider.objects.order_by("name"),
        "contested": coverage.contested(request.actor.scope),
        "to_sort_out": len(disputes.disputes(request.actor.scope)),
    }
    return render(request, "operator/home.html", context)


def _values(terms: TermsVersion) -> list[tuple[str, str, str]]:
    """Each term in words with its value and the statement that it comes from."""
    return [
        (wording.word("term", name), wording.term_value(getattr(terms.values, name)), source)
        for name, source in terms.sources.items()
        if hasattr(terms.values, name)
    ]
