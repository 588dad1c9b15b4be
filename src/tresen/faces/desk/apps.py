from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tresen.faces.desk"
    label = "desk"
