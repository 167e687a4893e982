"""The addresses that assistants and operations ask for."""

from __future__ import annotations

from django.urls import path

from econcierge.interfaces.gateway import health, pairing, views, watching

urlpatterns = [
    path("gateway/v1/reports", views.reports, name="gateway-reports"),
    path("gateway/v1/pair", pairing.pair, name="gateway-pair"),
    path("gateway/v1/pair/token", pairing.pair_token, name="gateway-pair-token"),
    path("gateway/v1/token", pairing.token, name="gateway-token"),
    path("gateway/v1/settings", watching.watch_settings, name="gateway-settings"),
    path("gateway/v1/heartbeat", watching.heartbeat, name="gateway-heartbeat"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]
