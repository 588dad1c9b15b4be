"""Asking for a new password."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ForgottenForm(forms.Form):
    """The address of the account."""

    email = forms.EmailField(
        label=_("Mail address"), max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )  # fmt: skip
