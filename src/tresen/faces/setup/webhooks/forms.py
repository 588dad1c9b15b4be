"""A webhook: where it leads, and what it hears of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.faces.setup.saving import MarkedForm
from tresen.service.webhooks.kinds import KINDS
from tresen.service.webhooks.services import WrongUrl, check_url


class EndpointForm(MarkedForm):
    """All of it but its secret."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=2000,
        widget=forms.TextInput(attrs={"type": "url", "placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy("With https, in the public internet."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("It hears when"), required=False, choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Rules can call it besides, whatever stands here."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("Switched on"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )  # fmt: skip

    def clean_url(self) -> str:
        """One that may be called; why another may not is not said. Raises ValidationError."""
        typed = str(self.cleaned_data["url"]).strip()
        try:
            check_url(typed)
        except WrongUrl as fault:
            raise forms.ValidationError(_("This address cannot be called.")) from fault
        return typed

    def endpoint_values(self) -> dict[str, Any]:
        """For the service."""
        return self.values()
