from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "tresen.service.views"
    label = "views"
