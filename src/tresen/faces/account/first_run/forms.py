"""What a new desk must know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.form_fields import HoursForm, LanguageField, ZoneField
from tresen.core.people.identities import is_mail_address
from tresen.core.people.models import User
from tresen.core.people.office_hours import usual_week
from tresen.faces.account.passwords import NewPasswordForm


def _plain_address(value: str) -> None:
    if not is_mail_address(value.strip()):
        raise ValidationError(_("This is not a mail address."))


class FirstRunForm(NewPasswordForm):
    """Code, oneself, the desk, its first mailbox and team. The hours are a form beside it."""

    code = forms.CharField(
        label=gettext_lazy("Code from the console"), max_length=60,
        help_text=gettext_lazy("Tresen printed it where it was started. It shows that the desk is yours."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.CharField(
        label=gettext_lazy("Your mail address"), max_length=254, validators=[_plain_address],
        help_text=gettext_lazy("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    language = LanguageField()
    timezone = ZoneField()
    brand = forms.CharField(
        label=gettext_lazy("What the desk is called"), max_length=80,
        help_text=gettext_lazy("Customers read it in the portal and as the sender of mail."),
    )  # fmt: skip
    letters = forms.RegexField(
        r"^[A-Za-z]{1,3}$", label=gettext_lazy("Letters of ticket numbers"), initial="T",
        help_text=gettext_lazy("One to three letters. With T the first ticket is called something like T 20001-5."),
        error_messages={"invalid": gettext_lazy("One to three letters A–Z, please.")},
    )  # fmt: skip
    mailbox = forms.CharField(
        label=gettext_lazy("Address customers write to"), max_length=254, validators=[_plain_address],
        help_text=gettext_lazy("Mail to this address becomes tickets. How it gets here is set later, in the settings."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    team = forms.CharField(
        label=gettext_lazy("First team"), max_length=80,
        help_text=gettext_lazy("Who works on the tickets. You belong to it; more teams can follow."),
    )  # fmt: skip

    def whom(self) -> User:
        """The password may not resemble what was typed beside it."""
        return User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", ""))

    def brand_values(self, hours: OpeningHoursForm) -> dict[str, Any]:
        """What the brand begins with."""
        data = self.cleaned_data
        return {
            "name": data["brand"], "letters": data["letters"].upper(),
            "office_hours": {"timezone": data["timezone"], "weekly": hours.weekly()},
        }  # fmt: skip


class OpeningHoursForm(HoursForm):
    """A desk is open at some time."""

    needs_hours = True

    @classmethod
    def usual(cls) -> OpeningHoursForm:
        """Monday to Friday, nine to five."""
        return cls(initial=cls.typed(usual_week()), prefix="hours")
