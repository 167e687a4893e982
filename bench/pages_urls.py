"""The platform's addresses and an empty page behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), path("", include("econcierge.config.urls"))]
handler403 = "econcierge.interfaces.web.errors.refused"
handler404 = "econcierge.interfaces.web.errors.not_found"
