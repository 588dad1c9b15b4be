from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "tresen.service.webhooks"
    label = "webhooks"
