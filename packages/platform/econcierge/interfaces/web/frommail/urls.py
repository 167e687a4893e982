"""Addresses that stand in mails, so they stay."""

from django.urls import path

from econcierge.interfaces.web.frommail import pages

urlpatterns = [
    path("m/stop/<str:text>/", pages.stop, name="stop_mail"),
    path("m/<str:text>/", pages.act, name="act_from_mail"),
]
