"""A group of synonyms."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.people.models import LANGUAGES


class SynonymForm(forms.Form):
    """Words that mean the same."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    words = forms.CharField(
        label=gettext_lazy("Words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("One a line: words or short phrases that customers use for the same thing."),
    )  # fmt: skip
