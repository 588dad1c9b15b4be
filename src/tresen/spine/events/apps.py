from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "tresen.spine.events"
    label = "events"
