from django.apps import AppConfig


class PreferencesConfig(AppConfig):
    name = "tresen.service.preferences"
    label = "preferences"
