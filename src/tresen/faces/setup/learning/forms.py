"""From which confidence on a field is proposed and filled in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHOWN = (50, 60, 70, 80, 90)
FILLED = (80, 85, 90, 95, 97)


def _percents(values: tuple[int, ...], now: int | None) -> list[tuple[int, Any]]:
    """The usual steps, and what is set now."""
    every = sorted({*values, *([now] if now is not None else [])})
    return [(value, gettext_lazy("from %(n)s %% on") % {"n": value}) for value in every]


class ThresholdForm(forms.Form):
    """The limits of one field."""

    shown_from = forms.TypedChoiceField(
        label=gettext_lazy("Propose"), coerce=int,
        help_text=gettext_lazy("How sure it must be for a chip on the ticket. It decides nothing: a person clicks it."),
    )  # fmt: skip
    filled_from = forms.TypedChoiceField(
        label=gettext_lazy("Fill in by itself"), coerce=int, required=False, empty_value=None,
        help_text=gettext_lazy(
            "How sure it must be to set the field of a new ticket without anybody. The ticket says so, with the "
            "reasons, and one click takes it back."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown, filled = self.fields["shown_from"], self.fields["filled_from"]
        assert isinstance(shown, forms.TypedChoiceField) and isinstance(filled, forms.TypedChoiceField)
        shown.choices = _percents(SHOWN, self.initial.get("shown_from"))
        filled.choices = [("", gettext_lazy("never")), *_percents(FILLED, self.initial.get("filled_from"))]

    def clean(self) -> dict[str, Any]:
        """It fills in nothing that it would not propose."""
        data = super().clean() or {}
        filled = data.get("filled_from")
        if filled is not None and filled < data.get("shown_from", 0):
            raise ValidationError(_("What it fills in must be at least as sure as what it proposes."))
        return data
