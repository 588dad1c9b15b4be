"""An address outside that Tresen is to call, as a form asks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tresen.kit.http import WrongUrl, check_url


class OutsideField(forms.CharField):
    """Judged by the guard when it is saved, and again whenever it is called; why it is refused is not said (S10)."""

    def __init__(self, *, placeholder: str = "https://", **kwargs: Any) -> None:
        attrs = {"type": "url", "placeholder": placeholder, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """One that may be called, or none. Raises ValidationError."""
        typed = str(super().clean(value))
        try:
            if typed:
                check_url(typed)
        except WrongUrl as fault:
            text = _("This address cannot be called. Tresen calls https addresses of the public internet alone.")
            raise forms.ValidationError(text) from fault
        return typed
