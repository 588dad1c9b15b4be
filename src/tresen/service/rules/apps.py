from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "tresen.service.rules"
    label = "rules"
