from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tresen.core.people"
    label = "people"
