"""The form that asks for one's links again."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tresen.core.people.identities import is_mail_address


class LinkForm(forms.Form):
    """One mail address."""

    email = forms.CharField(
        label=_("Your mail address"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip

    def clean_email(self) -> str:
        """One plain address."""
        address = str(self.cleaned_data["email"]).strip()
        if not is_mail_address(address):
            raise ValidationError(gettext("This is not a whole mail address. It looks like name@example.org."))
        return address
