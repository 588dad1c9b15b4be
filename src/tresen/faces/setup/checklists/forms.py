"""Kept checklists: a name and steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.teamwork.checklist import MOST_ITEMS, TooManyItems
from tresen.core.teamwork.templates import NoSteps, clean_steps
from tresen.faces.setup.saving import MarkedForm


class ChecklistForm(MarkedForm):
    """One of them."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    steps = forms.CharField(
        label=gettext_lazy("Steps"), max_length=12_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One a line. @name gives a step to a colleague when the list is put on a ticket."),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text=gettext_lazy("One that is not in use can no longer be chosen; tickets keep their steps."),
    )  # fmt: skip

    def clean_steps(self) -> list[str]:
        """A text for each line that is not empty."""
        try:
            return clean_steps(self.cleaned_data["steps"].splitlines())
        except NoSteps:
            raise ValidationError(_("Write at least one step.")) from None
        except TooManyItems:
            raise ValidationError(_("A checklist has at most %(n)s steps.") % {"n": MOST_ITEMS}) from None

    def wanted(self) -> dict[str, Any]:
        """For the service."""
        return {"name": " ".join(self.cleaned_data["name"].split()), **self.values("name")}
