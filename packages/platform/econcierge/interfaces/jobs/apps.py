from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "econcierge.interfaces.jobs"
    label = "jobs"
