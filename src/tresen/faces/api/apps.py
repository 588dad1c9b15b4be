from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tresen.faces.api"
    label = "api"
