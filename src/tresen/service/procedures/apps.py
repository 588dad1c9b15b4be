from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "tresen.service.procedures"
    label = "procedures"
