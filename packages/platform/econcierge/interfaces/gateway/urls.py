"""The addresses that assistants and operations ask for."""

from __future__ import annotations

from django.urls import path

from econcierge.interfaces.gateway import health, views

urlpatterns = [
    path("gateway/v1/reports", views.reports, name="gateway-reports"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
