from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "tresen.service.notifications"
    label = "notifications"
