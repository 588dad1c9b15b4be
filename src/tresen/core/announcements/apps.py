from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "tresen.core.announcements"
    label = "announcements"
