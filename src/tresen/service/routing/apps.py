from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "tresen.service.routing"
    label = "routing"
