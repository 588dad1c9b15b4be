from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "tresen.faces.setup"
    label = "setup"
