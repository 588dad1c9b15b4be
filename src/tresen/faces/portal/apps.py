from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tresen.faces.portal"
    label = "portal"
