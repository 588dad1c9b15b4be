"""The mail address for news."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tresen.core.people.identities import is_mail_address
from tresen.faces.portal.surroundings import is_own_address


class AddressForm(forms.Form):
    """One mail address; where `required` is False it may be left empty."""

    email = forms.CharField(
        label=_("Your mail address"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = required
        if not required:
            self.fields["email"].label = gettext("Your mail address, if you want to hear when it is over")

    def clean_email(self) -> str:
        """One plain address, and none of ours."""
        address = str(self.cleaned_data["email"]).strip()
        if address and not is_mail_address(address):
            raise ValidationError(gettext("This is not a whole mail address. It looks like name@example.org."))
        if address and is_own_address(address):
            raise ValidationError(gettext("This is our own address. Please give yours, so that we can answer you."))
        return address
