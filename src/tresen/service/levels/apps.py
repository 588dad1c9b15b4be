from django.apps import AppConfig


class LevelsConfig(AppConfig):
    name = "tresen.service.levels"
    label = "levels"
