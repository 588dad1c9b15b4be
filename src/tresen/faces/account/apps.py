from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "tresen.faces.account"
    label = "account"
