from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "econcierge.interfaces.backoffice"
    label = "backoffice"
