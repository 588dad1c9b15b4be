from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "tresen.core.calendars"
    label = "calendars"
