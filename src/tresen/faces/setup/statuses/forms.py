"""Statuses: names in every language, order, use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES
from tresen.core.tickets.choices import StatusCategory
from tresen.faces.setup.saving import MarkedForm


class StatusForm(MarkedForm):
    """The names by language, the place in lists, and whether it stands for its category."""

    name_en = forms.CharField(max_length=40)
    name_de = forms.CharField(max_length=40, required=False)
    name_pl = forms.CharField(max_length=40, required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=0, max_value=999, initial=0,
        help_text=gettext_lazy("Smaller numbers stand first."),
    )  # fmt: skip
    is_default = forms.BooleanField(
        label=gettext_lazy("Stands for its category"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("Tresen sets this one, for example when a customer answers."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("One that is not in use can no longer be chosen; tickets keep it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"].label = name

    def names(self) -> dict[str, str]:
        """The names that were typed, by language."""
        return {code: name for code, _label in LANGUAGES if (name := self.cleaned_data[f"name_{code}"].strip())}


class NewStatusForm(StatusForm):
    """A status with its category, which it keeps for good."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"), choices=StatusCategory.choices, initial=StatusCategory.OPEN,
        help_text=gettext_lazy("What it means to Tresen: whose turn it is, which clocks run. It is fixed for good."),
    )  # fmt: skip
    field_order = ("name_en", "name_de", "name_pl", "category", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_default"], self.fields["is_active"]
