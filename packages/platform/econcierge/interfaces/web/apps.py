from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "econcierge.interfaces.web"
    label = "web"
