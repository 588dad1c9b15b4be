from django.apps import AppConfig


class OnCallConfig(AppConfig):
    name = "tresen.service.oncall"
    label = "oncall"
