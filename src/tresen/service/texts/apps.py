from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "tresen.service.texts"
    label = "texts"
