from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "tresen.service.participation"
    label = "participation"
