"""The list of eligible products, a dealer's own front door, its accent as a style sheet."""

from __future__ import annotations

import csv
import dataclasses
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from econcierge.catalogue import queries as catalogue
from econcierge.catalogue.types import EligibleProduct
from econcierge.core import clock, colour
from econcierge.interfaces.shared import typed
from econcierge.interfaces.web.public import dealers

COLUMNS = [field.name for field in dataclasses.fields(EligibleProduct)]


@require_safe
@cache_control(public=True, max_age=86_400)
def icon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for where a page names no icon, as the back office's do."""
    return redirect(static("econcierge/icon.svg"))


@require_safe
def eligible_products(request: HttpRequest) -> HttpResponse:
    """R10: public, searchable."""
    query = typed.search_words(request.GET.get("q", ""))
    products = matching(catalogue.eligible_products(on=clock.day_of(clock.now())), query)
    return render(request, "public/eligible_products.html", {"products": products, "query": query})


@require_safe
def eligible_products_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="eligible-products.csv"'
    writer = csv.DictWriter(response, COLUMNS)
    writer.writeheader()
    writer.writerows(_rows())
    return response


@require_safe
def eligible_products_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"format": 1, "on": clock.day_of(clock.now()).isoformat(), "products": _rows()})


@require_safe
def front_door(request: HttpRequest, slug: str) -> HttpResponse:
    """R03, R36: who sells, what the programme does, where to sign in."""
    return render(request, "public/front_door.html", {"dealer": dealers.by_slug(slug)})


@require_safe
@cache_control(public=True, max_age=86_400)
def accent(request: HttpRequest, slug: str) -> HttpResponse:
    """The dealer's colour, corrected for contrast, for light and dark pages."""
    found = colour.accents(dealers.by_slug(slug).accent_colour)
    text = ""
    if found:
        light, dark = found
        text = (
            f"@media screen{{:root{{--accent:{light}}}}}\n"
            f"@media screen and (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}\n"
        )
    return HttpResponse(text, content_type="text/css; charset=utf-8")


def matching(products: list[EligibleProduct], query: str) -> list[EligibleProduct]:
    """Those whose name or family has every word of the query."""
    words = query.casefold().split()
    return [one for one in products if all(word in f"{one.manufacturer} {one.name}".casefold() for word in words)]


def _rows() -> list[dict[str, Any]]:
    products = catalogue.eligible_products(on=clock.day_of(clock.now()))
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
        for row in (dataclasses.asdict(product) for product in products)
    ]
