from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "tresen.kit"
    label = "kit"
