"""The addresses of the web interface for programmes."""

from __future__ import annotations

from django.urls import path

from econcierge.interfaces.api import routes

urlpatterns = [path("api/v1/", routes.api.urls)]
