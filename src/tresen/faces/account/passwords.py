"""The two fields of a new password, wherever one is set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.models import User


class NewPasswordForm(forms.Form):
    """A new password, typed twice, checked against the rules of the house for this person."""

    password = forms.CharField(
        label=gettext_lazy("New password"), max_length=1000, strip=False,
        help_text=gettext_lazy("At least 10 characters; a few words in a row are good. Not one used elsewhere."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("The same once more"), max_length=1000, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def whom(self) -> User:
        """Whose password it will be: it may not resemble his name or address."""
        return self.user or User()

    def clean(self) -> dict[str, Any]:
        """Both the same, and good enough."""
        cleaned: dict[str, Any] = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        if password:
            try:
                validate_password(password, self.whom())
            except ValidationError as fault:
                self.add_error("password", fault)
        return cleaned
