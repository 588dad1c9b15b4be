"""A webhook: where it leads, and what it hears of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.faces.setup.outside import OutsideField
from tresen.faces.setup.saving import MarkedForm
from tresen.service.webhooks.kinds import KINDS


class EndpointForm(MarkedForm):
    """All of it but its secret."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    url = OutsideField(
        label=gettext_lazy("Address"), max_length=2000, help_text=gettext_lazy("With https, in the public internet."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("It hears when"), required=False, choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Rules can call it besides, whatever stands here."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("Switched on"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )  # fmt: skip

    def endpoint_values(self) -> dict[str, Any]:
        """For the service."""
        return self.values()
