from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    name = "tresen.core.teamwork"
    label = "teamwork"
