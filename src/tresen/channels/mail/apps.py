from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "tresen.channels.mail"
    label = "mail"
