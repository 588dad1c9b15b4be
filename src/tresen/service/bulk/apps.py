from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "tresen.service.bulk"
    label = "bulk"
