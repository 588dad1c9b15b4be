from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "tresen.spine.limits"
    label = "limits"
