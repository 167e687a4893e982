from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "econcierge.core"
    label = "core"
