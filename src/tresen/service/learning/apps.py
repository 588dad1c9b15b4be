from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "tresen.service.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"
