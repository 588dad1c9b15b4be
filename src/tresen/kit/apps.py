from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "tresen.kit"
    label = "kit"

    def ready(self) -> None:
        """What is missing is asked for in our words, the same on every form."""
        forms.Field.default_error_messages["required"] = _("Please fill this in.")
