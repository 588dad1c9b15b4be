"""Brands: name, numbers, colour, hours, logo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.brands import brand_values
from tresen.core.people.colours import accent_contrast
from tresen.core.people.form_fields import HoursForm, LanguageField, ZoneField
from tresen.core.people.hosts import host_name
from tresen.core.people.identities import is_phone
from tresen.core.people.models import LANGUAGES, Brand, Team
from tresen.core.people.office_hours import calendar
from tresen.faces.setup.picture_field import PictureField
from tresen.faces.setup.saving import MarkedForm, marked

CODES = [code for code, _name in LANGUAGES]


class PhoneField(forms.CharField):
    """A number one can dial, as it is to be read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}), **kwargs)

    def clean(self, value: Any) -> str:
        """The number as it was typed."""
        typed: str = super().clean(value)
        if typed and not is_phone(typed):
            raise ValidationError(_("This is no number one can dial."))
        return typed


class BrandForm(MarkedForm):
    """Everything of a brand but its hours and logo."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80,
        help_text=gettext_lazy("Stands in the portal and as the sender of mail."),
    )  # fmt: skip
    letters = forms.RegexField(
        r"^[A-Za-z]{1,3}$", label=gettext_lazy("Letters of ticket numbers"),
        help_text=gettext_lazy("One to three letters. They are fixed once there is a ticket."),
        error_messages={"invalid": gettext_lazy("One to three letters A–Z, please.")},
    )  # fmt: skip
    language = LanguageField(
        help_text=gettext_lazy("For customers whose language we do not know."),
    )  # fmt: skip
    timezone = ZoneField(help_text=gettext_lazy("The office hours are meant in it."))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the portal"), choices=LANGUAGES, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What visitors can choose at the foot of every page. Its own is always among them."),
    )  # fmt: skip
    host = forms.CharField(
        label=gettext_lazy("Host name of its own"), max_length=260, required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off", "inputmode": "url"}),
        help_text=gettext_lazy(
            "For example help.example.org. Let that name lead to this desk first (DNS, and the certificate of your"
            " proxy). Without one the brand is at the address of the desk."
        ),
    )  # fmt: skip
    phone = PhoneField(
        label=gettext_lazy("Telephone"), help_text=gettext_lazy("Stands in the portal beside the office hours.")
    )
    fax = PhoneField(label=gettext_lazy("Fax"))
    off_hours_en = forms.CharField(label="English", max_length=200, required=False)
    off_hours_de = forms.CharField(label="Deutsch", max_length=200, required=False)
    off_hours_pl = forms.CharField(label="Polski", max_length=200, required=False)
    accent_hue = forms.IntegerField(
        label=gettext_lazy("Hue"), min_value=0, max_value=360, initial=212,
        widget=forms.NumberInput(attrs={"type": "range", "step": 1, "class": "range hue"}),
    )  # fmt: skip
    accent_chroma = forms.FloatField(
        label=gettext_lazy("Strength"), min_value=0, max_value=0.2, initial=0.085,
        widget=forms.NumberInput(attrs={"type": "range", "step": 0.005, "class": "range"}),
    )  # fmt: skip
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team of new tickets"), required=False,
        empty_label=gettext_lazy("none: somebody sorts them"),
        help_text=gettext_lazy(
            "Gets tickets from the portal, by interface, by mail or by hand that name no team, where their category has"
            " none either. It gives them to its people in its own way. Without one they stay with nobody."
        ),
    )  # fmt: skip
    is_default = forms.BooleanField(
        label=gettext_lazy("The brand for everything that names no other"), required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"role": "switch"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = Team.objects.active().order_by("name")

    @classmethod
    def of(cls, brand: Brand) -> BrandForm:
        """Filled from the row."""
        texts = {f"off_hours_{code}": text for code, text in brand.off_hours.items()}
        return cls(initial={**marked(brand_values(brand)), **texts, "languages": brand.spoken})

    def clean_host(self) -> str:
        """As it is kept."""
        typed = str(self.cleaned_data["host"])
        try:
            return host_name(typed) if typed.strip() else ""
        except ValueError as fault:
            raise ValidationError(_("This is no host name. It looks like help.example.org.")) from fault

    def clean_letters(self) -> str:
        """Capital letters."""
        return str(self.cleaned_data["letters"]).upper()

    def clean(self) -> dict[str, Any]:
        """The words on buttons must stand out from the accent in both themes (WCAG 2.2, 1.4.3)."""
        cleaned: dict[str, Any] = super().clean() or {}
        hue, chroma = cleaned.get("accent_hue"), cleaned.get("accent_chroma")
        if hue is not None and chroma is not None and not accent_contrast(hue, chroma).is_enough:
            self.add_error("accent_chroma", _("Words could not be read on this colour. Choose a weaker one."))
        return cleaned

    def brand_values(self, hours: BrandHoursForm, before: dict[str, Any]) -> dict[str, Any]:
        """All values for the service, with the week that was typed."""
        values = self.values(*(f"off_hours_{code}" for code in CODES))
        texts = {code: self.cleaned_data[f"off_hours_{code}"].strip() for code in CODES}
        values["off_hours"] = {code: text for code, text in texts.items() if text}
        chosen = {*values["languages"], values["language"]}
        values["languages"] = [code for code in CODES if code in chosen]
        week = calendar(hours.weekly(), timezone=values["timezone"], before=before)
        return {**values, "office_hours": week}


class BrandHoursForm(HoursForm):
    """The week of a brand; it may be closed all the time."""

    @classmethod
    def of(cls, office_hours: dict[str, Any]) -> BrandHoursForm:
        """Filled from a brand's calendar."""
        return cls(initial=cls.typed(office_hours.get("weekly", {})), prefix="hours")


class LogoForm(forms.Form):
    """A PNG or JPEG."""

    logo = PictureField(
        label=gettext_lazy("Logo"), required=False,
        help_text=gettext_lazy("PNG or JPEG, at most 512 KB. It is shown 32 pixels high."),
    )  # fmt: skip
