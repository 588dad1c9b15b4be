from django.apps import AppConfig


class RecurringConfig(AppConfig):
    name = "tresen.service.recurring"
    label = "recurring"
