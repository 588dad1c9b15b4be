from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "tresen.service.live"
    label = "live"
