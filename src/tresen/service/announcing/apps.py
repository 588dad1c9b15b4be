from django.apps import AppConfig


class AnnouncingConfig(AppConfig):
    name = "tresen.service.announcing"
    label = "announcing"
