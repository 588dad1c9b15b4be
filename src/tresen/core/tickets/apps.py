from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tresen.core.tickets"
    label = "tickets"
