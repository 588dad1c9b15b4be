from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tresen.service.search"
    label = "search"
