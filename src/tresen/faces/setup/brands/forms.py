"""Brands: name, numbers, colour, hours, logo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.core.people.brands import LOGO_BYTES, WrongLogo, logo_type
from tresen.core.people.colours import accent_contrast
from tresen.core.people.form_fields import HoursForm, LanguageField, ZoneField
from tresen.core.people.models import Team
from tresen.core.people.office_hours import calendar
from tresen.faces.setup.saving import MarkedForm


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
        values = self.values()
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

    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False,
        help_text=gettext_lazy("PNG or JPEG, at most 512 KB. It is shown 32 pixels high."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip

    def clean_logo(self) -> bytes | None:
        """The bytes, if they are a logo."""
        file: UploadedFile | None = self.cleaned_data["logo"]
        if file is None:
            return None
        if (file.size or 0) > LOGO_BYTES:
            raise ValidationError(_("This file is larger than 512 KB."))
        data = file.read()
        try:
            logo_type(data)
        except WrongLogo as fault:
            raise ValidationError(_("This is neither a PNG nor a JPEG of a usable size.")) from fault
        return data
