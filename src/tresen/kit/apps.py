from gettext import NullTranslations
from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import TranslationCatalog


class KitConfig(AppConfig):
    name = "tresen.kit"
    label = "kit"

    def ready(self) -> None:
        """What is missing is asked for in our words, the same on every form; catalogues of one plural are one."""
        forms.Field.default_error_messages["required"] = _("Please fill this in.")
        TranslationCatalog.update = _joined  # type: ignore[method-assign,assignment]


def _joined(self: Any, other: NullTranslations) -> None:
    """What `TranslationCatalog.update` means to do: it compares code with a function, so that no two catalogues are
    ever joined and every word of a page is looked for in one catalogue after the other, thirty of them."""
    added: Any = other
    if added.plural.__code__ == self._plurals[0].__code__:
        self._catalogs[0].update(added._catalog)
    else:
        self._catalogs.insert(0, added._catalog.copy())
        self._plurals.insert(0, added.plural)
