"""Which address leads to which door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("econcierge.interfaces.gateway.urls")),
    path("", include("econcierge.interfaces.api.urls")),
    path("", include("econcierge.interfaces.web.urls")),
    path("", include("econcierge.interfaces.backoffice.urls")),
]
handler403 = "econcierge.interfaces.web.errors.refused"
handler404 = "econcierge.interfaces.web.errors.not_found"
