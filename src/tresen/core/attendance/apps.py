from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "tresen.core.attendance"
    label = "attendance"
