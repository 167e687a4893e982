"""The operator's admin, under its own address."""

from django.urls import path

from econcierge.interfaces.backoffice.admin import site

urlpatterns = [path("backoffice/", site.urls)]
