"""Repair requests as their parties may see them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from econcierge.accounts import queries as accounts
from econcierge.accounts.models import Provider
from econcierge.accounts.types import Scope, ScopeKind
from econcierge.core.errors import NotFound
from econcierge.service import rules
from econcierge.service.models import ServiceEvent, ServiceRequest
from econcierge.service.types import ProviderArea


def requests(
    scope: Scope, *, printer_id: int | None = None, customer_id: int | None = None
) -> QuerySet[ServiceRequest]:
    """Newest first. A provider sees what was sent to it."""
    found = ServiceRequest.objects.select_related("provider")
    if scope.kind is ScopeKind.PROVIDER:
        found = found.filter(provider_id=scope.provider_id)
    else:
        found = accounts.limit(scope, found)
    if printer_id is not None:
        found = found.filter(printer_id=printer_id)
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    return found.order_by("-opened_at", "-id")


def request(scope: Scope, *, request_id: int) -> ServiceRequest:
    found = requests(scope).filter(pk=request_id).first()
    if found is None:
        raise NotFound(_("There is no such repair request."))
    return found


def events(request: ServiceRequest) -> list[ServiceEvent]:
    return list(request.events.order_by("at", "id"))


def open_requests(scope: Scope, *, printer_id: int) -> QuerySet[ServiceRequest]:
    return requests(scope, printer_id=printer_id).filter(state__in=rules.OPEN)


def provider_areas() -> list[ProviderArea]:
    """Every authorised provider with its area and how much work it has; needs a scope that sees all."""
    providers = Provider.objects.annotate(
        open_requests=Count("servicerequest", filter=Q(servicerequest__state__in=rules.OPEN))
    )
    return [
        ProviderArea(
            provider_id=provider.pk,
            regions=frozenset(provider.regions),
            postal_prefixes=tuple(provider.postal_prefixes),
            models=frozenset(provider.models_served),
            open_requests=provider.open_requests,
        )
        for provider in providers
    ]
