from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "tresen.core.knowledge"
    label = "knowledge"
