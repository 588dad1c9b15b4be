from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "tresen.service.surveys"
    label = "surveys"
