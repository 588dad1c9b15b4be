"""A rating and, if one wants, some words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.service.surveys.scales import Scale
from tresen.service.surveys.services import MOST_WORDS


class RatingForm(forms.Form):
    """One choice of the scale."""

    rating = forms.TypedChoiceField(
        coerce=int, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose a rating."),
                        "invalid_choice": gettext_lazy("Please choose a rating.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What should we know? (if you like)"), required=False, max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip

    def __init__(self, *args: Any, scale: Scale, **named: Any) -> None:
        super().__init__(*args, **named)
        choices = [(value, _labelled(value, scale.word(value))) for value in scale.values]
        field = self.fields["rating"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices

    @property
    def chosen(self) -> str:
        """The rating that is chosen now; empty where none is."""
        value = self["rating"].value()
        return "" if value is None else str(value)


def _labelled(value: int, word: str) -> str:
    return _("%(value)s, %(word)s") % {"value": value, "word": word} if word else str(value)
