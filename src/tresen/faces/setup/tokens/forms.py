"""A new API token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tresen.core.people.models import Agent
from tresen.core.people.tokens import DEFAULT_DAYS

SCOPES = [
    ("read", gettext_lazy("Read what the agent may see")),
    ("write", gettext_lazy("Read and change what the agent may change")),
    ("admin", gettext_lazy("Settings as well, if the agent is an administrator")),
]


class TokenForm(forms.Form):
    """For whom it acts, what for, how far and how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=80,
        help_text=gettext_lazy("So that you know later what stops working when you revoke it."),
    )  # fmt: skip
    agent = forms.ModelChoiceField(
        Agent.objects.none(), label=gettext_lazy("Acts as"), empty_label=None,
        help_text=gettext_lazy("Best an account made for the purpose, so that it outlives colleagues."),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=gettext_lazy("What it may do"), choices=SCOPES, initial="read", widget=forms.RadioSelect
    )
    days = forms.IntegerField(
        label=gettext_lazy("Valid for how many days"), min_value=1, max_value=3650, initial=DEFAULT_DAYS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Agent.objects.active().select_related("user").order_by("user__name")
